"""Parameters of a call: from query, JSON body, form or multipart, read by the type a method wants."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.botapi.errors import bad_request
from tests.botapi.state import File


@dataclass(frozen=True)
class Params:
    """The parameters of one call; in forms everything but files is text."""

    values: dict[str, Any]

    @classmethod
    async def of(cls, request: web.Request) -> Params:
        values: dict[str, Any] = dict(request.query)
        if request.method == "POST" and request.can_read_body:
            values |= await _body(request)
        return cls(values)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.values.get(name, default)
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f'parameter "{name}" must be a number') from None

    def number(self, name: str) -> float:
        try:
            return float(str(self.values[name]))
        except (KeyError, ValueError):
            raise bad_request(f'parameter "{name}" must be a number') from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "1")

    def json(self, name: str) -> Any:
        """An object or list, given as such or as JSON text; None where it is absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f'can\'t parse "{name}" JSON object') from None

    def file(self, name: str) -> File | None:
        """An uploaded file: in the field itself, or in the one it names ("attach://field")."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self.values.get(value.removeprefix("attach://"))
        if not isinstance(value, web.FileField):
            return None
        return File(value.filename, value.content_type, value.file.read())

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            found = await request.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise bad_request("can't parse the request body as a JSON object")
        return found
    return dict(await request.post())
