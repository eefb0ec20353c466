"""What the bot makes of one text: danger, place, intent and how sure it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.types import Guess, Place, PlaceMatch, PlaceResult
from bot.understanding.danger import DangerLexicon
from bot.understanding.language import LanguageDetector
from bot.understanding.nlu import FAILURES_TO_OPEN, OPEN_S, Breaker, Nlu
from bot.understanding.requests import request as asked_of_the_bot
from bot.understanding.understand import Thresholds, Understander

language = LanguageDetector()
danger = DangerLexicon.load()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FixedNlu:
    """Answers every text alike; None stands for a server that is down."""

    def __init__(self, *guesses: tuple[str, float], down: bool = False) -> None:
        self.asked: list[str] = []
        self._answer = None if down else tuple(Guess(*guess) for guess in guesses)

    async def guesses(self, text: str) -> tuple[Guess, ...] | None:
        self.asked.append(text)
        return self._answer


class OneTown:
    """A resolver that knows Ulm."""

    def __init__(self, score: float = 1.0) -> None:
        self._score = score

    def resolve(self, text: str) -> PlaceResult:
        start = text.lower().find("ulm")
        if start < 0:
            return PlaceResult("none")
        match = PlaceMatch(Place("Ulm", "08421"), self._score, (start, start + 3))
        return PlaceResult("found", (match,))


def understander(nlu: FixedNlu | Nlu, place_score: float = 1.0) -> Understander:
    return Understander(language, danger, nlu, OneTown(place_score))


async def test_a_clear_message_is_acted_on() -> None:
    found = await understander(FixedNlu(("ask_work", 0.9), ("ask_school", 0.05))).understand(
        "шукаю роботу", None
    )
    assert (found.intent, found.certainty, found.language) == ("ask_work", "sure", "uk")


async def test_a_doubtful_message_keeps_its_guesses_to_offer() -> None:
    at = Thresholds()
    nlu = FixedNlu(("ask_work", (at.sure + at.unsure) / 2), ("ask_school", 0.1))
    found = await understander(nlu).understand("шукаю", "uk")
    assert found.certainty == "unsure"
    assert [guess.intent for guess in found.guesses] == ["ask_work", "ask_school"]


async def test_what_fits_nothing_or_nothing_of_ours_is_not_understood() -> None:
    weak = await understander(FixedNlu(("ask_work", 0.01))).understand("абракадабра", "uk")
    foreign = await understander(FixedNlu(("out_of_scope", 0.9))).understand("яка завтра погода", "uk")
    assert weak.certainty == foreign.certainty == "not_understood"


async def test_a_faint_out_of_scope_still_offers_the_other_guesses() -> None:
    nlu = FixedNlu(("out_of_scope", Thresholds().out_of_scope - 0.01), ("ask_work", 0.2))
    assert (await understander(nlu).understand("хм", "uk")).certainty == "unsure"


async def test_danger_is_found_when_the_nlu_is_down() -> None:
    found = await understander(FixedNlu(down=True)).understand("не хочу більше жити", "uk")
    assert (found.certainty, found.danger) == ("unavailable", "crisis")


async def test_danger_words_count_whatever_the_model_says() -> None:
    found = await understander(FixedNlu(("greet", 0.99))).understand("ich will nicht mehr leben", "de")
    assert found.danger == "crisis"


async def test_the_model_alone_can_see_danger_even_as_a_second_guess() -> None:
    at = Thresholds().danger
    nlu = FixedNlu(("ask_legal_advice", 0.5), ("report_violence", at / 2), ("crisis", at / 2 + 0.01))
    assert (await understander(nlu).understand("порадьте щось", "uk")).danger == "crisis"


async def test_a_slight_suspicion_is_not_danger() -> None:
    nlu = FixedNlu(("ask_legal_advice", 0.9), ("crisis", Thresholds().danger - 0.01))
    assert (await understander(nlu).understand("порадьте щось", "uk")).danger is None


@pytest.mark.parametrize("text", ["Ulm", "ulm!", "я в Ulm", "Ich wohne in Ulm"])
async def test_a_text_that_only_names_a_place_informs_about_it_even_without_nlu(text: str) -> None:
    found = await understander(FixedNlu(down=True)).understand(text, "uk")
    assert (found.intent, found.certainty, found.place.kind) == ("inform_place", "sure", "found")


async def test_a_request_that_names_a_place_keeps_both() -> None:
    found = await understander(FixedNlu(("find_trauma_support", 0.9))).understand("психолог Ulm", "uk")
    assert (found.intent, found.place.kind) == ("find_trauma_support", "found")


async def test_a_word_that_barely_resembles_a_place_is_left_to_the_model() -> None:
    found = await understander(FixedNlu(("thank", 0.9)), place_score=0.7).understand("ulm", "uk")
    assert found.intent == "thank"


async def test_a_faulty_resolver_does_not_cost_a_person_in_danger_the_answer() -> None:
    class Broken:
        def resolve(self, text: str) -> PlaceResult:
            raise ZeroDivisionError

    found = await Understander(language, danger, FixedNlu(), Broken()).understand("хочу умереть", "ru")
    assert (found.danger, found.place.kind) == ("crisis", "none")


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x01", "\u200b", "😀", "a" * 4096, "я" * 9000, "\ud800", "/", "12"]
)
async def test_any_input_gets_a_result(text: str) -> None:
    found = await understander(FixedNlu(("out_of_scope", 0.9))).understand(text, "de")
    assert found.certainty == "not_understood"
    assert found.language in ("de", "ru", "uk")


async def test_nothing_to_read_is_not_sent_and_a_command_arrives_as_words() -> None:
    nlu = FixedNlu(("greet", 0.9))
    for text in ("", "\x00", "/greet"):
        await understander(nlu).understand(text, "de")
    assert nlu.asked == ["greet"]


TWO_WISHES = "потрібен психолог? і ще, як записати дитину в школу?"


class HangsOnParts:
    """Answers a whole message at once, and nothing about its parts."""

    async def guesses(self, text: str) -> tuple[Guess, ...] | None:
        if text != TWO_WISHES:
            await asyncio.Event().wait()
        return (Guess("find_trauma_support", 0.9),)


async def test_parts_the_nlu_does_not_answer_in_time_do_not_hold_up_what_was_understood() -> None:
    slow = Understander(language, danger, HangsOnParts(), OneTown(), within_s=0.05)
    async with asyncio.timeout(1):
        found = await slow.understand(TWO_WISHES, "uk")
    assert (found.intent, found.certainty, found.further) == ("find_trauma_support", "sure", ())


async def test_a_fault_while_looking_for_wishes_does_not_cost_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr("bot.understanding.wishes.wish", broken)
    found = await understander(FixedNlu(("crisis", 0.9))).understand(TWO_WISHES, "uk")
    assert found.danger == "crisis"


async def test_a_fault_beside_the_place_does_not_cost_a_person_in_danger_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError

    for part in ("repair.says_only_a_place", "understand.names_little_else"):
        monkeypatch.setattr(f"bot.understanding.{part}", broken)
    found = await understander(FixedNlu()).understand("хочу умереть, Ulm, больница", "ru")
    assert found.danger == "crisis"


@pytest.mark.parametrize(
    "text",
    [
        "ich bin sicher dass ich sterben werde",
        "ich bin sicher dass er mich findet",
        "він мене шукає. я в безпеці у подруги",
        "вона вже в безпеці на небесах, я до неї",
        "мені краще зникнути",
        "мне лучше исчезнуть",
        "все добре, скоро все скінчиться",
        "alles gut, bald bin ich bei ihr",
    ],
)
def test_relief_is_not_seen_where_the_words_go_on_otherwise(text: str) -> None:
    assert asked_of_the_bot(text) == ""


@pytest.mark.parametrize("text", ["тепер я в безпеці", "ich bin jetzt in Sicherheit", "мені вже краще"])
def test_relief_is_seen(text: str) -> None:
    assert asked_of_the_bot(text) in ("safe", "better")


@asynccontextmanager
async def server(handler: Handler) -> AsyncIterator[str]:
    """A local HTTP server in place of Rasa; yields its address."""
    app = web.Application()
    app.router.add_post("/model/parse", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_the_client_reads_rasas_ranking() -> None:
    async def rasa(request: web.Request) -> web.Response:
        assert (await request.json()) == {"text": "привіт"}
        ranking = [{"name": "thank", "confidence": 0.2}, {"name": "greet", "confidence": 0.7}]
        return web.json_response({"intent": ranking[1], "intent_ranking": ranking})

    async with server(rasa) as url, Nlu(url) as nlu:
        assert await nlu.guesses("привіт") == (Guess("greet", 0.7), Guess("thank", 0.2))


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{}", '{"intent_ranking": 3}', '{"intent_ranking": [{"a": 1}]}']
)
async def test_a_broken_answer_is_no_answer(body: str) -> None:
    async def broken(request: web.Request) -> web.Response:
        return web.Response(text=body, content_type="application/json")

    async with server(broken) as url, Nlu(url) as nlu:
        assert await nlu.guesses("привіт") is None


async def test_a_slow_server_is_given_up() -> None:
    gone = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        await gone.wait()
        return web.Response()

    async with server(slow) as url, Nlu(url, timeout_s=0.05) as nlu:
        assert await nlu.guesses("привіт") is None
        gone.set()


async def test_a_failing_server_rests_and_one_probe_finds_it_again() -> None:
    now = 0.0
    requests: list[int] = []

    async def rasa(request: web.Request) -> web.Response:
        requests.append(1)
        if len(requests) <= FAILURES_TO_OPEN:
            return web.Response(status=500)
        return web.json_response({"intent_ranking": [{"name": "greet", "confidence": 1.0}]})

    async with server(rasa) as url, Nlu(url, breaker=Breaker(clock=lambda: now)) as nlu:
        for _ in range(FAILURES_TO_OPEN + 4):
            assert await nlu.guesses("привіт") is None
        assert len(requests) == FAILURES_TO_OPEN
        now = OPEN_S
        assert await nlu.guesses("привіт") == (Guess("greet", 1.0),)
        assert await nlu.guesses("привіт") is not None


def test_while_the_probe_is_out_nobody_else_may_ask() -> None:
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(FAILURES_TO_OPEN):
        breaker.failed()
    assert not breaker.allows()
    now = OPEN_S
    assert breaker.allows()
    assert not breaker.allows()
    breaker.failed()
    assert not breaker.allows()


async def test_what_a_person_wrote_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    async with Nlu("http://127.0.0.1:1") as nlu:
        assert await nlu.guesses("таємниця") is None
    shown = capsys.readouterr()
    assert "nlu_unavailable" in shown.out + shown.err
    assert "таємниця" not in shown.out + shown.err
