"""Voice messages: off, they get a kind answer; on, they are read back, and acted on after a yes."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from redis.asyncio import Redis
from telegram import Bot

from bot.channels.telegram.updates import UpdateReader
from bot.channels.telegram.voice import VoiceMessages
from bot.connection import redis_client
from bot.conversation.outcome import Outcome
from bot.conversation.respond import Core
from bot.conversation.session import Session
from bot.handling import TurnHandler
from bot.inbox import Entry, Envelope
from bot.sessions import SessionStore
from bot.types import Guess, Language, PlaceResult, Reply, Understanding
from bot.voice import (
    MAX_BYTES,
    MAX_S,
    NothingHeard,
    Recogniser,
    Transcriber,
    Transcript,
    VoiceUnavailable,
    recogniser,
)
from tests.bot_factory import a_turn, a_vault
from tests.botapi import BotApiServer
from tests.speech import as_voice_message, speech_model, voice_message
from tests.test_conversation import (
    GREETED,
    IN_HEIDELBERG,
    OUTSIDE,
    SETTLED,
    TWO_PLACES,
    WAITING,
    core,
    events,
    payloads,
    presses,
    says,
    sends,
    text_of,
    understood,
)

SAID = "я у Гейдельберзі <шукаю> менеджера"
A_WISH = understood("find_integration_manager", place=IN_HEIDELBERG)
REASONS = ("too_long", "silent", "foreign", "failed")


def speaks(
    understanding: Understanding | None,
    session: Session | None = GREETED,
    text: str = SAID,
    spoken: str = "heard",
) -> Outcome:
    turn = a_turn(text, kind="attachment", attachment="voice", spoken=spoken)
    return core().respond(turn, session, understanding)


def remembered(outcome: Outcome) -> Session:
    """The session as the next turn finds it."""
    return Session.from_dict(json.loads(json.dumps(outcome.session.to_dict())))


class TestOff:
    def test_the_answer_is_kind_and_shows_the_ways_on(self) -> None:
        outcome = sends(kind="attachment", attachment="voice")
        assert "голосових" in text_of(outcome).lower()
        assert "мікрофон" in text_of(outcome), "the phone itself can write what is said"
        assert {"human", "urgent", "find:integration_management"} <= set(payloads(outcome))

    def test_the_file_is_not_even_named_to_the_rest_of_the_bot(self) -> None:
        assert read(hears=False) == ("", "")


class TestReadingBack:
    def test_what_was_heard_is_read_back_before_anything_is_done(self) -> None:
        outcome = speaks(A_WISH)
        assert "Гейдельберзі &lt;шукаю&gt;" in text_of(outcome)
        assert {"heard:yes", "heard:no", "menu"} == set(payloads(outcome))
        assert outcome.session.shown is None
        assert outcome.session.place is None

    def test_a_yes_does_what_was_said(self) -> None:
        outcome = presses("heard:yes", remembered(speaks(A_WISH)))
        assert events(outcome) == ["offer_shown"]
        assert outcome.session.place
        assert outcome.session.place.name == "Heidelberg"
        assert outcome.session.heard is None

    @pytest.mark.parametrize("spoken", ["", "heard"])
    def test_a_yes_in_words_does_too(self, spoken: str) -> None:
        turn = a_turn("так", kind="attachment" if spoken else "text", spoken=spoken)
        outcome = core().respond(turn, remembered(speaks(A_WISH)), understood("affirm"))
        assert events(outcome) == ["offer_shown"]

    @pytest.mark.parametrize("how", ["button", "words"])
    def test_a_no_does_nothing_and_shows_the_ways_on(self, how: str) -> None:
        before = remembered(speaks(A_WISH, SETTLED))
        outcome = presses("heard:no", before) if how == "button" else says(understood("deny"), before)
        assert events(outcome) == ["misheard"]
        assert {"human", "find:integration_management"} <= set(payloads(outcome))
        assert outcome.session == replace(SETTLED, trail=outcome.session.trail, seen=outcome.session.seen)

    def test_no_but_somewhere_else_is_read_as_a_new_text(self) -> None:
        outcome = says(understood("deny", place=IN_HEIDELBERG), remembered(speaks(A_WISH)))
        assert "misheard" not in events(outcome)

    def test_whoever_goes_on_otherwise_is_not_held_to_it(self) -> None:
        later = remembered(presses("menu", remembered(speaks(A_WISH))))
        assert later.heard is None
        outcome = presses("heard:yes", later)
        assert "offer_shown" not in events(outcome)
        assert {"human", "find:integration_management"} <= set(payloads(outcome))

    def test_what_the_bot_says_by_itself_in_between_changes_nothing(self) -> None:
        turn = a_turn(kind="due", payload="remind:gone")
        between = core().respond(turn, remembered(speaks(A_WISH)), None)
        assert events(presses("heard:yes", remembered(between))) == ["offer_shown"]

    def test_an_answer_to_a_question_is_one_when_spoken(self) -> None:
        heard = speaks(understood("inform_place", place=IN_HEIDELBERG), WAITING, "Гейдельберг")
        outcome = presses("heard:yes", remembered(heard))
        assert "offer_shown" in events(outcome)

    def test_a_spoken_yes_to_an_older_question_is_read_back_too(self) -> None:
        asked = replace(SETTLED, asked="delete")
        heard = speaks(understood("affirm"), asked, "так")
        assert not heard.forget
        assert presses("heard:yes", remembered(heard)).forget

    def test_the_first_contact_by_voice_is_introduced(self) -> None:
        outcome = speaks(A_WISH, None)
        assert "Testverein" in outcome.replies[0].html
        assert "heard:yes" in payloads(outcome)

    @pytest.mark.parametrize("language", ["uk", "ru", "de"])
    def test_it_is_read_back_in_the_language_that_was_heard(self, language: Language) -> None:
        outcome = speaks(replace(A_WISH, language=language))
        assert outcome.session.language == language

    def test_what_says_nothing_is_shown_and_not_asked_about(self) -> None:
        outcome = speaks(understood())
        assert "Гейдельберзі" in text_of(outcome)
        assert "heard:yes" not in payloads(outcome)
        assert "human" in payloads(outcome)

    @pytest.mark.parametrize("kind", ["crisis", "report_violence"])
    def test_danger_is_answered_at_once(self, kind: Any) -> None:
        outcome = speaks(replace(A_WISH, danger=kind))
        assert events(outcome) == ["danger"]
        assert "112" in text_of(outcome)

    def test_danger_lets_go_of_what_was_heard_before(self) -> None:
        outcome = says(understood(danger="crisis"), remembered(speaks(A_WISH)))
        assert "offer_shown" not in events(says(understood("affirm"), remembered(outcome)))

    @pytest.mark.parametrize("reason", REASONS)
    def test_where_nothing_was_heard_the_ways_on_are_shown(self, reason: str) -> None:
        outcome = speaks(None, WAITING, "", reason)
        assert {"human", "urgent"} <= set(payloads(outcome))
        assert outcome.session.wish == WAITING.wish, "what was wished is not lost"

    def test_each_reason_is_said_in_its_own_words(self) -> None:
        assert len({text_of(speaks(None, GREETED, "", reason)) for reason in REASONS}) == len(REASONS)


class TestWhatIsKept:
    def test_the_words_are_not(self) -> None:
        assert "шукаю" not in json.dumps(speaks(A_WISH).session.to_dict(), ensure_ascii=False)
        assert "шукаю" not in str([asdict(event) for event in speaks(A_WISH).events])

    @pytest.mark.parametrize("place", [IN_HEIDELBERG, TWO_PLACES, OUTSIDE, PlaceResult("none")])
    def test_what_was_understood_is_kept_whole(self, place: PlaceResult) -> None:
        whole = replace(
            understood("find_other_office", place=place, office_kind="jobcenter", for_whom="child"),
            guesses=(Guess("find_other_office", 0.9), Guess("ask_work", 0.05)),
        )
        assert remembered(speaks(whole)).heard == whole

    def test_the_privacy_page_tells_of_the_listening_only_where_there_is_any(self) -> None:
        turn = a_turn(kind="command", payload="privacy")
        listening = Core(core().directory, "Testverein", hears=True)
        told, untold = (one.respond(turn, GREETED, None) for one in (listening, core()))
        assert "Голосові повідомлення" in text_of(told)
        assert "Голосові повідомлення" not in text_of(untold)


def read(*, hears: bool = True, chat: str = "private", **voice: Any) -> tuple[str, str]:
    """The file's id and what is known about listening, of a voice message as it arrives."""
    sender = {"id": 77, "first_name": "Canary", "language_code": "uk"}
    message = {
        "chat": {"id": 77, "type": chat},
        "from": sender,
        "voice": {"file_id": "F1", "duration": 3, "file_size": 4096, **voice},
        "reply_to_message": {"from": {"username": "lotse_bot"}},
    }
    envelope = UpdateReader(a_vault(), "lotse_bot", hears=hears).read({"update_id": 1, "message": message})
    assert envelope
    assert envelope.turn.attachment == "voice"
    return Envelope.from_bytes(envelope.to_bytes()).file_id, envelope.turn.spoken


