"""Letters and sounds: TF-IDF over character n-grams of the text and of its phonetic key.

They catch what a sentence vector blurs: names of papers and offices, typos, one-word messages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from components.normaliser import NORMALISED, TextNormaliser
from components.text import phonetic_key


@dataclass(frozen=True)
class View:
    read: Callable[[str], str]
    """What it looks at in a normalised text."""
    lengths: tuple[int, int]
    weight: float
    """The squared length of its rows: its share in how alike two texts are."""


VIEWS = {"letters": View(str, (2, 5), 0.2), "sounds": View(phonetic_key, (2, 4), 0.4)}


class CharacterNgrams:
    """One TF-IDF space per view, side by side, each with its weight."""

    def __init__(self, vectorizers: dict[str, TfidfVectorizer]) -> None:
        self._vectorizers = vectorizers

    @classmethod
    def fit(cls, texts: Sequence[str]) -> CharacterNgrams:
        return cls(
            {name: _vectorizer(view).fit([view.read(t) for t in texts]) for name, view in VIEWS.items()}
        )

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Shape (len(texts), number of n-grams), float32."""
        blocks = []
        for name, vectorizer in self._vectorizers.items():
            view = VIEWS[name]
            blocks.append(vectorizer.transform([view.read(text) for text in texts]) * np.sqrt(view.weight))
        return hstack(blocks).tocsr().astype(np.float32)

    def save(self, folder: Path) -> None:
        for name, vectorizer in self._vectorizers.items():
            words = {ngram: int(column) for ngram, column in vectorizer.vocabulary_.items()}
            (folder / f"{name}.json").write_text(json.dumps(words, ensure_ascii=False))
            np.save(folder / f"{name}.npy", vectorizer.idf_)

    @classmethod
    def load(cls, folder: Path) -> CharacterNgrams:
        return cls({name: _load(folder, name, view) for name, view in VIEWS.items()})


def _vectorizer(view: View) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=view.lengths,
        min_df=2,
        sublinear_tf=True,
        lowercase=False,
        dtype=np.float32,
    )


def _load(folder: Path, name: str, view: View) -> TfidfVectorizer:
    vectorizer = _vectorizer(view)
    vectorizer.vocabulary_ = json.loads((folder / f"{name}.json").read_text())
    vectorizer.idf_ = np.load(folder / f"{name}.npy")
    return vectorizer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharacterNgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Adds one sparse sentence feature to every message."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        storage: ModelStorage,
        resource: Resource,
        ngrams: CharacterNgrams | None = None,
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams

    @classmethod
    def required_components(cls) -> list[type]:
        return [TextNormaliser]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to configure."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CharacterNgramFeaturizer:
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        self._ngrams = CharacterNgrams.fit([e.get(NORMALISED) for e in training_data.intent_examples])
        with self._storage.write_to(self._resource) as folder:
            self._ngrams.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CharacterNgramFeaturizer:
        with model_storage.read_from(resource) as folder:
            ngrams = CharacterNgrams.load(folder)
        return cls(config, execution_context.node_name, model_storage, resource, ngrams)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if self._ngrams is None:
            raise RuntimeError("The n-gram featurizer was asked before it was trained.")
        rows = self._ngrams.transform([message.get(NORMALISED) for message in messages])
        for message, row in zip(messages, rows, strict=True):
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages
