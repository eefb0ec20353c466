"""From any state, whatever is written, sent or pressed leads to an answer with a way on.

Random walks through the conversation core with the real directory, the real texts and the real finding of
places. What was understood of a text is random too: it may be anything, and it may be wrong.
"""

from __future__ import annotations

import base64
import json
import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, get_args

import pytest
import yaml
from django.db import transaction
from pytest_django import DjangoDbBlocker

from bot.answers import answers
from bot.bulletin import Bulletin
from bot.channels.base import MAX_CAPTION, MAX_TEXT
from bot.channels.telegram.keyboards import markup
from bot.conversation.inline import InlineCard
from bot.conversation.outcome import Outcome
from bot.conversation.respond import COMMANDS_SHOWN, Core
from bot.conversation.session import Session
from bot.types import (
    LANGUAGES,
    Correction,
    DangerKind,
    ForWhom,
    FurtherWish,
    Guess,
    Move,
    PlaceResult,
    Reply,
    Turn,
    Understanding,
    Unheard,
)
from gazetteer.districts import districts
from gazetteer.resolver import Resolver
from services_directory.publish import build_snapshot
from services_directory.search import DirectoryIndex
from services_directory.seeding import seed
from services_directory.snapshot import CATEGORIES, OFFICE_KINDS
from tests.bot_factory import MONDAY_MORNING
from tests.botapi import keyboards
from tests.botapi.html import plain_text, utf16_length
from tests.e2e.parts import ROOT

pytestmark = pytest.mark.django_db

TURNS = 700
CERTAINTIES = ("sure", "unsure", "not_understood", "unavailable")
ATTACHMENTS = ("voice", "audio", "video_note", "photo", "sticker", "document", "contact", "poll", "game", "x")
PIECES = (
    *("психолог", "інтеграційний менеджер", "де джобцентр", "Wo ist das Amt?", "мне плохо", "так", "nein"),
    *("Heidelberg", "Ульм", "я з Мангайма", "район Хайльбронн", "Neustadt", "74072", "Мюнхен", "99999"),
    *("ще", "назад", "інший", "дякую", "а коли вони працюють?", "школа и жильё", "help me please"),
    *("😡😡", "???", "…", "<b>жирно", "A & B <script>", "https://example.org/?a=1&b=2", "\u202eнавпаки"),
    *(
        "ё" * 50,
        "слово " * 60,
        "/невідома",
        "@хтось",
        "0",
        "-1",
        "'; --",
        "ﷺ",
        "\x00",
        "👩\u200d👧",
        "  \n  ",
    ),
)
KINDS = {"text": 40, "button": 37, "command": 8, "attachment": 6, "location": 4, "edited": 2, "due": 3}
"""What people do, and how often out of a hundred times."""
NEAR = ((49.41, 8.69), (48.78, 9.18), (47.79, 9.61))
FAR = ((52.52, 13.4), (0.0, 0.0), (-91.0, 500.0), (90.0, 180.0))
SENTENCES_IN_GROUPS = re.compile(r"112|110|\w{3,}")


