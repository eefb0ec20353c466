"""The open data as a Django app: addresses only, no models."""

from __future__ import annotations

from django.apps import AppConfig


class HsdsConfig(AppConfig):
    name = "console.hsds"
    label = "hsds"
