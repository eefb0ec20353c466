"""The heart of the bot: one turn in, one outcome out. It knows no Telegram, no Redis, no HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.conversation import (
    arrival,
    danger,
    dates,
    deeplink,
    due,
    feedback,
    groups,
    guesses,
    inline,
    menu,
    news,
    person,
    places,
    privacy,
    repairs,
    requests,
    returning,
    sharing,
    smalltalk,
    tongues,
    trail,
    voice,
    waiting,
    whom,
)
from bot.conversation.buttons import press
from bot.conversation.context import Context
from bot.conversation.inline import InlineCard
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.texts import N_
from bot.types import LANGUAGES, Event, Language, Reply, Turn, Understanding
from services_directory.search import DirectoryIndex

DEFAULT_LANGUAGE: Language = "uk"
"""Where nothing tells the language: most who come speak Ukrainian, and the first screen offers all three."""

_PLACE_WORDS = 3
"""A longer text without a place is something else than a misspelt answer to "where do you live?"."""

_COMMANDS: dict[str, Callable[[Context], Outcome]] = {
    "start": sharing.start,
    "menu": menu.show_menu,
    "help": smalltalk.about,
    "language": menu.choose_language,
    "place": places.change,
    "news": news.ask,
    "person": person.talk,
    "sos": danger.urgent,
    "privacy": privacy.explain,
    "reminders": dates.listed,
    "delete": privacy.ask_delete,
}


_WITHOUT_WORDS = ("sos", "person", "privacy", "reminders", "delete", "menu")
"""Commands that mean the same whatever stands behind them."""


@dataclass(frozen=True, slots=True)
class Core:
    """Answers turns from the directory as it is at that moment."""

    directory: Callable[[], DirectoryIndex]
    operator: str
    username: str = ""
    """The bot's own in Telegram, for links that lead to it; empty: none are made."""
    hears: bool = False
    """Whether voice messages are listened to."""

    def respond(self, turn: Turn, session: Session | None, understanding: Understanding | None) -> Outcome:
        """Answer one turn. Danger comes before everything else, whatever was asked before."""
        ctx = self._context(turn, session, understanding)
        if understanding and understanding.danger:
            answered = danger.answer(ctx.with_session(heard=None), understanding.danger)
            return answered.without_buttons() if turn.group else _kept(ctx, waiting.put_aside(ctx, answered))
        if turn.group:
            return groups.answer(ctx)
        if turn.kind == "due":
            return due.deliver(ctx)
        if turn.kind == "member":
            return arrival.membership(ctx)
        ctx = voice.as_said(ctx)
        outcome = _kept(ctx, voice.answer(ctx)) if ctx.turn.spoken else _answered(whom.turned(ctx))
        return outcome if outcome.session.greeted or outcome.forget else _introduced(ctx, outcome)

    def cards(self, turn: Turn, understanding: Understanding, category: str) -> tuple[InlineCard, ...]:
        """What can be sent for the words of an inline query; they belong to no conversation."""
        return inline.cards(self._context(turn, None, understanding), category)

    def apologise(self, turn: Turn, session: Session | None, understanding: Understanding | None) -> Outcome:
        """Answer although answering failed: needs nothing but the catalogue."""
        ctx = self._context(turn, session, understanding)
        html = ctx.t(
            "Something went wrong on my side. Please try again in a moment. In danger, call <b>112</b>."
        )
        return ctx.say(Reply(html, (menu.back_row(ctx),)), events=(Event("failed"),))

    def _context(self, turn: Turn, session: Session | None, understanding: Understanding | None) -> Context:
        current = session or Session(language=client_language(turn) or DEFAULT_LANGUAGE)
        if understanding and understanding.language:
            current = replace(current, language=understanding.language)
        return Context(
            turn, current, understanding, self.directory(), self.operator, self.username, self.hears
        )


def _answered(ctx: Context) -> Outcome:
    """The answer, with what waited for it and what is remembered of it."""
    outcome = waiting.followed(ctx, _dispatch(ctx))
    outcome = waiting.taken_up(ctx, waiting.offered_again(ctx, outcome))
    return _kept(ctx, returning.reminded(ctx, outcome))


def _kept(ctx: Context, outcome: Outcome) -> Outcome:
    return outcome if outcome.forget else returning.seen(ctx, trail.left(ctx, outcome))


