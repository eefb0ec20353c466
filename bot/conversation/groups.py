"""In groups others read along: one short answer to a general question, the private chat for all the rest.

What somebody writes about themselves is not answered here, and the button to the private chat does not say
what it was about: it stays in the group when the message above it is long deleted.
"""

from __future__ import annotations

import re

from bot.answers import answers
from bot.conversation.card import confirmation, contact_lines, has_door, title
from bot.conversation.context import Context
from bot.conversation.deeplink import DeepLink, offer_link
from bot.conversation.markup import escape
from bot.conversation.naming import described
from bot.conversation.offers import search
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Place, Reply

_GENERAL_QUESTIONS = frozenset(
    {
        "ask_childcare",
        "ask_driving_licence",
        "ask_language_course",
        "ask_leisure",
        "ask_pets",
        "ask_phone_internet",
        "ask_qualification_recognition",
        "ask_school",
        "ask_translation",
        "ask_transport",
        "ask_university",
        "ask_vehicle",
        "ask_work",
        "offer_help",
    }
)
"""Questions that tell nothing of who asks. Health, residence, money, family and flight are not among them."""
_GENERAL_OFFICES = {
    "find_integration_manager": "integration_management",
    "find_helper_training": "helper_training",
}
_OF_ONESELF = re.compile(
    r"\b(?:я|мене|мені|мною|ми|нас|нам|нами|мій|моя|моє|мої|мого|моєї|моїх|наш\w*|живу|живемо|мешкаю"
    r"|меня|мне|мной|мы|мой|моё|мое|мои|моего|моей|моих|живём|живем"
    r"|ich|mir|mich|wir|uns|mein\w*|unser\w*|wohne|lebe)\b",
    re.IGNORECASE,
)


def answer(ctx: Context) -> Outcome:
    """One short message. What the group said is neither kept nor noted."""
    if ctx.turn.kind == "command" and ctx.turn.payload == "sos":
        return _say(
            ctx,
            ctx.t("🆘 Danger to life: call <b>112</b>. Police: <b>110</b>."),
            DeepLink(language=ctx.language),
        )
    understood = ctx.understanding
    if understood is None or understood.certainty != "sure":
        return _in_private(ctx)
    intent, of_oneself = understood.intent, bool(_OF_ONESELF.search(ctx.turn.text))
    if intent in _GENERAL_QUESTIONS and not (of_oneself and ctx.place.kind != "none"):
        return _question(ctx, intent)
    wish = _wish(ctx, intent)
    if wish and ctx.place.kind == "found" and not of_oneself:
        return _office(ctx, wish, ctx.place.matches[0].place)
    return _in_private(ctx)


def _wish(ctx: Context, intent: str) -> Wish | None:
    if category := _GENERAL_OFFICES.get(intent):
        return Wish(category)
    kind = ctx.understanding.office_kind if ctx.understanding else ""
    return Wish("other_office", kind) if intent == "find_other_office" and kind else None


def _question(ctx: Context, intent: str) -> Outcome:
    wording = answers()[intent].wordings[ctx.language]
    html = f"<b>{escape(wording.title)}</b>\n{escape(wording.short)}"
    return _say(ctx, html, DeepLink(offer=intent, language=ctx.language), N_("➡️ More in the private chat"))


def _office(ctx: Context, wish: Wish, place: Place) -> Outcome:
    listing = next((match.listing for match in search(ctx, wish, place) if has_door(match.listing)), None)
    if listing is None:
        return _in_private(ctx)
    lines = (ctx.t("For: {place}", place=described(ctx, place)), title(listing), *contact_lines(listing))
    html = "\n\n".join(("\n".join(lines), confirmation(ctx, listing)))
    link = offer_link(wish, place.municipality_ags or place.ags, ctx.language)
    return _say(ctx, html, link, N_("➡️ More in the private chat"))


def _in_private(ctx: Context) -> Outcome:
    html = ctx.t("Please write to me in a private chat. Here everybody reads along.")
    return _say(ctx, html, DeepLink(language=ctx.language))


def _say(ctx: Context, html: str, link: DeepLink, label: str = N_("✍️ Private chat")) -> Outcome:
    rows = ((Button(ctx.t(label), url=link.url(ctx.username)),),) if ctx.username else ()
    return ctx.say(Reply(html, rows))