@pytest.fixture(scope="module")
def directory(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> DirectoryIndex:
    """The directory as it is published from its data file."""
    positions = {ags: (district.latitude, district.longitude) for ags, district in districts().items()}
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        snapshot = build_snapshot(1)
        transaction.set_rollback(True)
    assert len(snapshot.listings) > 100
    return DirectoryIndex(snapshot, positions)


@cache
def resolver() -> Resolver:
    return Resolver.load()


@cache
def intents() -> tuple[str, ...]:
    """All intents of the model, and one that none knows."""
    domain = yaml.safe_load((ROOT / "nlu" / "domain.yml").read_text(encoding="utf-8"))
    return (*domain["intents"], "no_such_intent")


@dataclass
class Walk:
    """A person who does anything at all, in states they were in before too."""

    core: Core
    chance: random.Random
    client_language: str
    at: datetime = MONDAY_MORNING
    session: Session | None = None
    states: list[Session | None] = field(default_factory=lambda: [None])
    """States to fall back to: a button of an old message is pressed when everything is different."""
    payloads: list[str] = field(default_factory=lambda: ["menu"])
    links: list[str] = field(default_factory=lambda: ["start"])
    cards: tuple[InlineCard, ...] = ()
    """What inline mode offers for the words written last."""
    seen: dict[str, int] = field(default_factory=dict)

    def step(self) -> tuple[Turn, Outcome]:
        """Do something, and return what was done and what it led to."""
        self.at += timedelta(minutes=self.chance.choice((1, 1, 5, 600, 5000)))
        if self.chance.random() < 0.15:
            self.session = self.chance.choice(self.states)
        turn, understanding = self._anything()
        outcome = self.core.respond(turn, self.session, understanding)
        self._remember(turn, outcome)
        if understanding:
            self.cards = self.core.cards(turn, understanding, self.chance.choice(("", *CATEGORIES)))
        return turn, outcome

    def _remember(self, turn: Turn, outcome: Outcome) -> None:
        self.seen[turn.kind] = self.seen.get(turn.kind, 0) + 1
        stored = json.loads(json.dumps(outcome.session.to_dict()))
        assert Session.from_dict(stored) == outcome.session, "a session survives being stored"
        self.session = None if outcome.forget else outcome.session
        self.states.append(self.session)
        for button in _buttons(outcome):
            if button.payload and button.payload not in self.payloads:
                self.payloads.append(button.payload)
            self.links += re.findall(r"[?&]start=([\w-]{1,64})", button.url)

    def _anything(self) -> tuple[Turn, Understanding | None]:
        [kind] = self.chance.choices(list(KINDS), list(KINDS.values()))
        return getattr(self, f"_{kind}")()  # type: ignore[no-any-return]

    def _turn(self, kind: str, **fields: Any) -> Turn:
        group = kind in ("text", "command", "edited") and self.chance.random() < 0.08
        return Turn(
            "c0ffee", kind, self.at, group=group, client_language=self.client_language, **fields  # type: ignore[arg-type]
        )  # fmt: skip

    def _text(self, kind: str = "text") -> tuple[Turn, Understanding]:
        text = " ".join(self.chance.choices(PIECES, k=self.chance.choice((1, 1, 2, 3, 6))))
        attachment = "photo" if self.chance.random() < 0.05 else ""
        return self._turn(kind, text=text[:MAX_TEXT], attachment=attachment), self._understanding(text)

    def _edited(self) -> tuple[Turn, Understanding]:
        return self._text("edited")

    def _command(self) -> tuple[Turn, Understanding | None]:
        name = self.chance.choice([*(name for name, _ in COMMANDS_SHOWN), "start", "help", "nonsense"])
        if self.chance.random() < 0.5:
            return self._turn("command", payload=name), None
        text = self.chance.choice([*self.links, *PIECES, "08221-trauma_consultation-uk", "____", "-" * 64])
        understood = self._understanding(text) if self.chance.random() < 0.7 else None
        return self._turn("command", payload=name, text=text), understood

    def _button(self) -> tuple[Turn, None]:
        payload = self.chance.choice(self.payloads)
        if self.chance.random() < 0.15:
            payload = self._broken(payload)
        return self._turn("button", payload=payload), None

    def _broken(self, payload: str) -> str:
        verb, *arguments = payload.split(":")
        other = self.chance.choice(self.payloads).split(":")
        choices = (
            verb,
            f"{verb}:",
            f"{verb}:x:y:z",
            ":".join((verb, *other[1:])),
            ":".join((verb, *reversed(arguments), "-1")),
            ":".join((other[0], *arguments, "99999999999999999999")),
            payload[:-1],
            f"{payload}é²",
            f"::{payload}",
            "\x00",
        )
        return self.chance.choice(choices)[:64] or ":"

    def _attachment(self) -> tuple[Turn, Understanding | None]:
        if self.chance.random() < 0.5:
            return self._turn("attachment", attachment=self.chance.choice(ATTACHMENTS)), None
        return self._spoken()

    def _spoken(self) -> tuple[Turn, Understanding | None]:
        """A voice message where the bot listens: heard, and understood somehow, or not heard."""
        if self.chance.random() < 0.2:
            reason = self.chance.choice(get_args(Unheard))
            return self._turn("attachment", attachment="voice", spoken=reason), None
        turn, understanding = self._text("attachment")
        return replace(turn, attachment="voice", spoken="heard"), understanding

    def _location(self) -> tuple[Turn, None]:
        latitude, longitude = self.chance.choice(NEAR + FAR)
        return self._turn("location", latitude=latitude, longitude=longitude), None

    def _due(self) -> tuple[Turn, None]:
        """Something promised, or no longer: a reminder, news of a district, and what no version knows."""
        reminders = self.session.reminders if self.session else ()
        known = [f"reminder:{reminder.id}" for reminder in reminders]
        payload = self.chance.choice(["gone:1", "reminder:none", "recheck:", self._notice(), *known, *known])
        return self._turn("due", payload=payload), None

    def _notice(self) -> str:
        listing = self.chance.choice([*(found.id for found in self.core.directory().snapshot.listings), ""])
        ags = self.chance.choice([*districts(), "", self.session.notices if self.session else ""])
        texts = {"de": "Heute < geschlossen & morgen auch"}
        until = datetime.fromisoformat("2200-01-01T00:00+00:00")
        return "notice:" + Bulletin(id="n1", ags=ags, texts=texts, listing=listing, until=until).to_json()

    def _understanding(self, text: str) -> Understanding:
        chance = self.chance
        guesses = tuple(
            Guess(intent, chance.random()) for intent in chance.sample(intents(), chance.choice((0, 1, 3, 5)))
        )
        certainty = chance.choice(CERTAINTIES) if guesses else chance.choice(CERTAINTIES[2:])
        return Understanding(
            language=chance.choice((None, None, *LANGUAGES)),
            certainty=certainty,  # type: ignore[arg-type]
            guesses=guesses,
            danger=chance.choice((None,) * 12 + get_args(DangerKind)),
            place=chance.choice((resolver().resolve(text), PlaceResult("none"))),
            office_kind=chance.choice(("",) * 10 + OFFICE_KINDS),
            other_language=chance.choice(("",) * 10 + ("en", "fr", "xx", "zh-Hant")),
            move=chance.choice(("",) * 10 + get_args(Move)),
            correction=chance.choice(("",) * 10 + get_args(Correction)),
            for_whom=chance.choice(("",) * 6 + get_args(ForWhom)),
            further=tuple(
                FurtherWish(chance.choice(intents()), chance.choice(("", *OFFICE_KINDS)))
                for _ in range(chance.choice((0, 0, 0, 1, 2)))
            ),
        )


def _buttons(outcome: Outcome) -> list[Any]:
    return [button for reply in outcome.replies for row in reply.buttons for button in row]


def assert_telegram_takes(reply: Reply) -> None:
    """The message is one that Telegram accepts, with its keyboard and its file."""
    text = plain_text(reply.html).strip()
    assert text or reply.document, "an empty message"
    assert utf16_length(text) <= (MAX_CAPTION if reply.document else MAX_TEXT)
    shown = markup(reply)
    keyboards.checked(json.loads(shown.to_json()) if shown else None)
    for row in reply.buttons:
        for button in row:
            assert sum(map(bool, (button.payload, button.url, button.asks_location))) <= 1
    if reply.document:
        assert re.fullmatch(r"[\w.-]+\.\w{2,4}", reply.document.name, re.ASCII)
        assert base64.b64decode(reply.document.content, validate=True)


def assert_there_is_a_way_on(turn: Turn, outcome: Outcome) -> None:
    """Somebody who reads the answer can go on: by a button, or in a group by what the text says."""
    if turn.kind == "due" and not outcome.replies:
        return  # What was promised no longer holds, and nobody asked anything.
    assert outcome.replies, "no answer"
    if outcome.forget:
        return  # The receipt of a deletion; whoever writes again begins anew.
    if turn.group:
        assert all(SENTENCES_IN_GROUPS.search(plain_text(reply.html)) for reply in outcome.replies)
        return
    assert _buttons(outcome), "an answer without a way on"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed_number", [1, 2])
def test_a_random_walk_never_ends_in_a_dead_end(
    directory: DirectoryIndex, language: str, seed_number: int
) -> None:
    core = Core(lambda: directory, "Testverein", "lotse_test_bot")
    walk = Walk(core, random.Random(f"{language}{seed_number}"), language)
    for number in range(TURNS):
        before = walk.session
        try:
            turn, outcome = walk.step()
            for reply in outcome.replies:
                assert_telegram_takes(reply)
            for card in walk.cards:
                assert_telegram_takes(Reply(card.html, ((card.button,),) if card.button else ()))
            assert_there_is_a_way_on(turn, outcome)
        except Exception as error:
            raise AssertionError(f"turn {number} from {before}: {error!r}") from error
    assert walk.seen["text"] + walk.seen["button"] > 500
    assert len(walk.payloads) > 100, "the walk has seen much of the bot"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_that_leads_anywhere_leads_on(directory: DirectoryIndex, language: str) -> None:
    """Press every button that any screen offers, until no new ones turn up."""
    core = Core(lambda: directory, "Testverein", "lotse_test_bot")
    start = Turn("c0ffee", "command", MONDAY_MORNING, payload="start", client_language=language)
    first = core.respond(start, None, None)
    waiting = [(button.payload, first.session) for button in _buttons(first) if button.payload]
    pressed: set[str] = set()
    while waiting:
        payload, session = waiting.pop()
        if payload in pressed or _is_one_of_many(payload, pressed):
            continue
        pressed.add(payload)
        turn = Turn("c0ffee", "button", MONDAY_MORNING, payload=payload, client_language=language)
        outcome = core.respond(turn, session, None)
        for reply in outcome.replies:
            assert_telegram_takes(reply)
        assert_there_is_a_way_on(turn, outcome)
        waiting += [(button.payload, outcome.session) for button in _buttons(outcome) if button.payload]
    assert {f"find:{category}" for category in ("integration_management", "trauma_consultation")} <= pressed
    assert {f"ask:{intent}" for intent in answers()} <= pressed
    assert {f"at:{ags}" for ags in districts()} <= pressed


def _is_one_of_many(payload: str, pressed: set[str]) -> bool:
    """Whether enough buttons of this kind were pressed: listings and dates are countless."""
    verb = payload.split(":")[0]
    return verb not in ("find", "ask", "at") and sum(other.split(":")[0] == verb for other in pressed) >= 40