def _dispatch(ctx: Context) -> Outcome:
    kind = ctx.turn.kind
    asked, ctx = ctx.session.asked, ctx.with_session(asked="")
    if kind == "button":
        return press(ctx.with_session(misunderstood=0))
    if kind == "command" and _is_command_alone(ctx):
        return _COMMANDS.get(ctx.turn.payload, menu.show_menu)(ctx)
    if kind == "location":
        return arrival.located(ctx)
    if kind == "attachment" or ctx.understanding is None:
        return guesses.unreadable(ctx)
    return _text(ctx, ctx.understanding, asked)


def _is_command_alone(ctx: Context) -> bool:
    """Whether the command counts, and not the words behind it."""
    understanding, name = ctx.understanding, ctx.turn.payload
    return understanding is None or name in _WITHOUT_WORDS or _is_foreign_link(ctx.turn, understanding)


def _is_foreign_link(turn: Turn, understanding: Understanding) -> bool:
    """Whether what stands behind /start is neither a link of ours nor a word of the person's."""
    return turn.payload == "start" and deeplink.is_like_one(turn.text) and understanding.certainty != "sure"


def _text(ctx: Context, understanding: Understanding, asked: str) -> Outcome:
    fresh = ctx.with_session(misunderstood=0)
    if asked == "danger" and (cared := requests.after_danger(fresh, understanding)):
        return cared
    if answered := requests.answered(fresh, understanding) or repairs.repaired(fresh, understanding):
        return answered
    if understanding.other_language and not (asked == "place" and ctx.place.kind == "found"):
        return tongues.answer(_keep_place(ctx))
    if answered := _answer_to_question(ctx, understanding, asked):
        return answered
    if understanding.certainty == "sure":
        return waiting.in_turn(ctx.with_session(misunderstood=0), understanding)
    if understanding.certainty == "unsure":
        return guesses.offer(_keep_place(ctx))
    if understanding.certainty == "unavailable":
        return guesses.unavailable(_keep_place(ctx))
    return guesses.not_understood(ctx) if ctx.place.kind == "none" else arrival.from_text(ctx)


def _answer_to_question(ctx: Context, understanding: Understanding, asked: str) -> Outcome | None:
    """The text as an answer to what the bot asked in its last turn, where it is one."""
    sure = understanding.intent if understanding.certainty == "sure" else ""
    if asked == "delete" and sure in ("affirm", "deny"):
        return privacy.delete(ctx) if sure == "affirm" else menu.show_menu(ctx)
    if asked == "reminder" and sure in ("affirm", "deny"):
        return dates.agree(ctx) if sure == "affirm" else dates.decline(ctx)
    if asked == "news" and sure in ("affirm", "deny"):
        return news.agree(ctx) if sure == "affirm" else menu.show_menu(ctx)
    if asked == "answer" and sure in ("affirm", "deny"):
        return (feedback.good if sure == "affirm" else feedback.ask_why)(ctx, ctx.session.topic)
    if asked != "place" or sure.startswith(("find_", "ask_")):
        return None
    if ctx.place.kind != "none":
        return arrival.from_text(ctx)
    is_short = len(ctx.turn.text.split()) <= _PLACE_WORDS
    return places.ask_again(ctx) if is_short and not sure else None


def _keep_place(ctx: Context) -> Context:
    """What was resolved for sure is not asked again, even when the wish is still open."""
    return ctx.with_session(place=ctx.place.matches[0].place) if ctx.place.kind == "found" else ctx


def _introduced(ctx: Context, outcome: Outcome) -> Outcome:
    """At the first contact the person learns that a machine answers, whatever they began with."""
    introduction = menu.introduction(ctx.with_session(language=outcome.session.language))
    return replace(outcome.after(introduction), session=replace(outcome.session, greeted=True))


def client_language(turn: Turn) -> Language | None:
    """The language the person's app is set to, where the bot speaks it."""
    prefix = turn.client_language[:2].lower()
    return next((language for language in LANGUAGES if language == prefix), None)


COMMANDS_SHOWN: tuple[tuple[str, str], ...] = (
    ("menu", N_("Menu")),
    ("place", N_("Change my place")),
    ("news", N_("News of my district")),
    ("language", N_("Change language")),
    ("person", N_("Talk to a person")),
    ("sos", N_("Urgent help")),
    ("reminders", N_("My reminders")),
    ("privacy", N_("My data")),
    ("delete", N_("Delete my data")),
)
"""The commands Telegram lists for people, with their descriptions."""
