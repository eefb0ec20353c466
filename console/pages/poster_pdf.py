"""Draws a poster as a PDF of one page A4."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache

from reportlab.lib.colors import white
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Spacer

from bot.documents.pdf import BLUE, BOLD, GREY, as_paragraph, draw_code, drawing, text_style, warm_up
from console.pages.poster import Block, Poster

_WIDTH, _HEIGHT = A4
_MARGIN = 14 * mm
_INNER = _WIDTH - 2 * _MARGIN
_BAND = 58 * mm
_CODE = 80 * mm
_QUIET = 10 * mm
"""Left white around the code, which no reader finds without."""
_SMALL_CODE = 26 * mm
_FOOT = 46 * mm
_GAP = 6 * mm
_TITLE = text_style(21, BOLD, textColor=white, alignment=TA_CENTER)
_DISTRICT = text_style(14, textColor=white, alignment=TA_CENTER, spaceAfter=6)
_HOW = text_style(12.5, BOLD, spaceAfter=6)
_DANGER = text_style(15, spaceAfter=4)
_LINE = text_style(11, spaceAfter=2)
_LINK = text_style(11, BOLD, textColor=BLUE, alignment=TA_CENTER)
_NOTE = text_style(11)
_SMALL = text_style(8.5, textColor=GREY)


@lru_cache(maxsize=64)
def as_pdf(poster: Poster) -> bytes:
    """The poster as a PDF; the same for the same poster. Takes some tens of milliseconds the first time."""
    warm_up()
    with drawing:
        return _drawn(poster)


def _drawn(poster: Poster) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setTitle(f"Lotse: {poster.blocks[0].title}, {poster.blocks[0].district}")
    canvas.setAuthor("Lotse")
    canvas.setFillColor(BLUE)
    canvas.rect(0, _HEIGHT - _BAND, _WIDTH, _BAND, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    _fill(canvas, _heading(poster), _MARGIN, _HEIGHT - _BAND + 4 * mm, _INNER, _BAND - 10 * mm)
    code_at = _HEIGHT - _BAND - _CODE - _QUIET
    draw_code(canvas, poster.link, (_WIDTH - _CODE) / 2, code_at, _CODE)
    _fill(canvas, [as_paragraph(_typed(poster.link), _LINK)], _MARGIN, code_at - 9 * mm, _INNER, 8 * mm)
    columns_top = code_at - 12 * mm
    _draw_columns(canvas, poster.blocks, columns_top)
    _draw_foot(canvas, poster)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _heading(poster: Poster) -> Iterable[Flowable]:
    for block in poster.blocks:
        yield as_paragraph(block.title, _TITLE)
        yield as_paragraph(block.district, _DISTRICT)


def _draw_columns(canvas: Canvas, blocks: tuple[Block, ...], top: float) -> None:
    width = (_INNER - _GAP * (len(blocks) - 1)) / len(blocks)
    for number, block in enumerate(blocks):
        lines = [as_paragraph(line, _LINE) for line in block.lines]
        story = [as_paragraph(block.how, _HOW), as_paragraph(block.danger, _DANGER), *lines]
        _fill(canvas, story, _MARGIN + number * (width + _GAP), _FOOT, width, top - _FOOT)


def _draw_foot(canvas: Canvas, poster: Poster) -> None:
    """The public page with its own code, where the big one opens the bot; below, who and when."""
    _fill(canvas, [as_paragraph(poster.footer, _SMALL)], _MARGIN, 7 * mm, _INNER, 6 * mm)
    if not poster.without:
        return
    draw_code(canvas, poster.page, _MARGIN, 15 * mm, _SMALL_CODE)
    note = [as_paragraph(poster.without, _NOTE), Spacer(0, 4), as_paragraph(_typed(poster.page), _NOTE)]
    beside = _SMALL_CODE + 5 * mm
    _fill(canvas, note, _MARGIN + beside, 15 * mm, _INNER - beside, _SMALL_CODE)


def _typed(url: str) -> str:
    """An address as one types it."""
    return url.split("://", 1)[-1].removesuffix("/")


def _fill(canvas: Canvas, story: Iterable[Flowable], x: float, y: float, width: float, height: float) -> None:
    """Draw a story from the top of a box, smaller where it would not fit."""
    frame = Frame(x, y, width, height, *[0] * 4)
    frame.addFromList([KeepInFrame(width, height, list(story), mode="shrink")], canvas)
