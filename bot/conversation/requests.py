"""What is asked of the bot itself in words: reminders, news, silence; and the turn after danger."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import danger, dates, followups, menu, news, offers, person, places
from bot.conversation.buttons import press
from bot.conversation.context import Context
from bot.conversation.intents import named_language
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Event, Reply, Understanding

_UNHELPFUL = ("feedback_negative", "feedback_positive", "deny", "ask_bot", "ask_contact", "ask_opening_hours")
"""What the NLU takes a word of despair for, right after danger."""


def answered(ctx: Context, understanding: Understanding) -> Outcome | None:
    """The answer to such a request; None where the text is none."""
    request = understanding.request
    if request in ("reminders", "cancel_one", "cancel_all"):
        return _reminders(ctx, request)
    if request == "news":
        return _news(ctx)
    if request == "no_news":
        return news.stop(ctx)
    if request == "no_messages":
        return _silence(ctx)
    if request == "cost":
        return followups.cost(ctx)
    if request in ("contact", "hours") and ctx.session.shown and understanding.certainty != "sure":
        about = followups.contact if request == "contact" else followups.opening_hours
        return about(ctx)
    if request == "distress" and _asks_for_nothing(understanding):
        return _comforted(ctx)
    if request == "safe" and understanding.intent in ("crisis", "report_violence"):
        return _relieved(ctx)
    language = (
        named_language(ctx.turn.text) if request == "language" and understanding.other_language else None
    )
    return menu.set_language(ctx, language) if language else None


def after_danger(ctx: Context, understanding: Understanding) -> Outcome | None:
    """The answer to "do you want to talk to a person?": a yes, a place, relief, or more of the same."""
    sure = understanding.intent if understanding.certainty == "sure" else ""
    if understanding.move or understanding.other_language:
        return None
    if understanding.request in ("safe", "better"):
        return _relieved(ctx)
    if understanding.request == "distress":
        return danger.still_there(ctx)
    if sure == "affirm":
        return person.talk(ctx)
    if sure == "inform_place" and ctx.place.kind != "outside":
        return offers.find(ctx, Wish("trauma_consultation"))
    if understanding.certainty in ("unsure", "not_understood") or sure in _UNHELPFUL:
        return danger.still_there(ctx)
    return None


def _asks_for_nothing(understanding: Understanding) -> bool:
    """Whether the text says only how somebody is, and the NLU took that for something else."""
    return understanding.certainty != "sure" or understanding.intent in (
        *_UNHELPFUL,
        "book_reminder",
        "ask_leisure",
    )


def _comforted(ctx: Context) -> Outcome:
    """Who listens; a number that answers at any hour is in the urgent help."""
    html = ctx.t("I am sorry that it is so hard. You can talk to people about it. At any hour: /sos")
    return offers.find(ctx, Wish("trauma_consultation")).after(Reply(html))


def _relieved(ctx: Context) -> Outcome:
    """In words what the button "I am fine" says."""
    turn = replace(ctx.turn, kind="button", payload="fine")
    return replace(press(replace(ctx, turn=turn, understanding=None)), screen="fine")


def _reminders(ctx: Context, request: str) -> Outcome:
    standing = dates.current(ctx)
    if request == "reminders" or not standing:
        return dates.listed(ctx)
    if request == "cancel_all" or len(standing) == 1:
        return dates.cancel(ctx, ["all"])
    return dates.listed(ctx)


def _news(ctx: Context) -> Outcome:
    if ctx.place.kind == "none":
        return news.ask(ctx)
    if ctx.place.kind == "outside":
        return places.outside(ctx, ctx.place.outside_name, Wish(news.WISH))
    if places.must_choose(ctx.place):
        return places.clarify(ctx, ctx.place, Wish(news.WISH))
    return news.ask(ctx.with_session(place=ctx.place.matches[0].place))


def _silence(ctx: Context) -> Outcome:
    """No word any more that was not asked for: no news, no reminders."""
    html = ctx.t("🔕 Done. I do not write to you by myself any more. I only answer when you write.")
    rows = ((ctx.button(N_("🗑 Delete everything"), "delete"), *menu.back_row(ctx)),)
    events = (Event("news_off", {"ags": ctx.session.notices}),) if ctx.session.notices else ()
    return ctx.say(Reply(html, rows), events=events, notices="", reminders=(), misunderstood=0)
