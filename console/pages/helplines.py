"""Help lines as a page shows them: read later than it was made, or on paper, so never "open now"."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.context import Context
from bot.conversation.danger import CRISIS_AUDIENCES, VIOLENCE_AUDIENCES
from bot.conversation.hotline_lines import details, number
from bot.hotlines import ALWAYS, Hotline, hotlines, lines_for
from services_directory.hours import next_openings

_EMERGENCY = "emergency"
_CRISIS_SHOWN = 4
_VIOLENCE_SHOWN = 1
_OPENINGS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the address a phone opens, the number as it is read, name, languages and hours in words."""

    href: str
    shown: str
    name: str
    details: str


def first_lines(ctx: Context) -> tuple[Line, ...]:
    """What comes before everything else: lines that answer day and night, the reader's language first."""
    crisis = _always(ctx, CRISIS_AUDIENCES)[:_CRISIS_SHOWN]
    violence = _always(ctx, VIOLENCE_AUDIENCES)[:_VIOLENCE_SHOWN]
    return tuple(_line(ctx, line) for line in (*crisis, *violence))


def all_lines(ctx: Context) -> tuple[Line, ...]:
    """Every line that can be called or written to; 112 and 110 stand above them."""
    callable_ = (line for line in hotlines() if line.phone and _EMERGENCY not in line.audiences)
    ordered = sorted(callable_, key=lambda line: (not line.speaks(ctx.language), line.order))
    return tuple(_line(ctx, line) for line in ordered)


def _always(ctx: Context, audiences: tuple[str, ...]) -> list[Hotline]:
    return [line for line in lines_for(audiences, ctx.language, ctx.now) if line.hours == ALWAYS]


def _line(ctx: Context, line: Hotline) -> Line:
    href = f"{'sms' if line.channel == 'chat' else 'tel'}:{line.phone}"
    return Line(href, number(line), line.names[ctx.language], details(ctx, line, _hours(ctx, line)))


def _hours(ctx: Context, line: Hotline) -> str:
    if not line.hours:
        return ctx.t("hours not known")
    if line.hours == ALWAYS:
        return ctx.t("day and night")
    spoken = ctx.texts
    openings = next_openings(line.hours, ctx.now, _OPENINGS)
    return "; ".join(f"{spoken.day(a.date())}, {spoken.time(a)}–{spoken.time(b)}" for a, b in openings)
