"""From the console to the bot: whom a notice would reach, handing it over, and what became of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import cast

from django.db.models import Q
from django.utils import timezone

from bot import keys
from bot.bulletin import LAND, MAX_A_WEEK
from console.outreach.models import Notice
from gazetteer.districts import districts
from services_directory.publish import redis_client

_WEEK = timedelta(days=7)
_KEPT = timedelta(seconds=keys.NOTICE_RESULT_S)


class NotNowError(Exception):
    """The notice cannot be sent, with the reason in German."""


def recipients(notice: Notice) -> Counter[str]:
    """How many would get the notice now, by language. Changes nothing. Raises redis.RedisError."""
    bulletin, counts = notice.bulletin(), Counter[str]()
    with redis_client() as client:
        subscriptions = cast(list[bytes], client.hvals(keys.NOTICE_SUBSCRIBERS))
    for subscription in subscriptions:
        district, _, language = subscription.decode().partition(":")
        if bulletin.concerns(district):
            counts[language] += 1
    return counts


def check(notice: Notice) -> None:
    """Raise NotNowError where the notice was sent before, is out of date, or is one too many."""
    if notice.state != Notice.State.DRAFT:
        raise NotNowError(f"Diese Nachricht ist schon {notice.get_state_display()}.")
    if notice.valid_until <= max(timezone.now(), notice.goes_out_at):
        raise NotNowError("Die Gültigkeit dieser Nachricht ist vorbei.")
    if (ags := _crowded(notice)) is not None:
        name = districts()[ags].name_de
        raise NotNowError(
            f"{name}: Menschen bekommen höchstens {MAX_A_WEEK} Nachrichten in 7 Tagen, so ist es versprochen."
        )


def hand_over(notice: Notice) -> None:
    """Give the notice to the bot, which begins when its time has come.

    Raises NotNowError, and redis.RedisError where Redis does not take it; the notice then stays a draft.
    A crash in between leaves a draft that may be handed over again: nobody gets it twice.
    """
    check(notice)
    bulletin = notice.bulletin()
    with redis_client() as client, client.pipeline(transaction=True) as pipe:
        pipe.set(keys.notice(notice.id), bulletin.to_json(), exat=bulletin.until + _KEPT)
        pipe.zadd(keys.NOTICES_DUE, {notice.id: notice.goes_out_at.timestamp()})
        pipe.execute()
    notice.state, notice.sent_at = Notice.State.SENT, timezone.now()
    notice.save()


def recall(notice: Notice) -> None:
    """Take the notice back from those who have not got it yet. Raises NotNowError and redis.RedisError."""
    if notice.state != Notice.State.SENT or notice.ending:
        raise NotNowError("Zurückziehen lässt sich nur eine Nachricht, die noch unterwegs ist.")
    progress = keys.notice_progress(notice.id)
    with redis_client() as client, client.pipeline(transaction=True) as pipe:
        pipe.zrem(keys.NOTICES_DUE, notice.id)
        pipe.hdel(progress, "cursor")
        pipe.hsetnx(progress, "ended", "recalled")
        pipe.expire(progress, keys.NOTICE_RESULT_S)
        pipe.delete(keys.notice(notice.id))
        pipe.execute()
    notice.state = Notice.State.RECALLED
    notice.save()


def collect_results() -> None:
    """Note how many got each notice that is under way. Raises redis.RedisError."""
    still_known = timezone.now() - _KEPT
    under_way = Notice.objects.exclude(state=Notice.State.DRAFT).filter(
        ending="", valid_until__gt=still_known
    )
    if not under_way:
        return
    with redis_client() as client:
        for notice in under_way:
            progress = cast(dict[bytes, bytes], client.hgetall(keys.notice_progress(notice.id)))
            found = {name.decode(): value.decode() for name, value in progress.items()}
            sent, skipped, ending = (
                int(found.get("sent", 0)),
                int(found.get("skipped", 0)),
                found.get("ended", ""),
            )
            if (sent, skipped, ending) != (notice.sent, notice.skipped, notice.ending):
                under_way.filter(pk=notice.pk).update(sent=sent, skipped=skipped, ending=ending)


def _crowded(notice: Notice) -> str | None:
    """A district whose people would get more within some seven days than is promised."""
    week = (notice.goes_out_at - _WEEK, notice.goes_out_at + _WEEK)
    about = Q(send_at__range=week) | Q(send_at__isnull=True, sent_at__range=week)
    others = Notice.objects.filter(about).exclude(pk=notice.pk).exclude(state=Notice.State.DRAFT)
    sent = [(other.district_ags, other.goes_out_at) for other in others if other.counts]
    for ags in districts() if notice.district_ags == LAND else (notice.district_ags,):
        times = sorted((notice.goes_out_at, *(at for area, at in sent if area in (ags, LAND))))
        if any(late - early < _WEEK for early, late in zip(times, times[MAX_A_WEEK:], strict=False)):
            return ags
    return None
