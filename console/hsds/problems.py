"""What the API says when it cannot answer: problem documents after RFC 9457."""

from __future__ import annotations

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that is not answered: a status, what is wrong in general, and what to do in this case."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail


def bad_request(detail: str) -> Problem:
    """A parameter that cannot be read."""
    return Problem(400, "This request cannot be understood", detail)


def not_found(detail: str) -> Problem:
    """An address or an id that leads nowhere."""
    return Problem(404, "Not found", detail)


def answer(problem: Problem) -> JsonResponse:
    """The problem as a response."""
    document = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    response = JsonResponse(document, status=problem.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    return response
