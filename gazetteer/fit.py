"""How well the letters of a typed word fit a name, beyond sounding like it."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from gazetteer.index import Name
from gazetteer.spelling import cyrillic_spellings, is_cyrillic, latin_spellings, plain_cyrillic

_CYRILLIC_SOFTENED = {"зи": "ги", "си": "хи", "ци": "ки"}


def rated(letters: str, names: Iterable[Name]) -> list[tuple[float, Name]]:
    """The names with their fit to the letters (lower case, words joined), 0 to 1, best first."""
    return sorted(((_letter_fit(letters, name), name) for name in names), key=lambda pair: -pair[0])


def _letter_fit(letters: str, name: Name) -> float:
    """How well the letters fit the name, 0 to 1, not counting a case ending."""
    if not is_cyrillic(letters):
        return max(_prefix_fit(letters, spelling) for spelling in latin_spellings(name.text))
    plain = plain_cyrillic(letters)
    return max(_prefix_fit(plain, spelling) for spelling in cyrillic_spellings(name.text))


def _prefix_fit(letters: str, spelling: str) -> float:
    """Likeness of a written word, perhaps declined, to a spelling, 0 to 1."""
    softened = _CYRILLIC_SOFTENED.get(letters[-2:])
    if softened and letters[:-2] + softened == spelling + "и":
        return 0.99
    if letters == spelling:
        return 1.0
    if letters.startswith(spelling) and len(letters) - len(spelling) <= 3:
        return 0.99
    if letters[:-1] == spelling[:-1]:
        return 0.98
    return fuzz.ratio(letters[: len(spelling)], spelling) / 100 * 0.97
