"""Starts the NLU server: Rasa with its HTTP API and nothing else, bound to this machine.

    .venv-nlu/bin/python nlu/serve.py [--port 5005] [--host 127.0.0.1] [--model nlu/models/lotse.tar.gz]

The process becomes Rasa itself, so signals reach it directly. Ready when `GET /status` answers 200.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
MODEL = PROJECT / "models" / "lotse.tar.gz"


def rasa_environment() -> dict[str, str]:
    """The environment every Rasa process of this project runs in.

    Telemetry is off whatever the caller's environment says; PYTHONPATH lets Rasa import `components`.
    """
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(PROJECT),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "2"),
        # OpenMP threads that spin while they wait make one message take half a second on a busy machine;
        # with a short spin the slowest ones stay under a tenth of that.
        "GOMP_SPINCOUNT": "1000",
        "MALLOC_ARENA_MAX": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Start the NLU server.")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--model", type=Path, default=MODEL)
    options = parser.parse_args()
    model = options.model.resolve()
    if not model.is_file():
        sys.exit(f"There is no model at {model}: train one first (nlu/train.py).")
    os.chdir(PROJECT)
    command = [sys.executable, "-m", "rasa", "run", "--enable-api", "-m", str(model)]
    command += ["-p", str(options.port), "-i", options.host]
    os.execve(sys.executable, command, rasa_environment())  # noqa: S606


if __name__ == "__main__":
    main()
