"""Brings together what is known about one text: danger, language, place and intent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

import structlog

from bot.types import (
    Correction,
    DangerKind,
    FurtherWish,
    Guess,
    Language,
    PlaceResult,
    Request,
    Understanding,
)
from bot.understanding import repair, requests, wishes
from bot.understanding.danger import KINDS, DangerLexicon
from bot.understanding.language import LanguageDetector
from bot.understanding.nlu import TIMEOUT_S
from bot.understanding.normalise import normalise, printable
from bot.understanding.offices import asks_where, names_little_else, office_kind
from bot.understanding.whom import for_whom

GUESSES = 5
Certainty = Literal["sure", "unsure", "not_understood", "unavailable"]

Found = TypeVar("Found")

log = structlog.get_logger()


class PlaceResolver(Protocol):
    def resolve(self, text: str) -> PlaceResult: ...


class IntentGuesser(Protocol):
    async def guesses(self, text: str) -> tuple[Guess, ...] | None: ...


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the model's probabilities turn into a decision.

    Chosen by cross-validation on the training data (`nlu/crossval.py` prints the trade-off); the figures
    they give are in `nlu/MODEL.md`.
    """

    sure: float = 0.45
    """From here on the best guess is acted on."""
    unsure: float = 0.08
    """From here on guesses are offered; below, nothing was understood."""
    out_of_scope: float = 0.20
    """From here on the probability of `out_of_scope` means: not for this bot, whatever the best guess is."""
    danger: float = 0.5
    """From here on the probability of crisis and report_violence together sets the danger flag,
    whatever the best guess is. On `nlu/eval` any value from 0.45 to 0.6 misses and alarms alike."""
    place_score: float = 0.9
    """A text that is nothing but a place needs this resolver score to count as one without the NLU."""


def _guarded(part: str, find: Callable[[], Found], otherwise: Found) -> Found:
    """A fault in one part must not cost somebody in danger their answer."""
    try:
        return find()
    except Exception as error:
        log.error("understanding_part_failed", part=part, reason=type(error).__name__)
        return otherwise


@dataclass(frozen=True, slots=True)
class _Wished:
    """What one part of a text wishes."""

    intent: str
    guesses: tuple[Guess, ...]
    office_kind: str