class TestReceiving:
    def test_a_voice_message_comes_with_its_file(self) -> None:
        assert read() == ("F1", "")

    @pytest.mark.parametrize("voice", [{"duration": MAX_S + 1}, {"file_size": MAX_BYTES + 1}])
    def test_of_one_that_is_too_long_only_that_it_is(self, voice: dict[str, int]) -> None:
        assert read(**voice) == ("", "too_long")

    def test_in_groups_the_bot_does_not_listen(self) -> None:
        assert read(chat="supergroup") == ("", "")


def says_this(text: str = "Гейдельберг", language: Language = "uk") -> Recogniser:
    return lambda sound, current, wanted: Transcript(text, language)


async def reason_of(awaited: Any) -> str:
    with pytest.raises(NothingHeard) as nothing:
        await awaited
    return nothing.value.reason


class TestWritingDown:
    async def test_one_message_at_a_time(self) -> None:
        threads = set()

        def listen(sound: bytes, current: Language | None, wanted: Callable[[], bool]) -> Transcript:
            threads.add(threading.get_ident())
            return Transcript("так", "uk")

        with Transcriber(listen) as transcriber:
            await asyncio.gather(*(transcriber.transcribe(b"", None) for _ in range(5)))
        assert len(threads) == 1
        assert threading.get_ident() not in threads, "the other conversations go on meanwhile"

    async def test_whoever_comes_when_too_many_wait_is_told_at_once(self) -> None:
        may_end = threading.Event()

        def listen(sound: bytes, current: Language | None, wanted: Callable[[], bool]) -> Transcript:
            assert may_end.wait(30)
            return Transcript("так", "uk")

        with Transcriber(listen) as transcriber:
            waiting = [asyncio.create_task(transcriber.transcribe(b"", None)) for _ in range(8)]
            await asyncio.sleep(0)
            assert await reason_of(transcriber.transcribe(b"", None)) == "failed"
            may_end.set()
            assert [found.text for found in await asyncio.gather(*waiting)] == ["так"] * 8
            assert (await transcriber.transcribe(b"", None)).text == "так", "then there is room again"

    async def test_nobody_waits_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.voice._PATIENCE_S", -1.0)
        with Transcriber(says_this()) as transcriber:
            assert await reason_of(transcriber.transcribe(b"", None)) == "failed"

    async def test_a_fault_in_the_model_is_no_more_than_a_message_not_heard(self) -> None:
        def listen(sound: bytes, current: Language | None, wanted: Callable[[], bool]) -> Transcript:
            raise RuntimeError("mkl_malloc: failed to allocate memory")

        with Transcriber(listen) as transcriber:
            assert await reason_of(transcriber.transcribe(b"", None)) == "failed"


