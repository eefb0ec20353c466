"""Plain text as HTML."""

from __future__ import annotations

import html


def escape(text: str) -> str:
    """Text from the directory or the knowledge base, safe to stand in a message."""
    return html.escape(text, quote=False)
