"""At the time of a reminder, or when the directory changed: say what was promised, as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.conversation import menu
from bot.conversation.card import card, door_lines, map_button
from bot.conversation.context import Context, payload
from bot.conversation.dates import dates_reply
from bot.conversation.markup import escape
from bot.conversation.openings import in_words, moment_in_words, opening_of
from bot.conversation.outcome import Outcome
from bot.conversation.session import Reminder
from bot.texts import N_
from bot.types import Button, Event, Reply
from services_directory.search import DirectoryIndex, Match


def still_holds(directory: DirectoryIndex, reminder: Reminder) -> bool:
    """Whether the office is still open at the time the reminder is for, as far as can be seen."""
    if not directory.snapshot.listings:
        return True
    listing = directory.get(reminder.listing_id)
    return listing is not None and opening_of(listing, _begin(reminder)) is not None


def broken(directory: DirectoryIndex, reminders: Iterable[Reminder], now: datetime) -> list[Reminder]:
    """Those of openings to come at which the office will not be open."""
    return [one for one in reminders if _begin(one) > now and not still_holds(directory, one)]


def remind(ctx: Context, reminder_id: str) -> Outcome:
    """A reminder is due. One that comes too late to help anybody is dropped without a word."""
    reminder = next((one for one in ctx.session.reminders if one.id == reminder_id), None)
    if reminder is None:
        return Outcome((), ctx.session)
    if _begin(reminder) <= ctx.now:
        return ctx.say(reminders=_without(ctx, [reminder]))
    if not still_holds(ctx.directory, reminder):
        return _void(ctx, [one for one in ctx.session.reminders if _same_opening(one, reminder)])
    # After a time without the bot two reminders of one opening may be due at once: one says it all.
    said = [one for one in ctx.session.reminders if _same_opening(one, reminder) and _is_due(ctx, one)]
    event = Event("reminder_sent", {"listing": reminder.listing_id})
    return ctx.say(_reminder(ctx, reminder), events=(event,), reminders=_without(ctx, [*said, reminder]))


def recheck(ctx: Context, _: str) -> Outcome:
    """The directory changed: reminders that no longer hold are taken back at once."""
    return _void(ctx, broken(ctx.directory, ctx.session.reminders, ctx.now))


def _reminder(ctx: Context, reminder: Reminder) -> Reply:
    listing = ctx.directory.get(reminder.listing_id)
    opening = opening_of(listing, _begin(reminder)) if listing else None
    if listing is None or opening is None:
        return _unseen(ctx, reminder)
    heading = ctx.t("🔔 Reminder: {when}", when=in_words(ctx, listing, opening))
    rows: list[tuple[Button, ...]] = [
        map_button(ctx, listing),
        (ctx.button(N_("📅 More dates"), payload("dates", listing.id)),),
        (ctx.button(N_("⚠️ Wrong here?"), payload("wrong", listing.id)), *menu.back_row(ctx)),
    ]
    html = f"<b>{heading}</b>\n\n{card(ctx, Match(listing, 'district'))}"
    return Reply(html, tuple(row for row in rows if row))


def _unseen(ctx: Context, reminder: Reminder) -> Reply:
    """The directory is away: what was promised is said with what is known."""
    lines = (
        f"<b>{ctx.t('🔔 Reminder: {when}', when=moment_in_words(ctx, _begin(reminder)))}</b>",
        escape(reminder.office),
        ctx.t("⚠️ I cannot look this office up right now. Please call before you go."),
    )
    return Reply("\n".join(lines), (menu.back_row(ctx),))


def _void(ctx: Context, void: list[Reminder]) -> Outcome:
    """Say of each office what no longer holds, and what does."""
    left = ctx.with_session(reminders=_without(ctx, void))
    offices = dict.fromkeys(one.listing_id for one in void)
    replies = [
        _taken_back(left, listing_id, [one for one in void if one.listing_id == listing_id])
        for listing_id in offices
    ]
    events = (Event("reminder_void", {"listing": listing_id}) for listing_id in offices)
    return left.say(*replies, events=tuple(events))


def _taken_back(ctx: Context, listing_id: str, void: list[Reminder]) -> Reply:
    listing = ctx.directory.get(listing_id)
    begins = sorted({_begin(one) for one in void})
    dates = [f"• {moment_in_words(ctx, begin)}" for begin in begins]
    if listing is None:
        return _office_gone(ctx, void[0].office, dates)
    lead = (
        ctx.t("⚠️ The opening hours have changed. The office is closed at this time:"),
        *dates,
        ctx.t("I have cancelled your reminder. Please call before you go."),
    )
    return dates_reply(ctx, listing, "\n".join(lead))


def _office_gone(ctx: Context, name: str, dates: list[str]) -> Reply:
    """Nothing is known any more but the name: the district's own door can say more."""
    lines = [
        ctx.t("⚠️ I no longer have this office. Your date there may not take place:"),
        f"<b>{escape(name)}</b>",
        *dates,
        ctx.t("I have cancelled your reminder. Please ask before you go."),
    ]
    central = ctx.directory.central_contact(ctx.session.place.ags) if ctx.session.place else None
    if central:
        lines += ["", *door_lines(ctx, central)]
    rows = (
        (ctx.button(N_("🧭 Integration manager"), "find:integration_management"),),
        menu.person_row(ctx),
    )
    return Reply("\n".join(lines), rows)


def _without(ctx: Context, gone: Iterable[Reminder]) -> tuple[Reminder, ...]:
    ids = {one.id for one in gone}
    return tuple(one for one in ctx.session.reminders if one.id not in ids)


def _same_opening(one: Reminder, other: Reminder) -> bool:
    return one.listing_id == other.listing_id and _begin(one) == _begin(other)


def _is_due(ctx: Context, reminder: Reminder) -> bool:
    return datetime.fromisoformat(reminder.due) <= ctx.now


def _begin(reminder: Reminder) -> datetime:
    return datetime.fromisoformat(reminder.begin)
