"""A Rasa server for the length of a measurement, on a free port, stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
NLU_PYTHON = ROOT / ".venv-nlu" / "bin" / "python"
START_TIMEOUT_S = 180


def ensure_model(*options: str) -> None:
    """Trains (or finds trained) a model with `nlu/train.py`; its one line goes to standard error."""
    done = subprocess.run([NLU_PYTHON, ROOT / "nlu" / "train.py", *options], stdout=sys.stderr, check=False)
    if done.returncode != 0:
        sys.exit("The model could not be trained.")


@contextmanager
def rasa_server(model: Path, environment: dict[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """Yields (address, process id) once the server answers; ends the process afterwards."""
    port = _free_port()
    command = [str(NLU_PYTHON), str(ROOT / "nlu" / "serve.py"), "--port", str(port), "--model", str(model)]
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, process)
        yield url, process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def resident_mb(process_id: int) -> float:
    """Resident memory in MB (10^6 bytes), or NaN where /proc does not tell."""
    try:
        lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next(float(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmRSS"))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/status", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError("The Rasa server did not start.")