class Understander:
    """Understands one text at a time; safe to share between tasks."""

    def __init__(
        self,
        language: LanguageDetector,
        danger: DangerLexicon,
        nlu: IntentGuesser,
        resolver: PlaceResolver,
        thresholds: Thresholds | None = None,
        within_s: float = TIMEOUT_S,
    ) -> None:
        """`within_s`: seconds after which parts of a message are no longer asked about."""
        self._language = language
        self._danger = danger
        self._nlu = nlu
        self._resolver = resolver
        self._at = thresholds or Thresholds()
        self._within_s = within_s

    async def understand(self, text: str, current: Language | None) -> Understanding:
        """What a text says; `current` is the language spoken so far. Never raises for any text."""
        until = asyncio.get_running_loop().time() + self._within_s
        danger = self._danger.check(text)
        language, other_language = _guarded(
            "language", lambda: self._language.detect(text, current), (current, "")
        )
        meant = _guarded("repair", lambda: repair.without_denied(text, self._is_place), text)
        place = _guarded("place", lambda: self._resolver.resolve(meant), PlaceResult("none"))
        guesses = await self._guesses(text)
        # Somebody who only says where they are now is in no danger that the lexicon does not know.
        only_place = _guarded(
            "only_place", lambda: bool(place.matches) and not _says_more_than(place, meant), False
        )
        request: Request = _guarded("request", lambda: requests.request(_beside(place, text)), "")
        is_harmless = only_place or request not in ("", "better", "distress")
        danger = danger or (None if is_harmless else self._model_danger(guesses or ()))
        asked = await self._wishes_until(until, text, place, danger) if guesses else []
        certainty, guesses = self._decide(meant, place, guesses)
        kind = _guarded("office", lambda: office_kind(text), "")
        names_an_office = names_little_else if certainty != "sure" else asks_where
        if kind and _guarded("office", lambda: names_an_office(text), False):
            certainty, guesses = "sure", (Guess("find_other_office", 1.0), *guesses)
        if asked and not danger:
            first, *asked = asked
            certainty, guesses, kind = "sure", first.guesses, first.office_kind
        return Understanding(
            language=language,
            certainty=certainty,
            guesses=guesses[:GUESSES],
            danger=danger,
            place=place,
            office_kind=kind,
            other_language=other_language,
            move=_guarded("move", lambda: repair.move(text), ""),
            correction=_guarded("correction", lambda: _correction(text, meant, place), ""),
            for_whom=_guarded("whom", lambda: for_whom(text), ""),
            request=request,
            further=tuple(FurtherWish(wish.intent, wish.office_kind) for wish in asked),
        )

    def glance(self, text: str, current: Language | None) -> Understanding:
        """What needs no NLU, for who cannot wait: danger words, language, place, office. Never raises."""
        danger = self._danger.check(text)
        language, other_language = _guarded(
            "language", lambda: self._language.detect(text, current), (current, "")
        )
        place = _guarded("place", lambda: self._resolver.resolve(text), PlaceResult("none"))
        certainty, guesses = self._decide(text, place, None)
        kind = _guarded("office", lambda: office_kind(text), "")
        return Understanding(language, certainty, guesses, danger, place, kind, other_language)

    def _is_place(self, text: str) -> bool:
        return self._resolver.resolve(text).kind != "none"

    async def _wishes_until(
        self, until: float, text: str, place: PlaceResult, danger: DangerKind | None
    ) -> list[_Wished]:
        """The wishes, where they are found in time: what was understood of the whole does not wait longer."""
        try:
            async with asyncio.timeout_at(until):
                return await self._wishes(text, place, danger)
        except Exception as error:
            log.error("understanding_part_failed", part="wishes", reason=type(error).__name__)
            return []

    async def _wishes(self, text: str, place: PlaceResult, danger: DangerKind | None) -> list[_Wished]:
        """The different things wished in the parts of the text: two at least, one beside danger."""
        cut = wishes.beside_danger if danger else wishes.parts
        parts = _guarded("wishes", lambda: cut(text), wishes.Parts())
        texts = [part for part in parts.texts if not self._danger.check(part)]
        if place.kind == "ambiguous" or not texts:
            return []
        heard = await asyncio.gather(*(self._guesses(part) for part in texts))
        found: dict[str, _Wished] = {}
        for part, guesses in zip(texts, heard, strict=True):
            if intent := wishes.wish(guesses, parts.sure):
                found.setdefault(intent, _Wished(intent, guesses or (), office_kind(part)))
        return list(found.values()) if danger or len(found) > 1 else []

    async def _guesses(self, text: str) -> tuple[Guess, ...] | None:
        # Rasa reads a leading slash as a command that names an intent.
        words = printable(text).strip().lstrip("/").strip()
        return await self._nlu.guesses(words) if normalise(words) else ()

    def _decide(
        self, text: str, place: PlaceResult, guesses: tuple[Guess, ...] | None
    ) -> tuple[Certainty, tuple[Guess, ...]]:
        if self._names_only_a_place(text, place, guesses):
            rest = tuple(guess for guess in guesses or () if guess.intent != "inform_place")
            return "sure", (Guess("inform_place", 1.0), *rest)
        if guesses is None:
            return "unavailable", ()
        return self._certainty(guesses), guesses

    def _certainty(self, guesses: tuple[Guess, ...]) -> Certainty:
        if not guesses:
            return "not_understood"
        best = guesses[0]
        foreign = sum(guess.confidence for guess in guesses if guess.intent == "out_of_scope")
        if foreign >= self._at.out_of_scope or best.confidence < self._at.unsure:
            return "not_understood"
        return "sure" if best.confidence >= self._at.sure else "unsure"

    def _model_danger(self, guesses: tuple[Guess, ...]) -> DangerKind | None:
        chance: dict[DangerKind, float] = {
            kind: sum(guess.confidence for guess in guesses if guess.intent == kind) for kind in KINDS
        }
        likely = max(KINDS, key=lambda kind: chance[kind])
        return likely if sum(chance.values()) >= self._at.danger else None

    def _names_only_a_place(self, text: str, place: PlaceResult, guesses: tuple[Guess, ...] | None) -> bool:
        if not place.matches or _guarded("only_place", lambda: _says_more_than(place, text), True):
            return False
        agrees = bool(guesses) and guesses is not None and guesses[0].intent == "inform_place"
        return agrees or place.matches[0].score >= self._at.place_score


_FILLER = frozenset(
    [
        "я",
        "ми",
        "мы",
        "ich",
        "wir",
        "in",
        "im",
        "bei",
        "aus",
        "в",
        "у",
        "во",
        "на",
        "з",
        "із",
        "с",
        "из",
        "біля",
        "около",
        "під",
        "под",
        "возле",
        "недалеко",
        "від",
        "від",
        "от",
        "поряд",
        "рядом",
        "живу",
        "живемо",
        "живем",
        "мешкаю",
        "мешкаємо",
        "wohne",
        "wohnen",
        "lebe",
        "leben",
        "komme",
        "kommen",
        "bin",
        "sind",
        "зараз",
        "сейчас",
        "jetzt",
        "тут",
        "hier",
        "місто",
        "город",
        "stadt",
        "м",
        "г",
        "район",
        "округ",
        "kreis",
        "landkreis",
        "stadtkreis",
        "село",
        "деревня",
        "gemeinde",
        "ort",
        "індекс",
        "индекс",
        "plz",
        "земельний",
        "земельный",
        "є",
        "это",
        "це",
        "das",
        "ist",
        "der",
        "die",
        "це",
    ]
)
_WORD = re.compile(r"\w+")


def _says_more_than(place: PlaceResult, text: str) -> bool:
    """Whether words are left when the place's name and small words around it are taken away."""
    rest = _beside(place, text)
    return any(word not in _FILLER for word in _WORD.findall(normalise(rest))) and not (
        repair.says_only_a_place(rest)
    )


def _beside(place: PlaceResult, text: str) -> str:
    """The text without the names of the places found in it."""
    rest = list(text)
    for match in place.matches:
        start, end = match.span
        rest[start:end] = " " * (end - start)
    return "".join(rest)


def _correction(text: str, meant: str, place: PlaceResult) -> Correction:
    """Whether the text denies a place, or asks for the town or the district of the same name."""
    if place.kind == "none" and (level := repair.level(text)):
        return level
    corrects = meant != text or (place.kind != "none" and repair.owns_a_mistake(text))
    return "place" if corrects and not _says_more_than(place, meant) else ""
