"""Beginning, menu, language: what a person sees without having asked anything."""

from __future__ import annotations

from bot.answers import answers
from bot.conversation.context import Context, payload
from bot.conversation.labels import OFFICE_DOORS
from bot.conversation.outcome import Outcome
from bot.texts import N_
from bot.types import LANGUAGES, Button, Language, Reply

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
"""At most 500 characters in every language."""

_TOPICS_A_PAGE = 8


def first_screen(ctx: Context) -> Reply:
    """Who is speaking, what to keep in mind, and the choice of language."""
    return Reply(ctx.t(FIRST_SCREEN, operator=ctx.operator), (language_row(),))


def language_row() -> tuple[Button, ...]:
    return tuple(Button(LANGUAGE_LABELS[code], payload("lang", code)) for code in LANGUAGES)


def menu(ctx: Context, html: str = "") -> Reply:
    """The menu, under a sentence of the caller's."""
    return Reply(html or ctx.t("What do you need? Write it in your own words, or choose:"), menu_rows(ctx))


def menu_rows(ctx: Context) -> tuple[tuple[Button, ...], ...]:
    return (
        (ctx.button(N_("🧭 Integration manager"), "find:integration_management"),),
        (ctx.button(N_("💛 Psychological help"), "find:trauma_consultation"),),
        (ctx.button(N_("🏛 Offices"), "offices"), ctx.button(N_("❓ Questions"), "topics")),
        (ctx.button(N_("🤝 I help refugees"), "find:helper_training"), ctx.button(N_("🌐 Language"), "lang")),
        (ctx.button(N_("🙋 Talk to a person"), "human"), ctx.button(N_("🆘 Urgent help"), "urgent")),
    )


def start(ctx: Context) -> Outcome:
    """/start: the first screen, then the menu."""
    return ctx.say(first_screen(ctx), menu(ctx), greeted=True, wish=None, asked="", misunderstood=0)


def show_menu(ctx: Context) -> Outcome:
    return ctx.say(menu(ctx), asked="", wish=None, misunderstood=0)


def choose_language(ctx: Context) -> Outcome:
    return ctx.say(Reply("Мова · Язык · Sprache", (language_row(),)))


def set_language(ctx: Context, language: Language) -> Outcome:
    """Switch for good; the person sees it by the answer's own language."""
    ctx = ctx.with_session(language=language)
    return ctx.say(menu(ctx, ctx.t("I answer in English now. What do you need?")))


def other_language(ctx: Context) -> Outcome:
    """Written in a language the bot does not speak: say so in that spirit, with the choice."""
    name = ctx.texts.language_name(ctx.understanding.other_language if ctx.understanding else "")
    lines = (
        ctx.t(
            "I speak Ukrainian, Russian and German. I do not understand this language yet: {language}.",
            language=name,
        ),
        "I speak Ukrainian, Russian and German. Please choose a language. In danger, call 112.",
    )
    return ctx.say(
        Reply("\n\n".join(lines), (language_row(), (ctx.button(N_("🙋 Talk to a person"), "human"),)))
    )


def offices(ctx: Context) -> Outcome:
    """The choice of an office."""
    kinds = [kind for kind in OFFICE_DOORS if kind != "other"]
    rows = tuple(
        (ctx.button(OFFICE_DOORS[kind].label, payload("find", "other_office", kind)),) for kind in kinds
    )
    return ctx.say(Reply(ctx.t("Which office are you looking for?"), (*rows, back_row(ctx))))


def topics(ctx: Context, page: int = 0) -> Outcome:
    """The questions that have an answer, a few at a time."""
    found = list(answers().values())
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
        )
    )


def back_row(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button(N_("☰ Menu"), "menu"),)
