"""The parameters of the API: how each is read, and how it is described in the OpenAPI document.

Nothing is guessed: a parameter that is unknown, repeated or not readable is refused with a sentence that
says what would be right.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from bot.types import LANGUAGES
from console.hsds.problems import bad_request
from gazetteer.districts import districts
from services_directory.snapshot import CATEGORIES

PER_PAGE = 50
MAX_PER_PAGE = 200
MAX_PAGE = 100_000
MAX_SEARCH = 100
MAX_WORDS = 10

Query = dict[str, Any]
"""The parameters of one request as values, only those that were given."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """`read` turns the text into a value or raises ValueError with what was expected."""

    name: str
    description: str
    schema: dict[str, Any]
    read: Callable[[str], Any]


def read(given: QueryDict, known: Iterable[Parameter]) -> Query:
    """Read the parameters of a request. Raises Problem for the first one that is not right."""
    parameters = {parameter.name: parameter for parameter in known}
    query: Query = {}
    for name, values in given.lists():
        if name not in parameters:
            raise bad_request(f'There is no parameter "{name[:50]}" here. {_names(parameters)}')
        if len(values) > 1:
            raise bad_request(f'The parameter "{name}" is given more than once.')
        try:
            query[name] = parameters[name].read(values[0])
        except ValueError as error:
            raise bad_request(f'The parameter "{name}" is not right: {error}') from error
    return query


def _names(parameters: dict[str, Parameter]) -> str:
    return f"Known: {', '.join(sorted(parameters))}." if parameters else "This address takes none."


def _whole_number(limit: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= limit:
            raise ValueError(f"a whole number from 1 to {limit} is expected.")
        return int(text)

    return number


def _one_of(values: Iterable[str]) -> Callable[[str], str]:
    known = tuple(values)

    def choice(text: str) -> str:
        if text not in known:
            raise ValueError(f"one of these is expected: {', '.join(known)}.")
        return text

    return choice


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError("true or false is expected.")
    return text.lower() == "true"


def _moment(text: str) -> datetime:
    """A date is its first moment; a time without a zone is one of Berlin."""
    # A "+" that was not encoded arrives as a space.
    text = re.sub(r" (?=\d\d:?\d\d$)", "+", text) if "T" in text else text
    try:
        moment = parse_datetime(text) if len(text) > len("2026-01-31") else None
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if day:
        moment = datetime.combine(day, time.min)
    if moment is None or not 1 < moment.year < 9999:
        raise ValueError("a date or time after ISO 8601 is expected, such as 2026-01-31T08:00:00Z.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _search(text: str) -> list[str]:
    words = text.split()
    if not 1 <= len(words) <= MAX_WORDS or len(text) > MAX_SEARCH or not text.isprintable():
        raise ValueError(f"1 to {MAX_WORDS} words are expected, at most {MAX_SEARCH} characters.")
    return words


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ValueError("a UUID is expected.") from None


def _district(text: str) -> str:
    if text not in districts():
        raise ValueError("an AGS of five digits of a district in Baden-Württemberg is expected.")
    return text


def _postcode(text: str) -> str:
    if not re.fullmatch(r"[0-9]{5}", text):
        raise ValueError("a postal code of five digits is expected.")
    return text


_TEXT = {"type": "string"}
_UUID = {"type": "string", "format": "uuid"}
_BOOLEAN = {"type": "boolean", "default": False}

PAGE = Parameter(
    "page",
    "Which page, counted from 1. A page beyond the last is empty.",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1},
    _whole_number(MAX_PAGE),
)
PER_PAGE_PARAMETER = Parameter(
    "per_page",
    "How many records a page holds at most.",
    {"type": "integer", "minimum": 1, "maximum": MAX_PER_PAGE, "default": PER_PAGE},
    _whole_number(MAX_PER_PAGE),
)
FORMAT = Parameter(
    "format",
    "`ndjson`: all records without pages, one in each line.",
    {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
    _one_of(("json", "ndjson")),
)
SEARCH = Parameter(
    "search",
    "Words that all occur in names, descriptions (in any language), the organization's name or the town.",
    {"type": "string", "minLength": 1, "maxLength": MAX_SEARCH},
    _search,
)
TAXONOMY_ID = Parameter("taxonomy_id", "What has a term of this taxonomy.", _UUID, _identifier)
TAXONOMY_TERM_ID = Parameter("taxonomy_term_id", "What has this taxonomy term.", _UUID, _identifier)
ORGANIZATION_ID = Parameter("organization_id", "What this organization offers.", _UUID, _identifier)
MODIFIED_AFTER = Parameter(
    "modified_after",
    "What changed at this time or later.",
    {"type": "string", "format": "date-time"},
    _moment,
)
MINIMAL = Parameter(
    "minimal", "Of each service only id, name, status and last_modified, all on one page.", _BOOLEAN, _flag
)
FULL = Parameter("full", "Records with everything that belongs to them.", _BOOLEAN, _flag)
FULL_SERVICE = Parameter("full_service", "Services with everything that belongs to them.", _BOOLEAN, _flag)
POSTCODE = Parameter("postcode", "What serves the district of this postal code.", _TEXT, _postcode)
TOP_ONLY = Parameter("top_only", "Only terms without a parent.", _BOOLEAN, _flag)
PARENT_ID = Parameter("parent_id", "Only terms with this parent.", _UUID, _identifier)
DISTRICT = Parameter(
    "district",
    "Profile: what serves this district or a part of it, by its AGS of five digits; "
    "what serves the whole Land is among it.",
    {"type": "string", "pattern": "^08[0-9]{3}$"},
    _district,
)
CATEGORY = Parameter(
    "category",
    "Profile: one kind of offer.",
    {"type": "string", "enum": list(CATEGORIES)},
    _one_of(CATEGORIES),
)
LANGUAGE = Parameter(
    "language",
    "In which language the entries describe the offer.",
    {"type": "string", "enum": list(LANGUAGES), "default": "de"},
    _one_of(LANGUAGES),
)

PAGES = (PAGE, PER_PAGE_PARAMETER, FORMAT)
