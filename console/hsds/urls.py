"""Django's URLs of the API, below /hsds/."""

from __future__ import annotations

import re

from django.urls import path

from console.hsds.answers import answering, nowhere
from console.hsds.openapi import document
from console.hsds.routes import ROUTES

app_name = "hsds"
urlpatterns = [
    *(
        path(
            re.sub(r"{(\w+)}", r"<str:\1>", route.path),
            answering(route.view, route.parameters),
            name=route.name,
        )
        for route in ROUTES
    ),
    path("openapi.json", answering(document, ()), name="openapi"),
    path("<path:rest>", answering(nowhere, ())),
]
