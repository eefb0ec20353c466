"""What happens to a person's data, and deleting all of it."""

from __future__ import annotations

from bot.conversation import menu, news
from bot.conversation.context import Context
from bot.conversation.outcome import Outcome
from bot.conversation.session import Session
from bot.texts import N_
from bot.types import Event, Reply

EXPLANATION = N_(
    "<b>Your data</b>\n"
    "• Run by: {operator}\n"
    "• I keep: your language, your town or district, what I showed you last. Encrypted.\n"
    "• Also: the place of a person you help, and the day of your last message. Encrypted.\n"
    "• For 30 days: which topics you asked about. Encrypted.\n"
    "• For news and reminders you asked for: the address of this chat. Encrypted.\n"
    "• I do not keep: your name, your number, your messages, photos, voice, location.\n"
    "• After 180 days without a message everything is deleted.\n"
    "• Telegram itself can read along and keeps this chat. Do not send papers or health details.\n"
    "• Offices learn nothing from me.\n"
    "• Delete everything at once: /delete"
)

LISTENING = N_(
    "• Voice messages: a program on our own machine writes them down. Recording and words are not kept."
)


def explain(ctx: Context) -> Outcome:
    reminders = (ctx.button(N_("🔔 My reminders"), "reminders"),)
    rows = (news.row(ctx), reminders, (ctx.button(N_("🗑 Delete everything"), "delete"), *menu.back_row(ctx)))
    html = ctx.t(EXPLANATION, operator=ctx.operator)
    if ctx.hears:
        html += "\n" + ctx.t(LISTENING)
    return ctx.say(Reply(html, rows))


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
