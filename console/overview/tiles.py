"""The Land as 44 tiles of one size: where each district stands, and what is written on its tile."""

from __future__ import annotations

from functools import cache

LABELS = {
    "08111": "S",
    "08115": "BB",
    "08116": "ES",
    "08117": "GP",
    "08118": "LB",
    "08119": "WN",
    "08121": "HN",
    "08125": "HN-L",
    "08126": "KÜN",
    "08127": "SHA",
    "08128": "TBB",
    "08135": "HDH",
    "08136": "AA",
    "08211": "BAD",
    "08212": "KA",
    "08215": "KA-L",
    "08216": "RA",
    "08221": "HD",
    "08222": "MA",
    "08225": "MOS",
    "08226": "HD-L",
    "08231": "PF",
    "08235": "CW",
    "08236": "PF-L",
    "08237": "FDS",
    "08311": "FR",
    "08315": "FR-L",
    "08316": "EM",
    "08317": "OG",
    "08325": "RW",
    "08326": "VS",
    "08327": "TUT",
    "08335": "KN",
    "08336": "LÖ",
    "08337": "WT",
    "08415": "RT",
    "08416": "TÜ",
    "08417": "BL",
    "08421": "UL",
    "08425": "UL-L",
    "08426": "BC",
    "08435": "FN",
    "08436": "RV",
    "08437": "SIG",
}
"""What number plates say; with -L the Landkreis that shares its letters with a city."""

_PICTURE = """
.    .    MA   HD   .    TBB  .    .
.    .    .    HD-L MOS  KÜN  .    .
.    KA   KA-L PF   HN-L HN   SHA  .
.    RA   CW   PF-L LB   WN   AA   .
.    BAD  FDS  BB   S    ES   GP   HDH
.    OG   RW   BL   TÜ   RT   UL-L UL
EM   .    VS   TUT  SIG  BC   .    .
FR   FR-L .    KN   FN   RV   .    .
LÖ   WT   .    .    .    .    .    .
"""
"""Drawn after the middles of the districts' postal codes; neighbours stand side by side where they can."""


@cache
def places() -> dict[str, tuple[int, int]]:
    """Column and row of each district's tile, by AGS, from the upper left corner."""
    drawn = {
        label: (column, row)
        for row, line in enumerate(_PICTURE.split("\n")[1:-1])
        for column, label in enumerate(line.split())
    }
    return {ags: drawn[label] for ags, label in LABELS.items()}
