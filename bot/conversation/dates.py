"""The next dates of an office, as a screen and as a file, and the reminders a person agrees to.

Payloads: `dates:LISTING`, `ics:LISTING[:BEGIN]`, `remind:LISTING:BEGIN[:WHEN[:yes]]`, `unremind:ID|all`.
BEGIN is when the office opens, in minutes since 1970.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.conversation import menu
from bot.conversation.calendar import calendar_file
from bot.conversation.card import address_lines, confirmation, contact_lines, hours_lines, map_button, title
from bot.conversation.context import BERLIN, Context, payload
from bot.conversation.markup import escape
from bot.conversation.openings import (
    Opening,
    closures_in_words,
    in_words,
    moment_in_words,
    opening_of,
    upcoming,
)
from bot.conversation.outcome import Outcome
from bot.conversation.session import Reminder, Shown
from bot.texts import N_
from bot.types import Button, Event, Reply
from services_directory.snapshot import Listing

LIMIT = 10
"""Reminders a conversation can have; the sentence that says so names the number."""
_LEAD = timedelta(minutes=5)
"""A reminder that would be due sooner than this is not offered."""
_FARTHEST = timedelta(days=170)
"""Nor one later than this: a session without messages is deleted after 180 days."""
_EVENING = time(18, 0)
_NUMBERS_A_ROW = 5


def _day_before(begin: datetime) -> datetime:
    return datetime.combine(begin.date() - timedelta(days=1), _EVENING, BERLIN)


def _two_hours_before(begin: datetime) -> datetime:
    return (begin.astimezone(UTC) - timedelta(hours=2)).astimezone(BERLIN)


_WHEN: dict[str, tuple[str, tuple[Callable[[datetime], datetime], ...]]] = {
    "day": (N_("🔔 The day before, at 18:00"), (_day_before,)),
    "hours": (N_("🔔 Two hours before"), (_two_hours_before,)),
    "both": (N_("🔔 Both"), (_day_before, _two_hours_before)),
}
"""The choices of when to remind: label, and the times that follow from an opening's begin."""


# The dates


def button(ctx: Context, listing: Listing) -> tuple[Button, ...]:
    """The button to the dates, where any are known."""
    if not upcoming(listing, ctx.now):
        return ()
    return (ctx.button(N_("📅 Dates, reminder"), payload("dates", listing.id)),)


def show(ctx: Context, listing_id: str) -> Outcome:
    """The next dates of an office."""
    listing = ctx.directory.get(listing_id)
    return _gone(ctx) if listing is None else screen(ctx, listing)


def screen(ctx: Context, listing: Listing, lead: str = "") -> Outcome:
    """The next dates under a sentence of the caller's; the office becomes what is spoken of."""
    shown = ctx.session.shown
    if shown is None or shown.listing_id != listing.id:
        shown = Shown(listing.id, listing.category, listing.office_kind)
    return ctx.say(dates_reply(ctx, listing, lead), shown=shown, asked="", misunderstood=0)


def next_to_remind_of(ctx: Context, listing: Listing, when: str = "") -> Outcome:
    """The next date that can be reminded of so, ready to be agreed to; all dates where there is none.

    `when` is one of the choices; without it the person is asked for that first.
    """
    seen = screen(ctx, listing)
    ctx = replace(ctx, session=seen.session)
    for opening in upcoming(listing, ctx.now):
        choices = _choices(ctx, opening)
        if when in choices:
            return _ask_agreement(ctx, listing, opening, when)
        if choices and not when:
            return _ask_when(ctx, listing, opening)
    return seen


def dates_reply(ctx: Context, listing: Listing, lead: str = "") -> Reply:
    """The next dates with the ways to keep them in mind."""
    found = upcoming(listing, ctx.now)
    blocks = [
        [lead] if lead else [],
        [title(listing), *hours_lines(ctx, listing)],
        _dates(ctx, listing, found),
        contact_lines(listing),
        [confirmation(ctx, listing)],
        [ctx.t("🔔 I can remind you. Choose a date:")] if _to_remind_of(ctx, found) else [],
    ]
    html = "\n\n".join("\n".join(block) for block in blocks if block)
    return Reply(html, _date_rows(ctx, listing, found))


