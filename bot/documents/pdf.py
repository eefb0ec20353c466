"""Draws a referral card as a PDF of one page.

The letters are Roboto, which has Ukrainian, Russian and German. What it lacks is left out. A long card is
drawn smaller until it fits.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import Any

import segno
from font_roboto import Roboto, RobotoBold
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Paragraph, Spacer, Table

from bot.documents.referral import Code, ReferralCard, Section

_WIDTH, _HEIGHT = A5
_MARGIN = 10 * mm
_INNER = _WIDTH - 2 * _MARGIN
_CODES_HEIGHT = 30 * mm
_CODE = 24 * mm
_BLUE, _GREY, _PALE = HexColor("#0b57a4"), HexColor("#555555"), HexColor("#fff3bf")
_PLAIN, _BOLD = "Roboto", "Roboto-Bold"
_drawing = Lock()
"""The library keeps what it knows of a font for all documents."""


def _style(size: float, font: str = _PLAIN, **more: object) -> ParagraphStyle:
    return ParagraphStyle(f"{font}{size}{more}", fontName=font, fontSize=size, leading=size * 1.22, **more)


_TITLE = _style(16, _BOLD)
_SUBTITLE = _style(10)
_HEADING = _style(8.5, _BOLD, textColor=_BLUE, spaceBefore=5, spaceAfter=1)
_TEXT = _style(9.5)
_SENTENCE = _style(15, _BOLD)
_SMALL = _style(8, textColor=_GREY)
_Styles = list[tuple[str, tuple[int, int], tuple[int, int], Any]]
_COLUMNS: _Styles = [("VALIGN", (0, 0), (-1, -1), "TOP")]
_COLUMNS += [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("TOP", "BOTTOM", "LEFT")]
_COLUMNS += [("RIGHTPADDING", (0, 0), (-1, -1), 6)]
_BOX: _Styles = [("BACKGROUND", (0, 0), (-1, -1), _PALE)]
_BOX += [(f"{side}PADDING", (0, 0), (-1, -1), 6) for side in ("TOP", "BOTTOM", "LEFT", "RIGHT")]


def as_pdf(card: ReferralCard) -> bytes:
    """The card as a PDF of one page, some tens of kilobytes; the same for the same card.

    Takes some tens of milliseconds: not for an event loop. One card is drawn at a time.
    """
    warm_up()
    with _drawing:
        return _drawn(card)


def _drawn(card: ReferralCard) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A5, invariant=1, lang=card.languages[0])
    canvas.setTitle(html.unescape(card.title))
    canvas.setAuthor("Lotse")
    bottom = _MARGIN + (_CODES_HEIGHT if card.codes else 0)
    height = _HEIGHT - _MARGIN - bottom
    frame = Frame(_MARGIN, bottom, _INNER, height, *[0] * 4)
    frame.addFromList([KeepInFrame(_INNER, height, list(_story(card)), mode="shrink")], canvas)
    _draw_codes(canvas, card.codes)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


@cache
def warm_up() -> None:
    """Read the fonts, which takes longer than drawing a card."""
    for name, path in ((_PLAIN, Roboto), (_BOLD, RobotoBold)):
        pdfmetrics.registerFont(TTFont(name, path))


def _story(card: ReferralCard) -> Iterable[Flowable]:
    yield _paragraph(card.title, _TITLE)
    subtitle = " · ".join(part for part in (card.organization, card.place) if part)
    if subtitle:
        yield _paragraph(subtitle, _SUBTITLE)
    for section in card.sections:
        yield from _section(section)
    yield Spacer(0, 7)
    lines = [_paragraph(f"„{card.german_sentence}“", _SENTENCE), _paragraph(card.sentence, _TEXT)]
    yield Table([[lines]], colWidths=[_INNER], hAlign="LEFT", style=_BOX)
    yield Spacer(0, 5)
    yield _columns((card.confirmation[0], card.made[0]), (card.confirmation[1], card.made[1]), _SMALL)


def _section(section: Section) -> Iterable[Flowable]:
    if any(section.headings):
        yield _paragraph(" · ".join(dict.fromkeys(section.headings)), _HEADING)
    for fact in section.facts:
        yield _paragraph(fact, _TEXT)
    if section.columns:
        yield _columns(*section.columns, _TEXT)


def _columns(own: Iterable[str], other: Iterable[str], style: ParagraphStyle) -> Table:
    cells = [[_paragraph(line, style) for line in lines] for lines in (own, other)]
    return Table([cells], colWidths=[_INNER / 2] * 2, hAlign="LEFT", style=_COLUMNS)


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_drawable(text), style)


def _draw_codes(canvas: Canvas, codes: Iterable[Code]) -> None:
    for number, code in enumerate(codes):
        x = _MARGIN + number * _INNER / 2
        _draw_code(canvas, code.url, x, _MARGIN)
        label = "<br/>".join(dict.fromkeys(code.labels))
        paragraph = _paragraph(label, _TEXT)
        _, height = paragraph.wrap(_INNER / 2 - _CODE - 3 * mm, _CODE)
        paragraph.drawOn(canvas, x + _CODE + 2 * mm, _MARGIN + (_CODE - height) / 2)


def _draw_code(canvas: Canvas, url: str, x: float, y: float) -> None:
    matrix = segno.make_qr(url, error="m").matrix
    size = _CODE / len(matrix)
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + column * size, y + _CODE - (row + 1) * size, size, size)
    canvas.drawPath(path, stroke=0, fill=1)


def _drawable(text: str) -> str:
    """The text without what the font lacks, such as emblems; every kind of blank becomes one blank."""
    glyphs = pdfmetrics.getFont(_PLAIN).face.charToGlyph
    return re.sub(r"\s+", " ", "".join(c for c in text if c.isspace() or ord(c) in glyphs)).strip()
