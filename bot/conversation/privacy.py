"""What happens to a person's data, and deleting all of it."""

from __future__ import annotations

from bot.conversation import menu
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.texts import N_
from bot.types import Event, Reply

EXPLANATION = N_(
    "<b>Your data</b>\n"
    "• Run by: {operator}\n"
    "• I keep: your language, your town or district, what I showed you last. Encrypted.\n"
    "• For 30 days: which topics you asked about. Encrypted.\n"
    "• I do not keep: your name, your number, your messages, photos, voice, location.\n"
    "• After 180 days without a message everything is deleted.\n"
    "• Telegram itself can read along and keeps this chat. Do not send papers or health details.\n"
    "• Offices learn nothing from me.\n"
    "• Delete everything at once: /delete"
)


def explain(ctx: Context) -> Outcome:
    rows = ((ctx.button(N_("🗑 Delete everything"), "delete"), *menu.back_row(ctx)),)
    return ctx.say(Reply(ctx.t(EXPLANATION, operator=ctx.operator), rows))


def ask_delete(ctx: Context) -> Outcome:
    """Ask once: deleting cannot be undone."""
    rows = ((ctx.button(N_("🗑 Yes, delete everything"), "delete:yes"), ctx.button(N_("No"), "menu")),)
    html = ctx.t("Shall I delete everything I keep about this chat? This cannot be undone.")
    return ctx.say(Reply(html, rows), asked="delete")


def delete(ctx: Context) -> Outcome:
    """Delete all of it; the receipt holds no personal data."""
    html = ctx.t(
        "Done. Everything I kept about this chat is deleted. "
        "The messages in Telegram itself only you can delete: open the chat's menu. "
        "If you write again, we begin anew."
    )
    return Outcome((Reply(html),), Session(ctx.session.language), (Event("forgotten"),), forget=True)