class TestFetching:
    @pytest.fixture
    async def api(self) -> AsyncIterator[BotApiServer]:
        async with BotApiServer() as api:
            api.methods.files["F1"] = b"sound"
            yield api

    @pytest.fixture
    async def voices(self, api: BotApiServer) -> AsyncIterator[VoiceMessages]:
        bot = Bot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot")

        def listen(sound: bytes, current: Language | None, wanted: Callable[[], bool]) -> Transcript:
            return Transcript(sound.decode(), current or "uk")

        async with bot:
            with Transcriber(listen) as transcriber:
                yield VoiceMessages(bot, transcriber)

    async def test_the_file_comes_from_the_bot_api(self, voices: VoiceMessages) -> None:
        assert await voices.hear("F1", "ru") == Transcript("sound", "ru")

    async def test_one_failure_is_not_the_end(self, api: BotApiServer, voices: VoiceMessages) -> None:
        api.fail_next("file", 502)
        assert (await voices.hear("F1", None)).text == "sound"

    @pytest.mark.parametrize("method", ["file", "getFile"])
    async def test_a_file_that_does_not_come_is_not_heard(
        self, api: BotApiServer, voices: VoiceMessages, method: str
    ) -> None:
        api.fail_next(method, 500, times=2)
        assert await reason_of(voices.hear("F1", None)) == "failed"

    async def test_a_file_telegram_does_not_know_is_asked_for_once(
        self, api: BotApiServer, voices: VoiceMessages
    ) -> None:
        assert await reason_of(voices.hear("gone", None)) == "failed"
        assert api.calls["getfile"] == 1

    async def test_one_that_turns_out_too_big_is_not_fetched(
        self, api: BotApiServer, voices: VoiceMessages
    ) -> None:
        api.methods.files["F1"] = bytes(MAX_BYTES + 1)
        api.fail_next("file", 500)
        assert await reason_of(voices.hear("F1", None)) == "too_long"


