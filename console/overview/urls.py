"""The addresses of the overview, below /overview/; all of them for signed-in staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from console.overview import views

app_name = "overview"


def _for_staff(route: str, view: Callable[..., Any], name: str) -> URLPattern:
    return path(route, admin.site.admin_view(view), name=name)


urlpatterns = [
    _for_staff("", views.table, "table"),
    _for_staff("table.<str:kind>", views.table_file, "table_file"),
    _for_staff("map/", views.map_page, "map"),
    _for_staff("map.<str:kind>", views.map_file, "map_file"),
    _for_staff("funding/", views.funding, "funding"),
    _for_staff("funding.<str:kind>", views.funding_file, "funding_file"),
]
