"""The addresses of the console."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from console import health

admin.site.site_title = admin.site.site_header = "Lotse"

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("admin/", admin.site.urls),
    path("preview/", include("console.preview.urls")),
    path("overview/", include("console.overview.urls")),
    path("hsds/", include("console.hsds.urls")),
    path("", include("console.pages.urls")),
]
