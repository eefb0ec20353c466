"""The addresses of the public pages: each begins with its language."""

from __future__ import annotations

from django.urls import path, register_converter

from bot.types import LANGUAGES
from console.pages import views


class LanguageConverter:
    """One of the three languages."""

    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")

app_name = "pages"
urlpatterns = [
    path("", views.start, name="start"),
    path("robots.txt", views.robots),
    path("<language:language>/", views.home, name="home"),
    path("<language:language>/helplines/", views.helplines, name="helplines"),
    path("<language:language>/questions/<slug:topic>/", views.question, name="question"),
    path("<language:language>/<str:ags>/poster.pdf", views.poster, name="poster"),
    path("<language:language>/<str:ags>/", views.district, name="district"),
    path("<language:language>/<path:rest>/", views.not_found),
]
