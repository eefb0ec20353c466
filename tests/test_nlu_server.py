"""The real NLU server: it answers anything, in three languages, and tells nobody else about it."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bench.rasa_server import NLU_PYTHON, ROOT, ensure_model, rasa_server, resident_mb

pytestmark = [pytest.mark.nlu, pytest.mark.timeout(900)]

MODEL = ROOT / "nlu" / "models" / "lotse.tar.gz"


class Trap:
    """Stands where a proxy to the internet would: notes what is asked for and lets nothing through."""

    def __init__(self, port: int, asked: list[str]) -> None:
        self.asked = asked
        self.environment = {
            **dict.fromkeys(
                ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"], f"http://127.0.0.1:{port}"
            ),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            "RASA_TELEMETRY_ENABLED": "true",
            "RASA_TELEMETRY_WRITE_KEY": "key",
            "RASA_EXCEPTION_WRITE_KEY": "key",
        }
        """What a caller's environment could hold at worst: telemetry wanted, and keys for it."""


@contextmanager
def trap() -> Iterator[Trap]:
    asked: list[str] = []

    class Note(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline().decode("latin-1").strip())
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Note) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield Trap(listener.server_address[1], asked)
        listener.shutdown()


@pytest.fixture(scope="module")
def nlu() -> Iterator[tuple[str, int, Trap]]:
    """Address, process id and the trap around the running server."""
    ensure_model()
    with trap() as around, rasa_server(MODEL, around.environment) as (url, process):
        yield url, process, around


def parse(url: str, text: str) -> list[dict[str, object]]:
    answer = httpx.post(f"{url}/model/parse", json={"text": text}, timeout=30, trust_env=False)
    assert answer.status_code == 200
    ranking: list[dict[str, object]] = answer.json()["intent_ranking"]
    return ranking


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("де найближчий психолог для дитини", "find_trauma_support"),
        ("потеряли украинский паспорт, что делать", "ask_documents"),
        ("Wo kann ich meinen Führerschein umtauschen?", "ask_driving_licence"),
        ("хочу умереть", "crisis"),
        ("potriben psykholog", "find_trauma_support"),
    ],
)
def test_it_knows_plain_requests_in_three_languages(
    nlu: tuple[str, int, Trap], text: str, intent: str
) -> None:
    assert parse(nlu[0], text)[0]["name"] == intent


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀", "\x00\x01\x02", "a" * 4096, "я " * 2048, "你好 مرحبا hello привіт", "?", "{}", "\u200b"],
)
def test_any_text_gets_a_ranking(nlu: tuple[str, int, Trap], text: str) -> None:
    confidences = [float(str(guess["confidence"])) for guess in parse(nlu[0], text)]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


def test_it_stays_within_700_megabytes(nlu: tuple[str, int, Trap]) -> None:
    assert resident_mb(nlu[1]) < 700


def test_the_server_connects_to_nobody_even_where_telemetry_is_asked_for(nlu: tuple[str, int, Trap]) -> None:
    parse(nlu[0], "hallo")
    assert nlu[2].asked == []


REPORT = """
from rasa import telemetry
telemetry.initialize_telemetry()
telemetry.ensure_telemetry_enabled(telemetry._track)("Server Started", {}, {"license_hash": "0"})
"""
"""Rasa's own way of reporting. Its open-source builds hold events back unless they carry a licence's hash."""


def test_the_trap_would_notice_rasas_telemetry(tmp_path: Path) -> None:
    with trap() as around:
        environment = {**os.environ, **around.environment, "HOME": str(tmp_path)}
        subprocess.run(
            [NLU_PYTHON, "-c", REPORT], env=environment, capture_output=True, check=True, timeout=100
        )
        assert any("segment" in request for request in around.asked)


def test_the_environment_of_training_and_server_silences_rasas_telemetry(tmp_path: Path) -> None:
    program = f"import os, serve\nos.environ.update(serve.rasa_environment())\n{REPORT}"
    with trap() as around:
        environment = {
            **os.environ,
            **around.environment,
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT / "nlu"),
        }
        subprocess.run(
            [NLU_PYTHON, "-c", program], env=environment, capture_output=True, check=True, timeout=100
        )
        assert around.asked == []


def test_training_again_without_a_change_does_nothing(nlu: tuple[str, int, Trap]) -> None:
    before = MODEL.stat().st_mtime_ns
    said = subprocess.run(
        [NLU_PYTHON, ROOT / "nlu" / "train.py"], capture_output=True, text=True, check=True
    ).stdout
    assert said == "NLU model is up to date: lotse.tar.gz\n"
    assert MODEL.stat().st_mtime_ns == before


def test_without_a_model_the_server_says_so_and_ends(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "nlu" / "serve.py"), "--model", str(tmp_path / "none.tar.gz")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "no model" in done.stderr
