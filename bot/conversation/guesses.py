"""Not sure, or not understood: guesses as buttons, never "please rephrase"."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import answers
from bot.conversation import menu, offers, places
from bot.conversation.context import Context, payload
from bot.conversation.labels import INTENT_LABELS
from bot.conversation.outcome import Outcome
from bot.conversation.session import Wish
from bot.texts import N_
from bot.types import Button, Event, Reply

OFFERED = 3
_PATIENCE = 2
"""The so manyth misunderstanding in a row leads to a person instead of another excuse."""
_PEOPLE = Wish("integration_management")


def offer(ctx: Context) -> Outcome:
    """The best guesses as buttons; none of them is acted upon before the person chooses."""
    understanding = ctx.understanding
    intents = [guess.intent for guess in understanding.guesses] if understanding else []
    buttons = [
        Button(label, payload("guess", intent)) for intent in intents if (label := intent_label(ctx, intent))
    ]
    if not buttons:
        return not_understood(ctx)
    rows = tuple((button,) for button in buttons[:OFFERED])
    event = Event("asked_back", {"guesses": intents[:OFFERED]})
    html = ctx.t("I am not sure what you mean. Is it one of these?")
    question = Reply(html, (*rows, menu.person_row(ctx)))
    if _out_of_patience(ctx):
        return _to_a_person(ctx, question).also(event)
    return ctx.say(question, events=(event,), misunderstood=ctx.session.misunderstood + 1)


def not_understood(ctx: Context) -> Outcome:
    """Say so honestly, with the menu and a person."""
    if _out_of_patience(ctx):
        sorry = ctx.t("I did not understand that. A person understands you better.")
        return _to_a_person(ctx, Reply(sorry))
    html = ctx.t(
        "I did not understand that. I know about offices and help for people from Ukraine. Choose here:"
    )
    return _with_menu(ctx, html, "not_understood")


def _out_of_patience(ctx: Context) -> bool:
    return ctx.session.misunderstood + 1 >= _PATIENCE


def _to_a_person(ctx: Context, sorry: Reply) -> Outcome:
    """The door where people answer, by name and with its hours; first its place, where that is not known."""
    misunderstood = ctx.session.misunderstood + 1
    place = ctx.session.place
    event = Event("person_wanted", {"ags": place.ags if place else "", "misunderstood": misunderstood})
    if place:
        lead = ctx.t("These people talk to you by phone or on site:")
        shown = offers.show(ctx, _PEOPLE)
        said = replace(sorry, html=f"{sorry.html}\n\n{lead}")
    else:
        shown = places.ask(
            ctx,
            ctx.session.wish or _PEOPLE,
            ctx.t("Where do you live? Then I show you the person for your district."),
        )
        said = replace(sorry, buttons=sorry.buttons or menu.menu_rows(ctx))
    session = replace(shown.session, misunderstood=misunderstood)
    return replace(shown.after(said).also(event), session=session)


def unavailable(ctx: Context) -> Outcome:
    """The part that understands sentences is away: the buttons still work."""
    html = ctx.t("I cannot understand sentences at the moment, something is broken. These buttons work:")
    return _with_menu(ctx, html, "nlu_unavailable")


def unreadable(ctx: Context) -> Outcome:
    """Voice, photo, sticker and so on: not stored, not looked at; what to do instead."""
    names = {
        "voice": N_("I cannot listen to voice messages, and I do not keep them."),
        "photo": N_("I cannot look at photos, and I do not keep them. Please do not send papers here."),
        "document": N_("I cannot open files, and I do not keep them. Please do not send papers here."),
        "contact": N_("I do not need phone numbers, and I do not keep them."),
    }
    default = N_("I can only read text, and I do not keep anything else.")
    return instead(ctx, ctx.t(names.get(ctx.turn.attachment, default)))


def instead(ctx: Context, sent: str) -> Outcome:
    """What came of something that is no text, as `sent` says it, and the ways on without it."""
    if ctx.turn.attachment == "voice":
        sent += " " + ctx.t("Your phone can write for you: press the microphone on the keyboard.")
    html = ctx.t("{sent} Write me in a few words what you need, or choose:", sent=sent)
    return _with_menu(ctx, html, "attachment", misunderstood=0)


def _with_menu(ctx: Context, html: str, event: str, misunderstood: int | None = None) -> Outcome:
    count = ctx.session.misunderstood + 1 if misunderstood is None else misunderstood
    return ctx.say(menu.menu(ctx, html), events=(Event(event),), misunderstood=count)


def intent_label(ctx: Context, intent: str) -> str:
    """What an intent is called on a button; "" where it has no name."""
    if intent in answers():
        return answers()[intent].wordings[ctx.language].title
    return ctx.t(INTENT_LABELS[intent]) if intent in INTENT_LABELS else ""
