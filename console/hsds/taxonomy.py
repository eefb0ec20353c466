"""The kinds of offers as an HSDS taxonomy: categories, and below `other_office` the kinds of office."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.conversation.labels import Door, door
from bot.texts import texts
from bot.types import LANGUAGES
from services_directory.models import Service

_NAMESPACE = uuid.UUID("5b3c2f60-1d0b-4d0f-9b8e-0a3f6f1c7e52")
_OFFICE = Service.Category.OTHER_OFFICE

TAXONOMY = {
    "id": str(uuid.uuid5(_NAMESPACE, "taxonomy")),
    "name": "Lotse: Angebote",
    "description": "Arten von Angeboten und Stellen für Menschen aus der Ukraine in Baden-Württemberg.",
    "version": "1",
}


@cache
def terms() -> dict[str, dict[str, Any]]:
    """All terms by code, categories first. The code of a kind of office begins with `other_office/`."""
    return {term["code"]: term for term in _terms()}


def codes(service: Service) -> list[str]:
    """The codes of the terms that apply to a service."""
    found: list[str] = [service.category]
    if service.office_kind:
        found.append(f"{_OFFICE.value}/{service.office_kind}")
    return [code for code in found if code in terms()]


def _terms() -> Iterator[dict[str, Any]]:
    for category in Service.Category:
        yield _term(category.value, category.label, door(category.value), "")
    for kind in Service.OfficeKind:
        behind = door(_OFFICE.value, kind.value)
        yield _term(f"{_OFFICE.value}/{kind.value}", kind.label, behind, _OFFICE.value)


def _term(code: str, name: str, behind: Door, parent: str) -> dict[str, Any]:
    return {
        "id": _identity(code),
        "code": code,
        "name": name,
        "description": texts("de").t(behind.does),
        **({"parent_id": _identity(parent)} if parent else {}),
        "taxonomy": TAXONOMY["name"],
        "taxonomy_detail": TAXONOMY,
        "taxonomy_id": TAXONOMY["id"],
        "language": "de",
        "translations": _translations(behind),
    }


def _translations(behind: Door) -> list[dict[str, str]]:
    return [
        {"language": tag, "name": texts(tag).t(behind.label), "description": texts(tag).t(behind.does)}
        for tag in LANGUAGES
        if tag != "de"
    ]


def _identity(code: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, code))
