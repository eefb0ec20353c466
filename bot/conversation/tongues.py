"""Languages the bot does not speak: what it speaks, and who helps in that language."""

from __future__ import annotations

from collections.abc import Callable

from babel import Locale

from bot.conversation.card import address_lines, contact_lines, pretty_phone
from bot.conversation.context import Context, payload
from bot.conversation.guesses import intent_label
from bot.conversation.markup import escape
from bot.conversation.menu import back_row, language_row
from bot.conversation.outcome import Outcome
from bot.hotlines import ALWAYS, Hotline, hotlines
from bot.texts import N_
from bot.types import Button, Reply
from services_directory.snapshot import Listing

_OFFICES = 4
_LINES = 3
_SPOKEN = "I speak Ukrainian, Russian and German. Please choose a language. In danger, call 112."
"""Stands in English in every language: whoever reads none of the three can often read this."""


def answer(ctx: Context) -> Outcome:
    """Written in a language the bot does not speak: say so in that spirit, with the ways on.

    What was understood all the same is a button: the answer to it is in a language they may not read.
    """
    code = ctx.understanding.other_language if ctx.understanding else ""
    ask_person = ctx.button(N_("🙋 Talk to a person"), "human")
    rows = (*_help_row(ctx, code), language_row(), *_understood_row(ctx), (ask_person,))
    return ctx.say(Reply(_greeting(ctx, code), rows))


def show(ctx: Context, code: str) -> Outcome:
    """Offices of the person's place, or of the Land, and phone lines that speak the language."""
    say = _voice(ctx, code)
    offices, lines = _offices(ctx, code), _lines(ctx, code)
    if not offices and not lines:
        html = say(N_("I know no place that speaks this language: {language}."), language=_name(ctx, code))
        return ctx.say(Reply(html, (language_row(), back_row(ctx))))
    blocks = [
        say(N_("Here they also speak this language: {language}."), language=_name(ctx, code)),
        *("\n".join(_office(listing)) for listing in offices),
        "\n".join(f"• {_line(say, line)}" for line in lines),
        say(N_("Please call before you go. In danger, call <b>112</b>.")),
    ]
    html = "\n\n".join(block for block in blocks if block)
    return ctx.say(Reply(html, (language_row(), back_row(ctx))))


Say = Callable[..., str]


def _voice(ctx: Context, code: str) -> Say:
    """Speaks English to whoever wrote English: message ids are English."""
    return _english if code == "en" else ctx.t


def _english(message: str, **values: object) -> str:
    return message.format(**{key: escape(str(value)) for key, value in values.items()})


def _greeting(ctx: Context, code: str) -> str:
    if code == "en":
        return f"I do not speak English yet. {_SPOKEN}"
    sorry = ctx.t(
        "I speak Ukrainian, Russian and German. I do not understand this language yet: {language}.",
        language=_name(ctx, code),
    )
    return f"{sorry}\n\n{_SPOKEN}"


def _help_row(ctx: Context, code: str) -> tuple[tuple[Button, ...], ...]:
    """The way to help in that language, only where there is some."""
    if not code or not (_offices(ctx, code) or _lines(ctx, code)):
        return ()
    label = _voice(ctx, code)(N_("🗣 Help in this language: {language}"), language=_name(ctx, code))
    return ((Button(label, payload("speaks", code)),),)


def _understood_row(ctx: Context) -> tuple[tuple[Button, ...], ...]:
    understood = ctx.understanding
    if understood is None or understood.certainty != "sure":
        return ()
    label = intent_label(ctx, understood.intent)
    return ((Button(f"➡️ {label}", payload("guess", understood.intent)),),) if label else ()


def _name(ctx: Context, code: str) -> str:
    return str(Locale("en").languages.get(code, code)) if code == "en" else ctx.texts.language_name(code)


def _offices(ctx: Context, code: str) -> list[Listing]:
    """Those of the person's district, then those for the whole Land; all where the district is not known."""
    place = ctx.session.place
    speaking = [listing for listing in ctx.directory.snapshot.listings if code in listing.languages]
    if place:
        speaking = [listing for listing in speaking if _serves(listing, place.ags)]
        speaking.sort(key=lambda listing: not listing.service_area)
    return speaking[:_OFFICES]


def _serves(listing: Listing, ags: str) -> bool:
    return not listing.service_area or any(area[:5] == ags for area in listing.service_area)


def _lines(ctx: Context, code: str) -> list[Hotline]:
    found = [line for line in hotlines() if code in line.languages and line.phone and line.open_at(ctx.now)]
    return found[:_LINES]


def _office(listing: Listing) -> list[str]:
    return [f"<b>{escape(listing.name)}</b>", *address_lines(listing), *contact_lines(listing)]


def _line(say: Say, line: Hotline) -> str:
    number = pretty_phone(line.phone) if line.phone.startswith("+") else line.phone
    hours = {"": N_("hours not known"), ALWAYS: N_("day and night")}.get(line.hours, N_("open now"))
    return f"<b>{number}</b> {line.names['de']} ({say(hours)})"
