"""Sharing out an amount by population with the largest-remainder method (Hare-Niemeyer). Pure functions.

Amounts are whole cents. What holds:
- the shares add up to the amount, always;
- each is less than one cent away from its exact share;
- a larger population never gets less, and none gets nothing;
- the same input gives the same shares.
What does not: with a larger amount a single share may be one cent smaller (the Alabama paradox).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_CENTS = 10**15 - 1
"""9.999.999.999.999,99 €: fifteen digits, all that a spreadsheet keeps exactly."""
DEFAULT_CENTS = 8_000_000_00

_CURRENCY = r"(?:€|EURO?)?"
_TYPED = re.compile(rf"\s*{_CURRENCY}\s*(.*?)\s*{_CURRENCY}\s*", re.IGNORECASE | re.DOTALL)
_BLANKS = re.compile(r"\s|['’]")
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(\.[0-9]{3})+")


class AmountError(ValueError):
    """What was typed is not an amount; the text says why, in German, for the person who typed it."""


def shares(cents: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share out `cents` in proportion to the weights, in the order of the weights.

    The cents that are left after rounding down go to the largest remainders. Between equal remainders the
    larger weight comes first, then the smaller key. Raises ValueError for a negative amount or weight, and
    where all weights are zero.
    """
    total = sum(weights.values())
    if cents < 0 or total <= 0 or min(weights.values()) < 0:
        raise ValueError("nothing negative can be shared out, and somebody must have a weight")
    found = {key: cents * weight // total for key, weight in weights.items()}
    left = cents - sum(found.values())
    turn = sorted(weights, key=lambda key: (-(cents * weights[key] % total), -weights[key], key))
    for key in turn[:left]:
        found[key] += 1
    return found


def cents_of(text: str) -> int:
    """Read an amount in euros as it is written in German: "8.000.000", "1234,5", "8 000 000,00 €".

    Raises AmountError.
    """
    match = _TYPED.fullmatch(text)
    typed = _BLANKS.sub(".", match[1]) if match else ""
    if not typed:
        raise AmountError("Bitte einen Betrag eingeben.")
    if typed[0] in "-−–":
        raise AmountError("Der Betrag darf nicht negativ sein.")
    euros, comma, fraction = typed.partition(",")
    if not _WHOLE.fullmatch(euros) or not re.fullmatch(r"[0-9]+" if comma else "", fraction):
        raise AmountError("Bitte den Betrag in Ziffern schreiben, zum Beispiel 8.000.000 oder 1.250,50.")
    if len(fraction) > 2:
        raise AmountError("Bitte höchstens zwei Stellen nach dem Komma: Kleiner als ein Cent geht nicht.")
    digits = euros.replace(".", "").lstrip("0") + fraction.ljust(2, "0")
    if len(digits) > len(str(MAX_CENTS)):
        raise AmountError("Der Betrag ist zu groß: höchstens 9.999.999.999.999,99 €.")
    return int(digits)