class TestHandling:
    """From the inbox to the reply, with ears that always hear the same."""

    class Ears:
        def __init__(self, heard: Transcript | NothingHeard) -> None:
            self._heard = heard

        async def hear(self, file_id: str, current: Language | None) -> Transcript:
            if isinstance(self._heard, NothingHeard):
                raise self._heard
            return self._heard

    class Understands:
        def __init__(self) -> None:
            self.asked: list[tuple[str, Language | None]] = []

        async def understand(self, text: str, language: Language | None) -> Understanding:
            self.asked.append((text, language))
            return A_WISH

    class Chat:
        def __init__(self) -> None:
            self.sent: list[Reply] = []

        async def received(self, envelope: Envelope) -> None: ...

        async def busy(self, envelope: Envelope) -> None: ...

        async def send(self, envelope: Envelope, reply: Reply) -> None:
            self.sent.append(reply)

    @pytest.fixture
    async def redis(self, valkey: str) -> AsyncIterator[Redis]:
        async with redis_client(valkey) as client:
            yield client

    async def handle(self, redis: Redis, heard: Transcript | NothingHeard) -> tuple[Chat, Understands]:
        chat, understands = self.Chat(), self.Understands()
        store = SessionStore(redis, a_vault())
        handler = TurnHandler(
            store, understands, core().respond, core().apologise, {"telegram": chat}, self.Ears(heard)
        )  # type: ignore[arg-type]
        turn = a_turn(kind="attachment", attachment="voice")
        await handler(Entry(0, "1-0", Envelope("telegram", "4711", turn, file_id="F1")))
        return chat, understands

    async def test_what_was_heard_is_understood_in_its_language_and_read_back(self, redis: Redis) -> None:
        chat, understands = await self.handle(redis, Transcript("мне нужна помощь", "ru"))
        assert understands.asked == [("мне нужна помощь", "ru")]
        assert "мне нужна помощь" in chat.sent[-1].html

    async def test_afterwards_the_words_are_nowhere(self, redis: Redis) -> None:
        await self.handle(redis, Transcript("мне нужна помощь", "ru"))
        vault = a_vault()
        kept = {key.decode(): await redis.get(key) async for key in redis.scan_iter("*:session")}
        assert kept
        assert not [key async for key in redis.scan_iter("*:outbox")]
        assert not any("помощь" in vault.open(sealed, key).decode() for key, sealed in kept.items())

    async def test_nothing_heard_is_answered_without_asking_what_it_means(self, redis: Redis) -> None:
        chat, understands = await self.handle(redis, NothingHeard("silent"))
        assert understands.asked == []
        assert chat.sent


@pytest.fixture(scope="module")
def listen(tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    return recogniser(speech_model(tmp_path_factory.mktemp("whisper")))


class TestModel:
    """The real thing: sentences spoken by a machine, written down by a small Whisper model."""

    @pytest.mark.parametrize("current", ["uk", "de", None])
    def test_a_german_sentence_is_written_down(self, listen: Recogniser, current: Language | None) -> None:
        sound = voice_message("Ich wohne in Heidelberg und suche das Jobcenter.", "de")
        heard = listen(sound, current, lambda: True)
        assert heard.language == "de"
        assert "Heidelberg" in heard.text

    def test_another_language_is_known_as_one(self, listen: Recogniser) -> None:
        sound = voice_message("Where can I find a doctor for my children? We live near the station.", "en")
        with pytest.raises(NothingHeard, match="foreign"):
            listen(sound, "uk", lambda: True)

    @pytest.mark.parametrize("loudness", [0, 2000])
    def test_silence_and_noise_have_no_words(self, listen: Recogniser, loudness: int) -> None:
        samples = np.random.default_rng(1).normal(0, loudness, 3 * 16_000).astype(np.int16)
        with pytest.raises(NothingHeard, match="silent"):
            listen(as_voice_message(samples, 16_000), "uk", lambda: True)

    @pytest.mark.parametrize("sound", [b"", b"no sound at all" * 100, b"OggS" + bytes(2000)])
    def test_a_broken_file_is_not_heard(self, listen: Recogniser, sound: bytes) -> None:
        with pytest.raises(NothingHeard, match="failed"):
            listen(sound, "uk", lambda: True)

    def test_what_is_no_longer_wanted_is_given_up(self, listen: Recogniser) -> None:
        with pytest.raises(NothingHeard, match="failed"):
            listen(voice_message("Ich will nicht mehr leben.", "de"), "de", lambda: False)


class TestSwitchingOn:
    def test_a_folder_without_a_model_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(VoiceUnavailable, match=r"VOICE_MODEL.*model\.bin, config\.json, tokenizer\.json"):
            recogniser(tmp_path)

    def test_a_model_that_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        for name in ("model.bin", "config.json", "tokenizer.json"):
            (tmp_path / name).write_text("{}")
        with pytest.raises(VoiceUnavailable, match="cannot be loaded"):
            recogniser(tmp_path)

    def test_missing_packages_are_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("model.bin", "config.json", "tokenizer.json"):
            (tmp_path / name).touch()
        monkeypatch.setitem(sys.modules, "bot.whisper", None)
        with pytest.raises(VoiceUnavailable, match=r"requirements-voice\.txt"):
            recogniser(tmp_path)
