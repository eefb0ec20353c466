"""What each button does. Payloads are `verb:argument:argument`; old messages keep working buttons."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversation import arrival, danger, guesses, menu, offers, person, places, privacy
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
    "regions": places.regions,
    "location": places.ask_location,
    "another": offers.another,
    "human": person.talk,
    "urgent": danger.urgent,
    "fine": danger.fine,
    "privacy": privacy.explain,
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
    for language in LANGUAGES:
        if arguments == [language]:
            return menu.set_language(ctx, language)
    return menu.choose_language(ctx)


def _find(ctx: Context, arguments: list[str]) -> Outcome:
    wish = _wish(arguments)
    return offers.find(ctx, wish) if wish else guesses.not_understood(ctx)


def _offer(ctx: Context, arguments: list[str]) -> Outcome:
    wish = _wish(arguments[:2])
    return offers.show(ctx, wish, _number(arguments[2:])) if wish else menu.show_menu(ctx)


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
    return menu.topics(ctx, _number(arguments))


def _at(ctx: Context, arguments: list[str]) -> Outcome:
    ags, *name = arguments
    return arrival.chosen(ctx, ags, ":".join(name))


def _wrong(ctx: Context, arguments: list[str]) -> Outcome:
    return offers.report_wrong(ctx, arguments[0])


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
    "region": _region,
    "at": _at,
    "wrong": _wrong,
    "delete": _delete,
}
_NEEDS_AN_ARGUMENT = ("ask", "guess", "danger", "at", "wrong")
