"""What the bot says, in the person's language: gettext catalogues, plural forms, dates.

Message ids are plain English; the catalogues of all three languages are in `locales/`. They are
read as they are (.po), so there is no compiled copy that could be out of date.
"""

from __future__ import annotations

import gettext
import html
import io
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.types import LANGUAGES, Language

LOCALES = Path(__file__).resolve().parent.parent / "locales"


def N_(message: str) -> str:
    """Mark a message in a table for extraction; it is translated where it is used."""
    return message


class Texts:
    """The catalogue of one language."""

    def __init__(self, language: Language, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue
        self._locale = Locale(language)

    def t(self, message: str, **values: object) -> str:
        """Translate; `values` fill named placeholders and are escaped for HTML."""
        return _fill(self._catalogue.gettext(message), values)

    def tn(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Translate with the plural form that the language has for `n`, which is also a placeholder."""
        return _fill(self._catalogue.ngettext(singular, plural, n), {"n": n, **values})

    def day(self, day: date) -> str:
        """A day in words: "Thursday, 26 November"."""
        skeletons = {"uk": "EEEE, d MMMM", "ru": "EEEE, d MMMM", "de": "EEEE, d. MMMM"}
        return format_date(day, skeletons[self.language], locale=self._locale)

    def time(self, moment: datetime) -> str:
        """The time of day: "14:00"."""
        return format_time(moment, "HH:mm", locale=self._locale)

    def source_date(self, value: str) -> str:
        """A date as precise as it is known: "2025", "2025-03" or "2025-03-14", in words."""
        parts = [int(part) for part in value.split("-")]
        if len(parts) == 1:
            return str(parts[0])
        if len(parts) == 2:
            return format_date(date(parts[0], parts[1], 1), "LLLL y", locale=self._locale)
        return format_date(date(*parts), "long", locale=self._locale)

    def language_name(self, code: str) -> str:
        """The name of a language in this language; the code itself where it has none."""
        return str(self._locale.languages.get(code, code))


def _fill(text: str, values: dict[str, object]) -> str:
    if not values:
        return text
    return text.format(**{key: html.escape(str(value), quote=False) for key, value in values.items()})


@cache
def texts(language: Language) -> Texts:
    """The texts of a language, read once."""
    path = LOCALES / language / "LC_MESSAGES" / "lotse.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Texts(language, gettext.GNUTranslations(compiled))


def warm_up() -> None:
    """Read all catalogues now, so that a broken one stops the start and not a conversation."""
    for language in LANGUAGES:
        texts(language)