def _dates(ctx: Context, listing: Listing, found: list[Opening]) -> list[str]:
    if not found:
        return []
    closures = closures_in_words(ctx, listing, found[-1].begin)
    return [
        ctx.t("📅 The next dates:"),
        *(f"• {in_words(ctx, listing, opening)}" for opening in found),
        *([ctx.t("🚫 Closed on these days:")] if closures else []),
        *(f"• {closure}" for closure in closures),
    ]


def _date_rows(ctx: Context, listing: Listing, found: list[Opening]) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = [
        (Button(f"🔔 {_on_button(ctx, opening)}", _remind(listing, opening)),)
        for opening in _to_remind_of(ctx, found)
    ]
    if found:
        rows.append((ctx.button(N_("🗓 For my calendar (.ics)"), payload("ics", listing.id)),))
    if ctx.session.reminders:
        rows.append((ctx.button(N_("🔔 My reminders"), "reminders"),))
    rows.append((*map_button(ctx, listing), ctx.button(N_("➡️ Another one"), "another")))
    rows.append(menu.back_row(ctx))
    return tuple(rows)


def _to_remind_of(ctx: Context, found: list[Opening]) -> list[Opening]:
    return [opening for opening in found if _choices(ctx, opening)]


def _on_button(ctx: Context, opening: Opening) -> str:
    return f"{ctx.texts.day(opening.begin.date())}, {ctx.texts.time(opening.begin)}"


def as_file(ctx: Context, arguments: list[str]) -> Outcome:
    """The next dates, or a single one, as a calendar file."""
    listing = ctx.directory.get(arguments[0])
    if listing is None:
        return _gone(ctx)
    if len(arguments) > 1:
        chosen = _opening(ctx, listing, arguments[1])
        found = [chosen] if chosen else []
    else:
        found = upcoming(listing, ctx.now)
    if not found:
        return _over(ctx, listing)
    dates = (f"• {in_words(ctx, listing, opening)}" for opening in found)
    caption = "\n".join((f"<b>{escape(listing.name[:200])}</b>", *dates, "", _open_file(ctx)))
    rows = ((ctx.button(N_("📅 Dates, reminder"), payload("dates", listing.id)), *menu.back_row(ctx)),)
    reply = Reply(caption, rows, document=calendar_file(ctx, listing, found))
    return ctx.say(reply, events=(Event("calendar_file", {"listing": listing.id}),))


def _open_file(ctx: Context) -> str:
    return ctx.t("🗓 Open this file. Your phone then adds the dates to your calendar.")


# Agreeing to a reminder


def remind(ctx: Context, arguments: list[str]) -> Outcome:
    """The steps to a reminder: which date, when, and the agreement."""
    listing_id, begin, when, agreed = (*arguments, "", "", "", "")[:4]
    listing = ctx.directory.get(listing_id)
    if listing is None:
        return _gone(ctx)
    opening = _opening(ctx, listing, begin)
    if opening is None:
        return _over(ctx, listing)
    if when not in _choices(ctx, opening):
        return _ask_when(ctx, listing, opening)
    if agreed != "yes":
        return _ask_agreement(ctx, listing, opening, when)
    return _promise(ctx, listing, opening, when)


def agree(ctx: Context) -> Outcome:
    """A yes in words to the agreement that was asked for."""
    return remind(ctx.with_session(pending=""), ctx.session.pending.split(":")[1:])


def decline(ctx: Context) -> Outcome:
    """A no in words: nothing is kept, the dates are still there."""
    return show(ctx.with_session(pending=""), ctx.session.pending.split(":")[1])


