"""A help line as one line of a message: number, name, languages, whether somebody answers now."""

from __future__ import annotations

from bot.conversation.card import pretty_phone
from bot.conversation.context import Context
from bot.hotlines import ALWAYS, Hotline


def hotline_line(ctx: Context, line: Hotline) -> str:
    """The line as HTML."""
    number = pretty_phone(line.phone) if line.phone.startswith("+") else line.phone
    spoken = ", ".join(ctx.texts.language_name(code) for code in _shown_languages(line))
    details = "; ".join(part for part in (spoken, _hours(ctx, line), _channel(ctx, line)) if part)
    return f"<b>{number}</b> {line.names[ctx.language]} ({details})"


def _hours(ctx: Context, line: Hotline) -> str:
    if not line.hours:
        return ctx.t("hours not known")
    return ctx.t("day and night") if line.hours == ALWAYS else ctx.t("open now")


def _channel(ctx: Context, line: Hotline) -> str:
    return ctx.t("write, do not call") if line.channel == "chat" else ""


def _shown_languages(line: Hotline) -> list[str]:
    """Ukrainian, Russian and German where spoken; the rest of a long list says nothing here."""
    return [code for code in ("uk", "ru", "de") if code in line.languages]
