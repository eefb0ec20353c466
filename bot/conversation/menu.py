"""Beginning, menu, language: what a person sees without having asked anything."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import Answer, answers
from bot.conversation.context import Context, payload
from bot.conversation.labels import OFFICE_DOORS
from bot.conversation.naming import described
from bot.conversation.outcome import Outcome
from bot.texts import N_
from bot.types import LANGUAGES, Button, Language, Place, Reply

LANGUAGE_LABELS: dict[Language, str] = {"uk": "Українська", "ru": "Русский", "de": "Deutsch"}
"""Each language in itself: a choice must be readable before it is made."""

FIRST_SCREEN = N_(
    "I am Lotse, a program, not a person. I show you who helps in Baden-Württemberg: offices, counselling, "
    "psychological support.\n\n"
    "Run by: {operator}\n"
    "In danger: call 112. I am no emergency service.\n"
    "Telegram can read along. Do not send papers or health details.\n"
    "Delete everything: /delete. More: /privacy"
)
"""At most 500 characters in every language, together with the question behind it."""

QUESTION = N_("What do you need? Write it in your own words, or choose:")
_TOPICS_A_PAGE = 8


def introduction(ctx: Context) -> Reply:
    """Who is speaking, what to keep in mind, and the choice of language: before an answer."""
    return Reply(ctx.t(FIRST_SCREEN, operator=ctx.operator), (language_row(),))


def language_row(*screen: str) -> tuple[Button, ...]:
    """`screen` ("start" or "list") tells `set_language` what the row stands under."""
    return tuple(Button(LANGUAGE_LABELS[code], payload("lang", code, *screen)) for code in LANGUAGES)


def menu(ctx: Context, html: str = "") -> Reply:
    """The menu, under a sentence of the caller's."""
    return Reply(html or ctx.t(QUESTION), menu_rows(ctx))


def menu_rows(ctx: Context) -> tuple[tuple[Button, ...], ...]:
    return (
        (ctx.button(N_("🧭 Integration manager"), "find:integration_management"),),
        (ctx.button(N_("💛 Psychological help"), "find:trauma_consultation"),),
        (ctx.button(N_("🏛 Offices"), "offices"), ctx.button(N_("❓ Questions"), "topics")),
        (ctx.button(N_("🤝 I help refugees"), "find:helper_training"), ctx.button(N_("🌐 Language"), "lang")),
        (ctx.button(N_("🙋 Talk to a person"), "human"), ctx.button(N_("🆘 Urgent help"), "urgent")),
    )


def start(ctx: Context) -> Outcome:
    """/start: the first screen with the menu; who comes back finds what is still remembered."""
    known = ctx.session.place if ctx.session.greeted else None
    screen = _welcome_back(ctx, known) if known else _first_screen(ctx)
    return ctx.say(screen, greeted=True, wish=None, asked="", misunderstood=0)


def _first_screen(ctx: Context) -> Reply:
    html = "\n\n".join((ctx.t(FIRST_SCREEN, operator=ctx.operator), ctx.t(QUESTION)))
    return Reply(html, (language_row("start"), *menu_rows(ctx)))


def _welcome_back(ctx: Context, place: Place) -> Reply:
    known = ctx.t(
        "Welcome back. I am Lotse, a program. I still know your place: {place}.\n"
        "In danger: call 112. Delete everything: /delete. More: /privacy",
        place=described(ctx, place),
    )
    another = (ctx.button(N_("📍 Another place"), "place"),)
    return Reply("\n\n".join((known, ctx.t(QUESTION))), (*menu_rows(ctx), another))


def show_menu(ctx: Context) -> Outcome:
    return ctx.say(menu(ctx), asked="", wish=None, misunderstood=0)


def choose_language(ctx: Context) -> Outcome:
    return ctx.say(Reply("Мова · Язык · Sprache", (language_row("list"),)))


def set_language(ctx: Context, language: Language, screen: str = "") -> Outcome:
    """Switch for good; the person sees it by the answer's own language.

    `screen`: what the pressed button stood under. The first screen is then said anew in its own place, unless
    it speaks this language already: a press that changes nothing to be seen looks broken.
    """
    is_new = language != ctx.session.language
    ctx = ctx.with_session(language=language)
    if screen == "start" and is_new:
        return ctx.say(replace(_first_screen(ctx), replaces=True), greeted=True)
    said = menu(ctx, ctx.t("I answer in English now. What do you need?"))
    return ctx.say(replace(said, replaces=screen == "list"))


def offices(ctx: Context) -> Outcome:
    """The choice of an office."""
    kinds = [kind for kind in OFFICE_DOORS if kind != "other"]
    rows = tuple(
        (ctx.button(OFFICE_DOORS[kind].label, payload("find", "other_office", kind)),) for kind in kinds
    )
    return ctx.say(Reply(ctx.t("Which office are you looking for?"), (*rows, back_row(ctx))))


def related(ctx: Context, found: Answer) -> tuple[tuple[Button, ...], ...]:
    """The questions that people also have, one in a row."""
    others = (answers()[intent] for intent in found.related if intent in answers())
    return tuple(
        (Button("❓ " + other.wordings[ctx.language].title, payload("ask", other.intent)),)
        for other in others
    )


def topics(ctx: Context, page: int = 0, *, turned: bool = False) -> Outcome:
    """The questions that have an answer, a few at a time; a turned page takes the place of the one before."""
    found = list(answers().values())
    page = min(page, (len(found) - 1) // _TOPICS_A_PAGE)
    start_at = page * _TOPICS_A_PAGE
    shown = found[start_at : start_at + _TOPICS_A_PAGE]
    rows = tuple(
        (Button(answer.wordings[ctx.language].title, payload("ask", answer.intent)),) for answer in shown
    )
    turning = []
    if page:
        turning.append(Button("◀️", payload("topics", page - 1)))
    if start_at + _TOPICS_A_PAGE < len(found):
        turning.append(Button("▶️", payload("topics", page + 1)))
    return ctx.say(
        Reply(
            ctx.t("Questions I can answer. You can also write in your own words."),
            (*rows, (*turning, *back_row(ctx))),
            replaces=turned,
        )
    )


def person_row(ctx: Context) -> tuple[Button, ...]:
    """Below what ends here: a person, or the menu."""
    return (ctx.button(N_("🙋 Talk to a person"), "human"), *back_row(ctx))


def back_row(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button(N_("☰ Menu"), "menu"),)
