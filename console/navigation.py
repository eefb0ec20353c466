"""What stands in the sidebar of the staff pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links: the overview for all staff, then what the signed-in person may edit or see."""
    return [
        {"title": "Übersicht", "items": [*_overview(request)]},
        *(
            {"title": app["name"], "items": [_item(request, *_listed(model)) for model in app["models"]]}
            for app in admin.site.get_app_list(request)
        ),
    ]


def _overview(request: HttpRequest) -> list[dict[str, Any]]:
    pages = (("table", "Angebote in den Kreisen"), ("map", "Karte"), ("funding", "Mittel verteilen"))
    return [_item(request, title, reverse(f"overview:{name}")) for name, title in pages]


def _listed(model: dict[str, Any]) -> tuple[str, str]:
    return str(model["name"]), model.get("admin_url") or model["add_url"]


def _item(request: HttpRequest, title: str, link: str) -> dict[str, Any]:
    is_exact = link == reverse("overview:table")
    active = request.path == link if is_exact else request.path.startswith(link)
    return {"title": title, "link": link, "active": active}
