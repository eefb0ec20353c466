"""What staff tell people and people tell staff, as the console does it on a real Redis and database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from bot import keys
from bot.bulletin import LAND, MAX_A_WEEK, MAX_TEXT, Bulletin
from console.outreach.models import Notice, Report
from console.outreach.notices import NotNowError, collect_results, hand_over, recall, recipients
from console.outreach.reports import collect_reports
from services_directory.background import Repeated
from tests.directory_factory import HEIDELBERG, MANNHEIM, stored

pytestmark = pytest.mark.django_db

SUBSCRIBERS = {
    "a": f"{HEIDELBERG}:uk",
    "b": f"{HEIDELBERG}:uk",
    "c": f"{HEIDELBERG}:de",
    "d": f"{MANNHEIM}:ru",
}
ADDRESS = "/admin/outreach/notice/"


@pytest.fixture
def client_of_redis(valkey: str, settings: Any) -> Iterator[redis.Redis]:
    settings.REDIS_URL = valkey
    with redis.Redis.from_url(valkey) as connection:
        connection.hset(keys.NOTICE_SUBSCRIBERS, mapping=SUBSCRIBERS)
        yield connection


@pytest.fixture
def no_redis(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def a_notice(**fields: Any) -> Notice:
    fields = {"district_ags": HEIDELBERG, "text_de": "Heute geschlossen.", **fields}
    notice = Notice(**fields)
    notice.full_clean()
    notice.save()
    return notice


def at(**later: int) -> dict[str, Any]:
    """The times of a notice that goes out so much later."""
    moment = timezone.now() + timedelta(**later)
    return {"send_at": moment, "valid_until": moment + timedelta(days=1)}


def handed_over(connection: redis.Redis, notice: Notice) -> Bulletin:
    raw = connection.get(keys.notice(notice.id))
    assert isinstance(raw, bytes)
    return Bulletin.from_json(raw)


# Writing


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"text_de": ""}, "Dieses Feld"),
        ({"text_de": "x" * (MAX_TEXT + 1)}, "höchstens 1000 Zeichen, jetzt sind es 1001"),
        ({"text_uk": "<b>Зачинено</b>"}, "kein HTML"),
        ({"text_de": "Heute&nbsp;zu"}, "kein HTML"),
        ({"text_de": "Fragen Sie Frau Müller."}, "keine Namen von Personen"),
        ({"district_ags": "99999"}, "keine gültige"),
        ({"district_ags": ""}, "Dieses Feld"),
        ({"valid_until": timezone.now() - timedelta(hours=1)}, "Gültigkeit"),
        ({"send_at": timezone.now() + timedelta(days=3)}, "Gültigkeit"),
    ],
)
def test_a_notice_that_cannot_be_sent_is_refused_in_plain_german(
    fields: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        a_notice(**fields)
    assert complaint in str(refusal.value)


@pytest.mark.parametrize("text", ["3 < 5 & 7 > 6", "x" * MAX_TEXT, "Mo-Fr 8-12 Uhr\r\nTel. 115"])
def test_plain_text_is_accepted(text: str) -> None:
    assert a_notice(text_de=text).text_de == text.replace("\r\n", "\n")


# Counting and sending


def test_a_dry_run_counts_by_language_and_changes_nothing(
    client_of_redis: redis.Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    notice = a_notice()
    before = client_of_redis.keys("*")
    call_command("notice", "--dry-run", notice.id)
    assert "Heidelberg: 3 Personen (ukrainisch: 2, deutsch: 1)" in capsys.readouterr().out
    assert client_of_redis.keys("*") == before
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == ("draft", None)


def test_the_whole_land_is_everybody_who_asked_for_any_district(client_of_redis: redis.Redis) -> None:
    assert recipients(a_notice(district_ags=LAND)) == {"uk": 2, "de": 1, "ru": 1}


def test_the_command_hands_it_over_once(client_of_redis: redis.Redis) -> None:
    listing = stored()
    notice = a_notice(text_uk="Сьогодні зачинено.", listing=listing)
    call_command("notice", notice.id)
    bulletin = handed_over(client_of_redis, notice)
    assert (bulletin.ags, bulletin.listing) == (HEIDELBERG, listing.public_id)
    assert bulletin.texts == {"de": "Heute geschlossen.", "uk": "Сьогодні зачинено."}
    assert client_of_redis.zcard(keys.NOTICES_DUE) == 1
    with pytest.raises(CommandError, match="schon abgeschickt"):
        call_command("notice", notice.id)


def test_sent_for_later_it_is_due_then(client_of_redis: redis.Redis) -> None:
    later = timezone.now() + timedelta(hours=5)
    notice = a_notice(send_at=later)
    hand_over(notice)
    assert client_of_redis.zscore(keys.NOTICES_DUE, notice.id) == pytest.approx(later.timestamp())


def test_without_redis_it_stays_a_draft(no_redis: None) -> None:
    notice = a_notice()
    with pytest.raises(CommandError, match="Redis"):
        call_command("notice", notice.id)
    notice.refresh_from_db()
    assert notice.state == "draft"


def test_an_unknown_id_is_said(client_of_redis: redis.Redis) -> None:
    with pytest.raises(CommandError, match="keine Nachricht"):
        call_command("notice", "nothere")


def test_nobody_gets_more_in_a_week_than_promised(client_of_redis: redis.Redis) -> None:
    for number in range(MAX_A_WEEK):
        hand_over(a_notice(district_ags=LAND if number else HEIDELBERG))
    with pytest.raises(NotNowError, match="höchstens 3"):
        hand_over(a_notice())
    with pytest.raises(NotNowError, match="Heidelberg"):
        hand_over(a_notice(district_ags=LAND))
    hand_over(a_notice(district_ags=MANNHEIM))
    hand_over(later := a_notice(**at(days=7, minutes=1)))
    hand_over(a_notice(**at(days=8)))
    hand_over(a_notice(**at(days=9)))
    for day in (6, 10):
        with pytest.raises(NotNowError):
            hand_over(a_notice(**at(days=day)))
    recall(later)
    hand_over(a_notice(**at(days=10)))


def test_a_notice_out_of_date_is_not_sent(client_of_redis: redis.Redis) -> None:
    notice = a_notice()
    Notice.objects.update(valid_until=timezone.now() - timedelta(minutes=1))
    notice.refresh_from_db()
    with pytest.raises(NotNowError, match="vorbei"):
        hand_over(notice)


def test_what_became_of_it_is_noted(client_of_redis: redis.Redis) -> None:
    notice = a_notice()
    hand_over(notice)
    collect_results()
    client_of_redis.hset(
        keys.notice_progress(notice.id), mapping={"sent": 2, "skipped": 1, "ended": "finished"}
    )
    collect_results()
    notice.refresh_from_db()
    assert (notice.sent, notice.skipped, notice.ending) == (2, 1, "finished")


def test_taken_back_it_goes_to_nobody_else(client_of_redis: redis.Redis) -> None:
    notice = a_notice()
    hand_over(notice)
    client_of_redis.hset(keys.notice_progress(notice.id), mapping={"sent": 2, "cursor": "b"})
    recall(notice)
    assert not client_of_redis.exists(keys.NOTICES_DUE, keys.notice(notice.id))
    assert client_of_redis.hgetall(keys.notice_progress(notice.id)) == {b"sent": b"2", b"ended": b"recalled"}
    collect_results()
    notice.refresh_from_db()
    assert (notice.state, notice.sent, notice.ending) == ("recalled", 2, "recalled")
    with pytest.raises(NotNowError):
        recall(notice)


# In the console


def test_the_pages_open(admin_client: Client, client_of_redis: redis.Redis) -> None:
    notice = a_notice()
    for page in (
        "",
        "?q=Heute",
        f"?district={HEIDELBERG}",
        "add/",
        f"{notice.pk}/change/",
        f"{notice.pk}/history/",
    ):
        assert admin_client.get(ADDRESS + page).status_code == 200, page


def test_staff_see_the_count_before_anything_is_sent(
    admin_client: Client, client_of_redis: redis.Redis
) -> None:
    notice = a_notice()
    page = admin_client.get(f"{ADDRESS}{notice.pk}/send/").content.decode()
    assert "3 Personen (ukrainisch: 2, deutsch: 1)" in page
    assert "Keine Übersetzung" in page
    assert not client_of_redis.exists(keys.NOTICES_DUE)
    answer = admin_client.post(f"{ADDRESS}{notice.pk}/send/", follow=True).content.decode()
    assert "Erledigt: Abschicken." in answer
    assert client_of_redis.zcard(keys.NOTICES_DUE) == 1
    again = admin_client.post(f"{ADDRESS}{notice.pk}/send/", follow=True).content.decode()
    assert "schon abgeschickt" in again
    assert "Zugestellt bisher: 0." in admin_client.get(f"{ADDRESS}{notice.pk}/recall/").content.decode()
    assert client_of_redis.zcard(keys.NOTICES_DUE) == 1, "looking changes nothing"
    admin_client.post(f"{ADDRESS}{notice.pk}/recall/")
    assert not client_of_redis.exists(keys.NOTICES_DUE)


def test_who_wrote_it_is_noted_and_what_was_sent_stays_as_it_is(
    admin_client: Client, client_of_redis: redis.Redis
) -> None:
    until = timezone.localtime(timezone.now() + timedelta(days=1))
    form = {
        "text_de": "Neu: Sprechstunde",
        "district_ags": HEIDELBERG,
        "valid_until_0": f"{until:%d.%m.%Y}",
        "valid_until_1": f"{until:%H:%M}",
    }
    admin_client.post(f"{ADDRESS}add/", form)
    notice = Notice.objects.get()
    assert notice.created_by and notice.created_by.get_username() == "admin"
    hand_over(notice)
    admin_client.post(f"{ADDRESS}{notice.pk}/change/", {**form, "text_de": "anders"})
    assert admin_client.post(f"{ADDRESS}{notice.pk}/delete/", {"post": "yes"}).status_code == 403
    notice.refresh_from_db()
    assert notice.text_de == "Neu: Sprechstunde"


def test_history_is_to_look_at_and_brings_no_draft_back(
    admin_client: Client, client: Client, client_of_redis: redis.Redis, viewer: Any
) -> None:
    notice = a_notice()
    hand_over(notice)
    page = f"{ADDRESS}{notice.pk}/history/{notice.history.earliest().pk}/"
    form = {
        "text_de": "anders",
        "district_ags": HEIDELBERG,
        "valid_until_0": "01.01.2100",
        "valid_until_1": "10:00",
    }
    assert admin_client.get(page).status_code == 200
    assert admin_client.post(page, form).status_code == 403
    client.force_login(viewer)
    assert client.post(page, form).status_code == 403
    notice.refresh_from_db()
    assert (notice.state, notice.text_de) == (Notice.State.SENT, "Heute geschlossen.")


def test_without_redis_the_console_says_so(admin_client: Client, no_redis: None) -> None:
    notice = a_notice()
    for path in ("send", "recall"):
        page = admin_client.post(f"{ADDRESS}{notice.pk}/{path}/", follow=True).content.decode()
        assert "nicht zu erreichen" in page or "nur eine Nachricht" in page


def test_whoever_may_only_look_cannot_send(client: Client, client_of_redis: redis.Redis, viewer: Any) -> None:
    notice = a_notice()
    client.force_login(viewer)
    for path in ("send", "recall"):
        assert client.post(f"{ADDRESS}{notice.pk}/{path}/").status_code == 403
    assert not client_of_redis.exists(keys.NOTICES_DUE)


@pytest.fixture
def viewer(django_user_model: Any) -> Any:
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_notice"))
    return user


# Reports


def reported(connection: redis.Redis, key: str = "k1", **fields: str) -> None:
    connection.xadd(keys.REPORTS, {"listing": "", "topic": "", "reason": "phone", "key": key, **fields})


def test_a_report_is_stored_with_its_district_and_leaves_the_stream(client_of_redis: redis.Redis) -> None:
    stored()
    reported(client_of_redis, "k1", listing="a1")
    reported(client_of_redis, "k2", topic="ask_housing", reason="outdated")
    reported(client_of_redis, "k3", listing="gone", reason="nonsense")
    collect_reports()
    found = [(r.listing, r.topic, r.district_ags, r.reason, r.state) for r in Report.objects.order_by("key")]
    assert found == [
        ("a1", "", HEIDELBERG, "phone", "open"),
        ("", "ask_housing", "", "outdated", "open"),
        ("gone", "", "", "other", "open"),
    ]
    assert client_of_redis.xlen(keys.REPORTS) == 0


def test_a_report_that_comes_twice_is_stored_once(client_of_redis: redis.Redis) -> None:
    for _ in range(2):
        reported(client_of_redis)
        collect_reports()
    reported(client_of_redis, "k2")
    reported(client_of_redis, "k2")
    collect_reports()
    assert Report.objects.count() == 2


def test_what_waits_while_redis_is_away_is_stored_later(
    client_of_redis: redis.Redis, settings: Any, valkey: str
) -> None:
    reported(client_of_redis)
    collecting = Repeated("collecting reports", collect_reports)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    collecting.step()
    assert Report.objects.count() == 0
    settings.REDIS_URL = valkey
    collecting.step()
    assert Report.objects.count() == 1


def test_staff_find_reports_by_district_and_settle_them(
    admin_client: Client, client_of_redis: redis.Redis, rf: Callable[..., Any]
) -> None:
    listing = stored()
    reported(client_of_redis, "k1", listing="a1")
    reported(client_of_redis, "k2", topic="ask_housing")
    collect_reports()
    address = "/admin/outreach/report/"
    page = admin_client.get(f"{address}?district={HEIDELBERG}&state__exact=open").content.decode()
    assert "Integrationsmanagement (a1)" in page
    assert f"/serviceatlocation/{listing.pk}/change/" in page
    assert "Antwort:" not in page
    assert "Antwort:" in admin_client.get(address).content.decode()
    report = Report.objects.get(key="k1")
    admin_client.post(address, {"action": "mark_done", "_selected_action": [report.pk]})
    report.refresh_from_db()
    assert (report.state, report.done_by and report.done_by.get_username()) == ("done", "admin")
    assert report.done_at
    assert admin_client.get(f"{address}add/").status_code == 403
    assert admin_client.get(f"{address}{report.pk}/change/").status_code == 200
