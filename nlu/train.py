"""Trains the model, if what it is made of has changed since the last time.

    .venv-nlu/bin/python nlu/train.py [--force] [--config FILE] [--model FILE]

Needs the Python 3.10 environment of nlu/requirements.txt. Prints one line saying what it did.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from serve import MODEL, PROJECT, rasa_environment

CONFIG = PROJECT / "config.yml"
DATA = PROJECT / "data"
DOMAIN = PROJECT / "domain.yml"

_TRAIN = """
import sys
from rasa.model_training import train_nlu
config, data, domain, folder = sys.argv[1:]
sys.exit(0 if train_nlu(config, data, folder, fixed_model_name="model", domain=domain) else 1)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the NLU model when its ingredients have changed.")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--force", action="store_true", help="train even when nothing has changed")
    options = parser.parse_args()
    # A stop from outside unwinds, so that the half-made model and the training process go with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    done = ensure_trained(options.config.resolve(), options.model.resolve(), options.force)
    sys.stdout.write(f"{done}\n")


def ensure_trained(config: Path, model: Path, force: bool = False) -> str:
    """Trains into `model` unless its fingerprint fits; says what was done. Exits when training fails."""
    mark, wanted = model.with_name(model.name + ".fingerprint"), fingerprint(config)
    if not force and model.is_file() and mark.is_file() and mark.read_text() == wanted:
        return f"NLU model is up to date: {model.name}"
    started = time.monotonic()
    model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model.parent) as folder:
        _train(config, Path(folder))
        mark.unlink(missing_ok=True)
        (Path(folder) / "model.tar.gz").replace(model)
    mark.write_text(wanted)
    return f"NLU model trained in {time.monotonic() - started:.0f} s: {model.name}"


def fingerprint(config: Path = CONFIG) -> str:
    """A hash over everything the model depends on: data, configuration, domain, components, versions."""
    digest = hashlib.sha256()
    for path in [config, *_ingredients(config)]:
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _ingredients(config: Path) -> Iterator[Path]:
    yield from (DOMAIN, PROJECT / "requirements.txt")
    yield from sorted(DATA.rglob("*.yml"))
    if "components." in config.read_text(encoding="utf-8"):
        yield from sorted((PROJECT / "components").glob("*.py"))


def _train(config: Path, folder: Path) -> None:
    # Rasa's own cache looks at a component's class only, not at what it imports: it is switched off.
    environment = rasa_environment() | {
        "RASA_MAX_CACHE_SIZE": "0",
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
    }
    command = [sys.executable, "-c", _TRAIN, str(config), str(DATA), str(DOMAIN), str(folder)]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        sys.exit(f"NLU training failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


if __name__ == "__main__":
    main()
