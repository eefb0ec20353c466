"""What each button does. Payloads are `verb:argument:argument`; old messages keep working buttons."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversation import (
    arrival,
    danger,
    dates,
    feedback,
    guesses,
    menu,
    news,
    offers,
    person,
    places,
    privacy,
    reports,
    sharing,
    tongues,
    voice,
)
from bot.conversation.context import Context
from bot.conversation.intents import act
from bot.conversation.labels import REGIONS
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.types import LANGUAGES
from services_directory.snapshot import CATEGORIES, OFFICE_KINDS

Step = Callable[[Context], Outcome]

_PLAIN: dict[str, Step] = {
    "menu": menu.show_menu,
    "offices": menu.offices,
    "place": places.change,
    "location": places.ask_location,
    "another": offers.another,
    "mine": arrival.for_myself,
    "human": person.talk,
    "heard": voice.misheard,
    "urgent": danger.urgent,
    "fine": danger.fine,
    "privacy": privacy.explain,
    "reminders": dates.listed,
}


def press(ctx: Context) -> Outcome:
    """Do what the pressed button says; a payload of an older version leads to the menu."""
    verb, *arguments = ctx.turn.payload.split(":")
    if verb in _PLAIN:
        return _PLAIN[verb](ctx)
    handler = _WITH_ARGUMENTS.get(verb)
    if handler is None or (verb in _NEEDS_AN_ARGUMENT and not arguments):
        return menu.show_menu(ctx)
    return handler(ctx, arguments)


def _language(ctx: Context, arguments: list[str]) -> Outcome:
    code, screen = (*arguments, "", "")[:2]
    for language in LANGUAGES:
        if code == language:
            return menu.set_language(ctx, language, screen)
    return menu.choose_language(ctx)


def _find(ctx: Context, arguments: list[str]) -> Outcome:
    wish = _wish(arguments)
    return offers.find(ctx, wish) if wish else guesses.not_understood(ctx)


def _offer(ctx: Context, arguments: list[str]) -> Outcome:
    wish = _wish(arguments[:2])
    return offers.show(ctx, wish, _number(arguments[2:])) if wish else menu.show_menu(ctx)


def _regions(ctx: Context, arguments: list[str]) -> Outcome:
    return places.regions(ctx, turned=bool(arguments))


def _region(ctx: Context, arguments: list[str]) -> Outcome:
    return places.region(ctx, arguments[0]) if arguments and arguments[0] in REGIONS else places.regions(ctx)


def _wish(arguments: list[str]) -> Wish | None:
    category, kind = (*arguments, "", "")[:2]
    if category not in CATEGORIES or (kind and kind not in OFFICE_KINDS):
        return None
    return Wish(category, kind)


def _number(arguments: list[str]) -> int:
    return int(arguments[0]) if arguments and arguments[0].isdigit() else 0


def _act(ctx: Context, arguments: list[str]) -> Outcome:
    return act(ctx, arguments[0])


def _topics(ctx: Context, arguments: list[str]) -> Outcome:
    return menu.topics(ctx, _number(arguments), turned=bool(arguments))


def _at(ctx: Context, arguments: list[str]) -> Outcome:
    ags, *name = arguments
    return arrival.chosen(ctx, ags, ":".join(name))


def _away(ctx: Context, arguments: list[str]) -> Outcome:
    return arrival.away(ctx, ":".join(arguments))


def _speaks(ctx: Context, arguments: list[str]) -> Outcome:
    return tongues.show(ctx, arguments[0])


def _wrong(ctx: Context, arguments: list[str]) -> Outcome:
    return reports.ask(ctx, arguments[0])


def _share(ctx: Context, arguments: list[str]) -> Outcome:
    return sharing.show(ctx, arguments[0])


def _pdf(ctx: Context, arguments: list[str]) -> Outcome:
    return sharing.as_document(ctx, arguments[0])


def _report(ctx: Context, arguments: list[str]) -> Outcome:
    return reports.note(ctx, *(*arguments, "")[:2])


def _good(ctx: Context, arguments: list[str]) -> Outcome:
    return feedback.good(ctx, arguments[0])


def _bad(ctx: Context, arguments: list[str]) -> Outcome:
    return feedback.ask_why(ctx, arguments[0])


def _why(ctx: Context, arguments: list[str]) -> Outcome:
    return feedback.why(ctx, *(*arguments, "")[:2])


def _dates(ctx: Context, arguments: list[str]) -> Outcome:
    return dates.show(ctx, arguments[0])


def _delete(ctx: Context, arguments: list[str]) -> Outcome:
    return privacy.delete(ctx) if arguments == ["yes"] else privacy.ask_delete(ctx)


_WITH_ARGUMENTS: dict[str, Callable[[Context, list[str]], Outcome]] = {
    "lang": _language,
    "find": _find,
    "offer": _offer,
    "topics": _topics,
    "ask": _act,
    "guess": _act,
    "danger": _act,
    "regions": _regions,
    "region": _region,
    "at": _at,
    "away": _away,
    "speaks": _speaks,
    "wrong": _wrong,
    "dates": _dates,
    "ics": dates.as_file,
    "remind": dates.remind,
    "unremind": dates.cancel,
    "news": news.press,
    "share": _share,
    "pdf": _pdf,
    "report": _report,
    "good": _good,
    "bad": _bad,
    "why": _why,
    "delete": _delete,
}
_NEEDS_AN_ARGUMENT = (
    "ask",
    "guess",
    "danger",
    "at",
    "away",
    "speaks",
    "wrong",
    "dates",
    "ics",
    "remind",
    "unremind",
    "share",
    "pdf",
    "report",
    "good",
    "bad",
    "why",
)
