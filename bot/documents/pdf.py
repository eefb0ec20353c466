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
BLUE, GREY, _PALE = HexColor("#0b57a4"), HexColor("#555555"), HexColor("#fff3bf")
PLAIN, BOLD = "Roboto", "Roboto-Bold"
drawing = Lock()
"""Held while a document is drawn: the library keeps what it knows of a font for all documents."""


def text_style(size: float, font: str = PLAIN, **more: object) -> ParagraphStyle:
    """A style for text of this size, in points."""
    return ParagraphStyle(f"{font}{size}{more}", fontName=font, fontSize=size, leading=size * 1.22, **more)


_TITLE = text_style(16, BOLD)
_SUBTITLE = text_style(10)
_HEADING = text_style(8.5, BOLD, textColor=BLUE, spaceBefore=5, spaceAfter=1)
_TEXT = text_style(9.5)
_SENTENCE = text_style(15, BOLD)
_SMALL = text_style(8, textColor=GREY)
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
    with drawing:
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
    for name, path in ((PLAIN, Roboto), (BOLD, RobotoBold)):
        pdfmetrics.registerFont(TTFont(name, path))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


def _story(card: ReferralCard) -> Iterable[Flowable]:
    yield as_paragraph(card.title, _TITLE)
    subtitle = " · ".join(part for part in (card.organization, card.place) if part)
    if subtitle:
        yield as_paragraph(subtitle, _SUBTITLE)
    for section in card.sections:
        yield from _section(section)
    yield Spacer(0, 7)
    lines = [as_paragraph(f"„{card.german_sentence}“", _SENTENCE), as_paragraph(card.sentence, _TEXT)]
    yield Table([[lines]], colWidths=[_INNER], hAlign="LEFT", style=_BOX)
    yield Spacer(0, 5)
    yield _columns((card.confirmation[0], card.made[0]), (card.confirmation[1], card.made[1]), _SMALL)


def _section(section: Section) -> Iterable[Flowable]:
    if any(section.headings):
        yield as_paragraph(" · ".join(dict.fromkeys(section.headings)), _HEADING)
    for fact in section.facts:
        yield as_paragraph(fact, _TEXT)
    if section.columns:
        yield _columns(*section.columns, _TEXT)


def _columns(own: Iterable[str], other: Iterable[str], style: ParagraphStyle) -> Table:
    cells = [[as_paragraph(line, style) for line in lines] for lines in (own, other)]
    return Table([cells], colWidths=[_INNER / 2] * 2, hAlign="LEFT", style=_COLUMNS)


def as_paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """A text with the tags of a card, without what the font lacks."""
    return Paragraph(_drawable(text), style)


def _draw_codes(canvas: Canvas, codes: Iterable[Code]) -> None:
    for number, code in enumerate(codes):
        x = _MARGIN + number * _INNER / 2
        draw_code(canvas, code.url, x, _MARGIN)
        label = "<br/>".join(dict.fromkeys(code.labels))
        paragraph = as_paragraph(label, _TEXT)
        _, height = paragraph.wrap(_INNER / 2 - _CODE - 3 * mm, _CODE)
        paragraph.drawOn(canvas, x + _CODE + 2 * mm, _MARGIN + (_CODE - height) / 2)


def draw_code(canvas: Canvas, url: str, x: float, y: float, side: float = _CODE) -> None:
    """Draw the QR code of an address; `x` and `y` are its lower left corner, all in points."""
    matrix = segno.make_qr(url, error="m").matrix
    size = side / len(matrix)
    path = canvas.beginPath()
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + column * size, y + side - (row + 1) * size, size, size)
    canvas.drawPath(path, stroke=0, fill=1)


def _drawable(text: str) -> str:
    """The text without what the font lacks, such as emblems; every kind of blank becomes one blank."""
    glyphs = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return re.sub(r"\s+", " ", "".join(c for c in text if c.isspace() or ord(c) in glyphs)).strip()
