"""What the pages say around the facts, in the reader's language."""

from __future__ import annotations

import re
from functools import cache

from bot.texts import N_, texts
from bot.types import Language

_SAID = {
    "title": N_("Help for people from Ukraine in Baden-Württemberg"),
    "intro": N_("Offices, counselling and psychological support near you. You need no account here."),
    "skip": N_("Skip to the content"),
    "language": N_("Language"),
    "on_page": N_("On this page"),
    "urgent": N_("🆘 Urgent help"),
    "danger": N_("🆘 Danger to life: call <b>112</b>. Police: <b>110</b>."),
    "all_lines": N_("All help lines"),
    "find": N_("Find your district"),
    "question": N_("In which town or district do you live? Write its name or the postal code."),
    "search": N_("Search"),
    "not_found": N_(
        "I did not find this place in Baden-Württemberg. "
        "Try the postal code (5 digits) or choose from the list."
    ),
    "districts": N_("All districts"),
    "topics": N_("Questions and answers"),
    "none_own": N_(
        "No such offer is known in this district yet. Ask the integration manager of the district."
    ),
    "call_first": N_("Please call first. Ask whether they take people from your district."),
    "above": N_("Further up on this page:"),
    "hours": N_("Next opening hours"),
    "closed": N_("🚫 Closed on these days:"),
    "map": N_("🗺 Map"),
    "empty": N_(
        "No addresses can be shown at the moment. Please try again later. "
        "These pages help everywhere in Germany:"
    ),
    "take_along": N_("To take along"),
    "in_bot": N_("Open this district in the bot"),
    "scan": N_("Scan the code with your phone, or press the link. The bot then knows your district."),
    "preview": N_("You can also ask the bot here in the browser."),
    "ask_bot": N_("Ask the bot"),
    "poster": N_("Poster to print (PDF)"),
    "papers": N_("📄 Papers:"),
    "office": N_("The office for this question"),
    "related": N_("Related questions"),
    "missing": N_("This page does not exist"),
    "missing_way": N_("Please choose your district from the list, or search for it."),
    "staff": N_("For staff"),
    "no_trace": N_("These pages set no cookies and do not ask who you are."),
}


@cache
def wording(language: Language) -> dict[str, str]:
    """All sentences in one language, by name. The one on danger is HTML: its numbers can be called."""
    said = {name: texts(language).t(message) for name, message in _SAID.items()}
    danger = said["danger"].removeprefix("🆘 ")
    return said | {"danger": re.sub(r"<b>(\d+)</b>", r'<a href="tel:\1">\1</a>', danger)}
