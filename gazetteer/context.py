"""How strongly the words around a name say: this is where the person is."""

from __future__ import annotations

from itertools import pairwise

from gazetteer import words
from gazetteer.mentions import Mention
from gazetteer.tokens import Token

LOOK_BACK, LOOK_AHEAD = 8, 5
ORIGIN = -3.0
"""Weight of a Ukrainian town by itself: people say where they come from."""


def weights(tokens: list[Token], mentions: list[Mention]) -> list[float]:
    """A weight for each mention: the highest is where the person lives, equal ones are meant equally."""
    found: list[float] = []
    for number, mention in enumerate(mentions):
        low = mentions[number - 1].last + 1 if number else 0
        high = mentions[number + 1].first if number + 1 < len(mentions) else len(tokens)
        between = [token.lower for token in tokens[low : mention.first]]
        if found and between and _only_joins(between):
            found.append(found[-1])
        else:
            found.append(_weight(_clause_before(tokens, mention, low), _clause_after(tokens, mention, high)))
    return found


def workplaces(tokens: list[Token], mentions: list[Mention]) -> list[bool]:
    """For each mention, whether the person says to work or learn there."""
    ends = [0, *(mention.last + 1 for mention in mentions)]
    clauses = (_clause_before(tokens, mention, low) for mention, low in zip(mentions, ends, strict=False))
    return [any(word.startswith(words.WORK) for word in clause) for clause in clauses]


def district_marked(tokens: list[Token], mention: Mention) -> bool:
    """Whether the text speaks of the district of that name: "Landkreis X", "район X", "X-Kreis"."""
    before, after = _neighbours(tokens, mention)
    return _is_district_mark(before) or _is_district_mark(after)


def city_marked(tokens: list[Token], mention: Mention) -> bool:
    """Whether the text speaks of the town: "Stadt X", "місто X", "міський округ X"."""
    before, _ = _neighbours(tokens, mention)
    further = tokens[mention.first - 2].lower if mention.first > 1 else ""
    return before.startswith(words.CITY_MARKS) or (_is_district_mark(before) and further.startswith("міськ"))


def _neighbours(tokens: list[Token], mention: Mention) -> tuple[str, str]:
    before = tokens[mention.first - 1] if mention.first and not tokens[mention.first].breaks else None
    following = tokens[mention.last + 1] if mention.last + 1 < len(tokens) else None
    after = following if following and not following.breaks else None
    return before.lower if before else "", after.lower if after else ""


def _is_district_mark(word: str) -> bool:
    return word in ("lk", "lkr") or word.startswith(words.DISTRICT_MARKS)


def _only_joins(between: list[str]) -> bool:
    """ "in Ulm und in Aalen": the second place is meant as the first."""
    return between[0] in words.AND and all(word in words.AND | words.IN for word in between)


def _clause_before(tokens: list[Token], mention: Mention, low: int) -> list[str]:
    """The words of the same thought before the name, nearest last."""
    start = at = mention.first
    while at > max(low, start - LOOK_BACK) and not tokens[at].breaks:
        if tokens[at - 1].lower in words.TURNS:
            break
        at -= 1
    return [token.lower for token in tokens[at:start]]


def _clause_after(tokens: list[Token], mention: Mention, high: int) -> list[str]:
    after: list[str] = []
    for token in tokens[mention.last + 1 : min(high, mention.last + 1 + LOOK_AHEAD)]:
        if token.breaks or token.lower in words.TURNS:
            break
        after.append(token.lower)
    return after


def _preposition(before: list[str]) -> tuple[str, list[str]]:
    """The preposition the name hangs on, and the two words before that."""
    for at in range(len(before) - 1, -1, -1):
        word = before[at]
        if word in words.NEAR or (word in words.PREPOSITIONS and not _near_phrase(before[:at])):
            return word, before[max(0, at - 2) : at]
        if word not in words.BRIDGES and word not in words.PREPOSITIONS and not _marks(word):
            break
    return "", []


def _near_phrase(before: list[str]) -> bool:
    return bool(before) and before[-1] in words.NEAR


def _marks(word: str) -> bool:
    return _is_district_mark(word) or word.startswith(words.CITY_MARKS)


def _weight(before: list[str], after: list[str]) -> float:
    preposition, earlier = _preposition(before)
    clause = before + after
    weight = _preposition_weight(preposition)
    if not words.SELF.isdisjoint((*earlier, *before[-1:])):
        weight += 2
    lives = any(word.startswith(words.LIVE) for word in clause)
    past = any(word in words.PAST or word.startswith(words.PAST_VERBS) for word in clause)
    if lives and not past:
        weight += -3 if _denied(clause) else 3
    elif past:
        weight -= 2
    if any(word.startswith(words.REGISTERED) for word in clause) and words.NOT.isdisjoint(clause):
        weight += 5
    if any(word in words.NOW for word in clause):
        weight += 1.5
    if any(word.startswith(words.MOVE) for word in clause):
        weight += -4 if preposition in words.FROM else 1.5
    if not lives and any(word.startswith(words.TRAVEL) for word in clause):
        weight -= 2
    if any(word.startswith(words.RELATIVE) for word in clause):
        weight -= 3
    return weight


def _preposition_weight(preposition: str) -> float:
    if preposition in words.NEAR:
        return -2.0
    if preposition in words.IN:
        return -2.0 if preposition in ("am", "на") else 1.0
    return -1.0 if preposition in words.TO else 0.0


def _denied(clause: list[str]) -> bool:
    """ "не живу": the verb right after the negation is one of living."""
    pairs = pairwise(clause)
    return any(first in words.NOT and second.startswith(words.LIVE) for first, second in pairs)
