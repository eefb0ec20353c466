"""What each intent does once it is understood for sure, or chosen by button."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.answers import answers
from bot.conversation import (
    arrival,
    danger,
    followups,
    guesses,
    knowledge,
    menu,
    offers,
    person,
    places,
    privacy,
    smalltalk,
)
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.types import Language

Step = Callable[[Context], Outcome]

_NAMED_LANGUAGES: dict[Language, re.Pattern[str]] = {
    "uk": re.compile(r"укра[їи]н|ukrain|ukrayin", re.IGNORECASE),
    "ru": re.compile(r"русс?к|росій|russ|po.?russki", re.IGNORECASE),
    "de": re.compile(r"нім|немец|deutsch|german|дойч", re.IGNORECASE),
}


def act(ctx: Context, intent: str) -> Outcome:
    """Do what the person wants. An intent nobody knows is treated as not understood."""
    if step := _STEPS.get(intent):
        return step(ctx)
    if intent in answers():
        return knowledge.answer(_remember_place(ctx), intent)
    return guesses.not_understood(ctx)


def _find(category: str) -> Step:
    return lambda ctx: offers.find(ctx, Wish(category))


def _find_office(ctx: Context) -> Outcome:
    kind = ctx.understanding.office_kind if ctx.understanding else ""
    if not kind:
        return menu.offices(_remember_place(ctx))
    return offers.find(ctx, Wish("other_office", kind))


def _inform_place(ctx: Context) -> Outcome:
    """Somebody says where they are; by button ("Say where I live") they are asked."""
    return arrival.from_text(ctx) if ctx.understanding else places.change(ctx)


def named_language(text: str) -> Language | None:
    """The language a text names, where it names one alone."""
    named = [language for language, pattern in _NAMED_LANGUAGES.items() if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def _change_language(ctx: Context) -> Outcome:
    named = named_language(ctx.turn.text)
    return menu.set_language(ctx, named) if named else menu.choose_language(ctx)


def _remember_place(ctx: Context) -> Context:
    """A place named beside a question is kept for the local office behind the answer."""
    if ctx.place.kind != "found" or ctx.place.beside or ctx.session.place is not None:
        return ctx
    return ctx.with_session(place=ctx.place.matches[0].place)


_STEPS: dict[str, Step] = {
    "find_integration_manager": _find("integration_management"),
    "find_trauma_support": _find("trauma_consultation"),
    "find_helper_training": _find("helper_training"),
    "find_other_office": _find_office,
    "crisis": lambda ctx: danger.answer(ctx, "crisis"),
    "report_violence": lambda ctx: danger.answer(ctx, "report_violence"),
    "inform_place": _inform_place,
    "ask_opening_hours": followups.opening_hours,
    "book_reminder": followups.book_reminder,
    "ask_contact": followups.contact,
    "talk_to_human": person.talk,
    "greet": smalltalk.greet,
    "goodbye": smalltalk.goodbye,
    "thank": smalltalk.thank,
    "affirm": followups.affirm,
    "deny": followups.deny,
    "ask_bot": smalltalk.about,
    "ask_privacy": privacy.explain,
    "delete_my_data": privacy.ask_delete,
    "change_language": _change_language,
    "feedback_positive": person.feedback_positive,
    "feedback_negative": person.feedback_negative,
    "out_of_scope": guesses.not_understood,
}
