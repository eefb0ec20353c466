"""Was that it? Thumbs under an answer, and a way on for each reason why not. No free text is stored."""

from __future__ import annotations

from collections.abc import Callable

from bot.answers import Answer, answers
from bot.conversation import menu, offers, reports
from bot.conversation.context import Context, payload
from bot.conversation.labels import door
from bot.conversation.local_office import local_office, office_wish
from bot.conversation.markup import escape
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Event, Reply

REASONS: dict[str, str] = {
    "question": N_("Not what I asked"),
    "wrong": N_("Something is wrong or old"),
    "complicated": N_("Too complicated"),
    "noanswer": N_("Nobody answers there"),
    "other": N_("Something else"),
}
"""Why an answer did not help, as it stands in the event `feedback_negative`."""

_COUNSELLOR = Wish("integration_management")


def thumbs(ctx: Context, topic: str) -> tuple[Button, ...]:
    """The two buttons under an answer."""
    return (Button("👍", payload("good", topic)), Button("👎", payload("bad", topic)))


def good(ctx: Context, topic: str) -> Outcome:
    """It helped: a word of thanks, and what may come next."""
    found = answers().get(topic)
    if found is None:
        return menu.show_menu(ctx)
    rows = (*menu.related(ctx, found), menu.person_row(ctx))
    reply = Reply(ctx.t("Thank you, good to know. What else do you need?"), rows)
    return ctx.say(reply, events=(Event("feedback_positive", {"topic": topic}),), misunderstood=0, topic="")


def ask_why(ctx: Context, topic: str) -> Outcome:
    """It did not help: the reason, by button."""
    if topic not in answers():
        return menu.show_menu(ctx)
    rows = tuple((ctx.button(label, payload("why", reason, topic)),) for reason, label in REASONS.items())
    return ctx.say(
        Reply(ctx.t("I am sorry. What was missing?"), (*rows, menu.back_row(ctx))), misunderstood=0
    )


def why(ctx: Context, reason: str, topic: str) -> Outcome:
    """Record the reason and show the way on that fits it."""
    found = answers().get(topic)
    if found is None or reason not in _WAYS:
        return menu.show_menu(ctx)
    event = Event("feedback_negative", {"topic": topic, "reason": reason})
    return _WAYS[reason](ctx, found).also(event)


def _another_question(ctx: Context, found: Answer) -> Outcome:
    html = ctx.t("Perhaps you mean one of these. Or write your question in other words:")
    return _say(ctx, html, *menu.related(ctx, found), (ctx.button(N_("❓ Questions"), "topics"),))


def _wrong(ctx: Context, found: Answer) -> Outcome:
    return reports.ask(ctx, found.intent)


def _simpler(ctx: Context, found: Answer) -> Outcome:
    """The first step alone, and people who explain the rest."""
    first_step = escape(found.wordings[ctx.language].steps[0])
    counsellor = local_office(ctx, _COUNSELLOR)
    blocks = [
        ctx.t("Begin with this step:") + f" <b>{first_step}</b>",
        ctx.t("The integration management explains everything else to you in person."),
        *([counsellor.html] if counsellor else []),
    ]
    return _say(
        ctx, "\n\n".join(blocks), (ctx.button(N_("🧭 Integration manager"), "find:integration_management"),)
    )


def _nobody_answers(ctx: Context, found: Answer) -> Outcome:
    """Another way in: the next office, and the central contact."""
    wish = office_wish(found)
    html = ctx.t("Try in the morning, or write an e-mail. You can also go there in the opening hours.")
    label = "🏛 " + ctx.t(door(wish.category, wish.office_kind).label)
    rows: list[tuple[Button, ...]] = [(Button(label, payload("find", wish.category, wish.office_kind)),)]
    place = ctx.session.place
    if place and len(offers.search(ctx, wish, place)) > 1:
        following = payload("offer", wish.category, wish.office_kind, 1)
        rows.append((ctx.button(N_("➡️ Another one"), following),))
    rows.append((ctx.button(N_("🏛 Central contact of my district"), "find:other_office:general"),))
    if ctx.session.shown:
        wrong = payload("report", "phone", ctx.session.shown.listing_id)
        rows.append((ctx.button(N_("⚠️ The phone number is wrong"), wrong),))
    return _say(ctx, html, *rows)


def _something_else(ctx: Context, found: Answer) -> Outcome:
    html = ctx.t("I have noted it. A person can go through it with you:")
    return _say(ctx, html, (ctx.button(N_("🧭 Integration manager"), "find:integration_management"),))


def _say(ctx: Context, html: str, *rows: tuple[Button, ...]) -> Outcome:
    return ctx.say(Reply(html, (*rows, menu.person_row(ctx)), replaces=True), misunderstood=0)


_WAYS: dict[str, Callable[[Context, Answer], Outcome]] = {
    "question": _another_question,
    "wrong": _wrong,
    "complicated": _simpler,
    "noanswer": _nobody_answers,
    "other": _something_else,
}
