"""The addresses of the preview, below /preview/."""

from __future__ import annotations

from django.urls import path

from console.preview import views

app_name = "preview"
urlpatterns = [
    path("", views.page, name="page"),
    path("anew", views.anew, name="anew"),
    path("turns", views.turns, name="turns"),
    path("replies", views.replies, name="replies"),
]
