"""The map of an offer: one tile for each district, a legend and the day. The same as SVG and as PNG."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.template.loader import render_to_string
from font_roboto import Roboto, RobotoBold
from PIL import Image, ImageDraw, ImageFont

from console.overview.coverage import Level
from console.overview.tables import german
from console.overview.tiles import LABELS, places
from gazetteer.districts import districts

_INK, _LINE = "#1a1a1a", "#595959"
_COLOURS = {
    Level.CONFIRMED: ("#00508c", "#ffffff"),
    Level.SHOWN: ("#56b4e9", _INK),
    Level.PART: ("#cfe8f7", _INK),
    Level.CONTACT: ("#e69f00", _INK),
    Level.DRAFT: ("#e3e3e3", _INK),
    Level.NONE: ("#ffffff", _INK),
}
"""Background and letters: told apart also by colour-blind people, and readable on a grey print."""

_MARGIN, _WIDTH, _HEIGHT, _GAP = 20, 84, 58, 6
_HEAD, _LEGEND_LINE, _SWATCH = 60, 26, 76
_SCALE = 2
"""Pixels of the PNG for one unit of the drawing."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, from its upper left corner."""

    x: int
    y: int
    width: int
    height: int
    fill: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, from the left or around the middle of its base line."""

    x: int
    y: int
    text: str
    size: int
    fill: str = _INK
    is_bold: bool = False
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together, with the words for it that are not drawn."""

    title: str
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture in units of its own; the units are the pixels of a screen."""

    title: str
    description: str
    width: int
    height: int
    groups: tuple[Group, ...]


def draw(offer: str, levels: Mapping[str, Level], day: date) -> Drawing:
    """Draw the map of an offer (its German name) from the level of each district."""
    counts = Counter(levels.values())
    columns, rows = (max(way) + 1 for way in zip(*places().values(), strict=True))
    bottom = _HEAD + rows * (_HEIGHT + _GAP) + 14
    return Drawing(
        title=f"{offer} in den 44 Stadt- und Landkreisen, Stand {german(day)}",
        description=", ".join(f"{level.word}: {counts[level]}" for level in Level),
        width=2 * _MARGIN + columns * (_WIDTH + _GAP) - _GAP,
        height=bottom + len(Level) * _LEGEND_LINE + _MARGIN,
        groups=(
            Group("", (), tuple(_heading(offer, day))),
            *(_tile(ags, level) for ags, level in levels.items()),
            *(_legend(level, counts[level], bottom + n * _LEGEND_LINE) for n, level in enumerate(Level)),
        ),
    )


def as_svg(drawing: Drawing) -> str:
    """The drawing as an SVG document, without styles and scripts."""
    return render_to_string("overview/drawing.svg", {"drawing": drawing})


def as_png(drawing: Drawing) -> bytes:
    """The drawing as a PNG, twice as many pixels as units. Takes some tens of milliseconds."""
    image = Image.new("RGB", (drawing.width * _SCALE, drawing.height * _SCALE), "#ffffff")
    pen = ImageDraw.Draw(image)
    for group in drawing.groups:
        for box in group.boxes:
            corners = (box.x, box.y, box.x + box.width, box.y + box.height)
            pen.rectangle(
                tuple(corner * _SCALE for corner in corners), fill=box.fill, outline=_LINE, width=_SCALE
            )
        for text in group.texts:
            place, anchor = (text.x * _SCALE, text.y * _SCALE), "ms" if text.is_centred else "ls"
            pen.text(place, text.text, text.fill, font=_font(text.size, text.is_bold), anchor=anchor)
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


@cache
def _font(size: int, is_bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(RobotoBold if is_bold else Roboto, size * _SCALE)


def _heading(offer: str, day: date) -> Iterator[Text]:
    yield Text(_MARGIN, 32, offer, 20, is_bold=True)
    yield Text(_MARGIN, 51, f"Stadt- und Landkreise in Baden-Württemberg, Stand {german(day)}", 13)


def _tile(ags: str, level: Level) -> Group:
    column, row = places()[ags]
    x, y = _MARGIN + column * (_WIDTH + _GAP), _HEAD + row * (_HEIGHT + _GAP)
    fill, ink = _COLOURS[level]
    middle = x + _WIDTH // 2
    label = Text(middle, y + 26, LABELS[ags], 18, ink, is_bold=True, is_centred=True)
    word = Text(middle, y + 46, level.word, 13, ink, is_centred=True)
    title = f"{districts()[ags].name_de} ({ags}): {level.meaning}"
    return Group(title, (Box(x, y, _WIDTH, _HEIGHT, fill),), (label, word))


def _legend(level: Level, count: int, y: int) -> Group:
    fill, ink = _COLOURS[level]
    word = Text(_MARGIN + _SWATCH // 2, y + 15, level.word, 13, ink, is_centred=True)
    meaning = Text(_MARGIN + _SWATCH + 12, y + 15, f"{level.meaning} ({_districts(count)})", 13)
    return Group("", (Box(_MARGIN, y, _SWATCH, _LEGEND_LINE - 5, fill),), (word, meaning))


def _districts(count: int) -> str:
    return "1 Kreis" if count == 1 else f"{count} Kreise"
