"""The first step of the pipeline: what the person typed becomes what the featurizers read."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.latin_typed import LatinTyped
from components.text import normalise

NORMALISED = "normalised"
"""Message attribute: normalised text, Latin-typed Cyrillic in Cyrillic."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class TextNormaliser(GraphComponent):
    """Writes NORMALISED on every message; learns the words of Latin-typed Cyrillic from the training data."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, latin_typed: LatinTyped | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._latin_typed = latin_typed or LatinTyped({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextNormaliser:
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        texts = [normalise(example.get(TEXT)) for example in training_data.intent_examples]
        self._latin_typed = LatinTyped.fit(texts)
        with self._storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(self._latin_typed.words, ensure_ascii=False))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TextNormaliser:
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / "words.json").read_text())
        return cls(model_storage, resource, LatinTyped(words))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = self._latin_typed.restore(normalise(message.get(TEXT) or ""))
            message.set(NORMALISED, text)
        return messages