def _ask_when(ctx: Context, listing: Listing, opening: Opening) -> Outcome:
    choices = _choices(ctx, opening)
    if choices:
        question = ctx.t("When shall I remind you?")
    else:
        question = ctx.t("I cannot remind you of this date: it begins too soon, or it is too far away.")
    rows: list[tuple[Button, ...]] = [
        (ctx.button(_WHEN[when][0], payload(_remind(listing, opening), when)),) for when in choices
    ]
    rows.append((ctx.button(N_("🗓 For my calendar (.ics)"), payload("ics", listing.id, _minutes(opening))),))
    rows.append((ctx.button(N_("◀️ Other dates"), payload("dates", listing.id)), *menu.back_row(ctx)))
    html = f"{_headed(ctx, listing, opening)}\n\n{question}"
    return ctx.say(Reply(html, tuple(rows), replaces=True))


def _ask_agreement(ctx: Context, listing: Listing, opening: Opening, when: str) -> Outcome:
    """In plain words: when the bot writes, and what it keeps for that."""
    yes = payload(_remind(listing, opening), when, "yes")
    lines = (
        _headed(ctx, listing, opening),
        "",
        *_promised(ctx, _dues(ctx, opening, when)),
        "",
        ctx.t("I only remind you. I do not book an appointment."),
        ctx.t("Until then I keep the address of this chat, encrypted. Do you agree?"),
    )
    rows = (
        (ctx.button(N_("✅ Yes, remind me"), yes),),
        (ctx.button(N_("No"), payload("dates", listing.id)),),
    )
    return ctx.say(Reply("\n".join(lines), rows, replaces=True), asked="reminder", pending=yes)


def _promise(ctx: Context, listing: Listing, opening: Opening, when: str) -> Outcome:
    wanted = [_reminder(listing, opening, due) for due in _dues(ctx, opening, when)]
    had = current(ctx)
    new = [reminder for reminder in wanted if reminder.id not in {one.id for one in had}]
    if len(had) + len(new) > LIMIT:
        return _listed(ctx, ctx.t("I can keep up to 10 reminders for you. Please cancel one first."))
    lines = (
        ctx.t("✅ Agreed."),
        _headed(ctx, listing, opening),
        "",
        *_promised(ctx, _dues(ctx, opening, when)),
        "",
        ctx.t("If the date changes, I tell you. You can see and cancel your reminders here: /reminders"),
    )
    rows = (
        (ctx.button(N_("🗓 For my calendar (.ics)"), payload("ics", listing.id, _minutes(opening))),),
        (ctx.button(N_("🔔 My reminders"), "reminders"), *menu.back_row(ctx)),
    )
    event = Event("reminder_agreed", {"listing": listing.id, "when": when})
    reply = Reply("\n".join(lines), rows, replaces=True)
    return ctx.say(reply, events=(event,), reminders=(*had, *new), pending="", misunderstood=0)


def _headed(ctx: Context, listing: Listing, opening: Opening) -> str:
    return "\n".join((title(listing), *address_lines(listing), f"📅 {in_words(ctx, listing, opening)}"))


def _promised(ctx: Context, dues: Iterable[datetime]) -> list[str]:
    return [ctx.t("🔔 I write to you:"), *(f"• {moment_in_words(ctx, due)}" for due in dues)]


def _choices(ctx: Context, opening: Opening) -> list[str]:
    """The choices of when to remind that are still possible."""
    return [when for when, (_, times) in _WHEN.items() if len(_dues(ctx, opening, when)) == len(times)]


def _dues(ctx: Context, opening: Opening, when: str) -> list[datetime]:
    dues = (due_before(opening.begin) for due_before in _WHEN[when][1])
    return [due for due in dues if _LEAD <= due - ctx.now.astimezone(UTC) <= _FARTHEST]


def _reminder(listing: Listing, opening: Opening, due: datetime) -> Reminder:
    """The same promise always has the same id, so that agreeing twice is agreeing once."""
    said = f"{listing.id}:{opening.begin.isoformat()}:{due.isoformat()}"
    name = hashlib.blake2b(said.encode(), digest_size=6).hexdigest()
    return Reminder(name, listing.id, opening.begin.isoformat(), due.isoformat(), listing.name)


