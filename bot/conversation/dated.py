"""Opening hours for what is read later than it was made: with the day, never "now" or "tomorrow"."""

from __future__ import annotations

from datetime import datetime

from bot.conversation import openings
from bot.texts import Texts
from services_directory.hours import next_openings
from services_directory.snapshot import Listing


def hours(spoken: Texts, listing: Listing, now: datetime, count: int = 3) -> list[str]:
    """The present and the next openings, one a line; one line that says so where they are not known."""
    if not openings.are_known(listing):
        if not listing.phones:
            return [spoken.t("hours not known")]
        return [spoken.t("Opening hours are not known. Please call before you go.")]
    state = openings.state(listing, now)
    if state.open and state.until is None:
        return [spoken.t("day and night")]
    found = next_openings(listing.opening_hours, now, count, listing.exceptions)
    lines = [f"{spoken.day(opens.date())}, {spoken.time(opens)}–{spoken.time(ends)}" for opens, ends in found]
    return lines or [spoken.t("The next opening is not known. Please call before you go.")]
