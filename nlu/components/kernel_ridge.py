"""The classifier itself, without Rasa: kernel ridge regression onto the intents, calibrated.

Two texts are alike as their sentence vectors lie close (a Gaussian) and as they share n-grams (a dot
product); the two are added. The fit is a linear system with one solution, so training is deterministic.
The same system gives every training text's score as if it had been left out, which sets the temperature
of the probabilities without a second training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import dpotri
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

WIDTH = 1.0
"""Factor on the squared distance, the mean squared distance from the centre being 1."""
RIDGE = 0.3
"""How far the fit may stay away from a training text's own label."""
BALANCE = 0.5
"""0: every text weighs the same; 1: every intent does."""


@dataclass(frozen=True)
class KernelRidge:
    """A fitted classifier of `C` intents on `n` training texts with `d` vector and `g` n-gram dimensions."""

    intents: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    points: np.ndarray
    """(n, d): the training vectors, centred and scaled: e5 vectors of one domain lie close together."""
    point_weights: np.ndarray
    """(n, C)"""
    ngram_weights: np.ndarray
    """(g, C): the dot-product part of the kernel folded into one matrix."""
    temperature: np.ndarray

    @classmethod
    def fit(cls, vectors: np.ndarray, ngrams: csr_matrix, intents: Sequence[str]) -> KernelRidge:
        """`vectors` (n, d) and `ngrams` (n, g) describe the texts that `intents` labels."""
        names, labels = np.unique(np.asarray(intents), return_inverse=True)
        centre = vectors.mean(axis=0)
        scale = np.sqrt(((vectors - centre) ** 2).sum(axis=1).mean())
        points = ((vectors - centre) / scale).astype(np.float32)
        system = (
            _gaussian(points, points, _squares(points)).astype(np.float64) + (ngrams @ ngrams.T).toarray()
        )
        system[np.diag_indices_from(system)] += RIDGE / _text_weights(labels)
        targets = np.eye(len(names))[labels] - 1 / len(names)
        weights, left_out = _solve(system, targets)
        return cls(
            intents=names,
            centre=centre.astype(np.float32),
            scale=np.float32(scale),
            points=points,
            point_weights=weights.astype(np.float32),
            ngram_weights=np.asarray(ngrams.T @ weights, dtype=np.float32),
            temperature=np.float32(_best_temperature(left_out, labels)),
        )

    def probabilities(self, vectors: np.ndarray, ngrams: csr_matrix) -> np.ndarray:
        """Shape (number of texts, C); rows sum to 1, columns in the order of `intents`."""
        points = ((vectors - self.centre) / self.scale).astype(np.float32)
        closeness = _gaussian(points, self.points, self._point_squares)
        scores = closeness @ self.point_weights + ngrams @ self.ngram_weights
        return _softmax(scores / self.temperature)

    @cached_property
    def _point_squares(self) -> np.ndarray:
        return _squares(self.points)

    def save(self, path: Path) -> None:
        np.savez(path, **asdict(self))

    @classmethod
    def load(cls, path: Path) -> KernelRidge:
        with np.load(path, allow_pickle=False) as stored:
            return cls(**{name: stored[name] for name in stored.files})


def _squares(points: np.ndarray) -> np.ndarray:
    squares: np.ndarray = (points**2).sum(axis=1)
    return squares


def _gaussian(some: np.ndarray, others: np.ndarray, other_squares: np.ndarray) -> np.ndarray:
    distances = _squares(some)[:, None] + other_squares[None] - 2 * some @ others.T
    return np.exp(-WIDTH * np.maximum(distances, 0))


def _text_weights(labels: np.ndarray) -> np.ndarray:
    """Texts of rare intents weigh more; the mean weight is 1."""
    weights = np.bincount(labels)[labels] ** -BALANCE
    return weights / weights.mean()


def _solve(system: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weights, and the score each training text would get were it not part of the training."""
    factor, lower = cho_factor(system, lower=True, overwrite_a=True)
    weights = cho_solve((factor, lower), targets)
    inverse, _ = dpotri(factor, lower=lower, overwrite_c=True)
    return weights, targets - weights / np.diag(inverse)[:, None]


def _best_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The divisor at which softmax gives the right intents the highest likelihood."""

    def loss(log_temperature: float) -> float:
        chances = _softmax(scores / np.exp(log_temperature))
        return float(-np.log(chances[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-5, 2), method="bounded").x))


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