def _opening(ctx: Context, listing: Listing, minutes: str) -> Opening | None:
    """The opening a button of this or an older message means, while it is still to come."""
    if not minutes.isdecimal() or len(minutes) > 9:
        return None
    begin = datetime.fromtimestamp(int(minutes) * 60, UTC).astimezone(BERLIN)
    opening = opening_of(listing, begin)
    return opening if opening and opening.begin == begin and begin > ctx.now.astimezone(UTC) else None


def _minutes(opening: Opening) -> int:
    return int(opening.begin.timestamp()) // 60


def _remind(listing: Listing, opening: Opening) -> str:
    return payload("remind", listing.id, _minutes(opening))


def _over(ctx: Context, listing: Listing) -> Outcome:
    return screen(ctx, listing, ctx.t("This date is over, or it has changed."))


def _gone(ctx: Context) -> Outcome:
    return ctx.say(menu.menu(ctx, ctx.t("I no longer have this office. What do you need?")))


# Listing and cancelling


def listed(ctx: Context) -> Outcome:
    """/reminders: what was promised, each with a way to cancel it."""
    return _listed(ctx)


def cancel(ctx: Context, arguments: list[str]) -> Outcome:
    """Cancel one reminder, or all of them."""
    had = current(ctx)
    left = tuple(one for one in had if arguments != ["all"] and one.id != arguments[0])
    if len(left) == len(had):
        return _listed(ctx, ctx.t("This reminder is no longer there."), replaces=True)
    events = tuple(Event("reminder_cancelled", {"listing": one.listing_id}) for one in had if one not in left)
    return _listed(ctx.with_session(reminders=left), ctx.t("Cancelled."), replaces=True).also(*events)


def current(ctx: Context) -> tuple[Reminder, ...]:
    """The reminders of openings that have not begun, in the order they are due."""
    standing = (one for one in ctx.session.reminders if datetime.fromisoformat(one.begin) > ctx.now)
    return tuple(sorted(standing, key=lambda one: datetime.fromisoformat(one.due)))


def _listed(ctx: Context, lead: str = "", *, replaces: bool = False) -> Outcome:
    found = current(ctx)
    if not found:
        none = ctx.t("You have no reminders. On the card of an office, press “📅 Dates, reminder”.")
        html = "\n\n".join(part for part in (lead, none) if part)
        return ctx.say(Reply(html, (menu.back_row(ctx),), replaces=replaces), reminders=())
    entries = (_entry(ctx, number, one) for number, one in enumerate(found, 1))
    blocks = (lead, ctx.t("🔔 Your reminders"), *entries, ctx.t("To cancel one, press its number."))
    html = "\n\n".join(block for block in blocks if block)
    return ctx.say(Reply(html, _cancel_rows(ctx, found), replaces=replaces), reminders=found)


def _entry(ctx: Context, number: int, reminder: Reminder) -> str:
    begin, due = (datetime.fromisoformat(moment) for moment in (reminder.begin, reminder.due))
    return "\n".join(
        (
            f"<b>{number}.</b> {escape(reminder.office)}",
            f"📅 {moment_in_words(ctx, begin)}",
            f"{ctx.t('🔔 I write to you:')} {moment_in_words(ctx, due)}",
        )
    )


def _cancel_rows(ctx: Context, found: tuple[Reminder, ...]) -> tuple[tuple[Button, ...], ...]:
    single = [Button(f"✖️ {number}", payload("unremind", one.id)) for number, one in enumerate(found, 1)]
    rows = [tuple(single[start : start + _NUMBERS_A_ROW]) for start in range(0, len(single), _NUMBERS_A_ROW)]
    return (*rows, (ctx.button(N_("✖️ Cancel all"), "unremind:all"),), menu.back_row(ctx))
