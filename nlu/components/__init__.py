"""Lotse's own parts of the Rasa pipeline (see ../config.yml and ../README.md)."""
