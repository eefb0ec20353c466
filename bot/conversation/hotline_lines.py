"""A help line as one line of a message: number, name, languages, whether somebody answers now."""

from __future__ import annotations

from bot.conversation.card import pretty_phone
from bot.conversation.context import Context
from bot.hotlines import ALWAYS, Hotline


def hotline_line(ctx: Context, line: Hotline) -> str:
    """The line as HTML."""
    return f"<b>{number(line)}</b> {line.names[ctx.language]} ({details(ctx, line, _hours(ctx, line))})"


def number(line: Hotline) -> str:
    """The number as people read it."""
    return pretty_phone(line.phone) if line.phone.startswith("+") else line.phone


def details(ctx: Context, line: Hotline, hours: str) -> str:
    """Languages, hours and whether one writes instead of calling; the hours are the caller's words."""
    spoken = ", ".join(ctx.texts.language_name(code) for code in _shown_languages(line))
    return "; ".join(part for part in (spoken, hours, _channel(ctx, line)) if part)


def _hours(ctx: Context, line: Hotline) -> str:
    if not line.hours:
        return ctx.t("hours not known")
    return ctx.t("day and night") if line.hours == ALWAYS else ctx.t("open now")


def _channel(ctx: Context, line: Hotline) -> str:
    return ctx.t("write, do not call") if line.channel == "chat" else ""


def _shown_languages(line: Hotline) -> list[str]:
    """Ukrainian, Russian and German where spoken; the rest of a long list says nothing here."""
    return [code for code in ("uk", "ru", "de") if code in line.languages]
