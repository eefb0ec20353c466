"""`make run` says in one sentence what stands in its way, and leaves nothing half-started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import environments
from scripts.run import own_parts, prepared_environment

ROOT = Path(__file__).parent.parent


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_TOKEN"))}
    return subprocess.run(
        [sys.executable, "-m", "scripts.run"],
        cwd=ROOT,
        env={**given, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.mark.parametrize("variable", ["PORT", "NLU_PORT", "REDIS_PORT"])
def test_a_busy_port_is_named_with_the_variable_that_moves_it(taken_port: str, variable: str) -> None:
    free = {"PORT": "18000", "NLU_PORT": "15005", "REDIS_PORT": "16399"}
    result = run(**{**free, variable: taken_port})
    assert result.returncode == 2
    [sentence] = result.stderr.strip().splitlines()
    assert taken_port in sentence
    assert variable in sentence


def test_a_wrong_token_is_said_before_anything_is_started() -> None:
    result = run(PORT="18000", NLU_PORT="15005", REDIS_PORT="16399", TELEGRAM_BOT_TOKEN="non sense")
    assert result.returncode == 2
    assert result.stderr.strip().endswith("Ask @BotFather for the right one.")
    assert "non sense" not in result.stderr + result.stdout


def test_a_bot_api_that_does_not_answer_is_named() -> None:
    result = run(
        PORT="18000",
        NLU_PORT="15005",
        REDIS_PORT="16399",
        TELEGRAM_BOT_TOKEN="123:abc",
        TELEGRAM_API_URL="http://127.0.0.1:9",
    )
    assert result.returncode == 2
    assert "http://127.0.0.1:9" in result.stderr
    assert "123:abc" not in result.stderr


def test_redis_and_the_nlu_are_started_only_where_their_address_is_not_given() -> None:
    assert own_parts({}) == ["redis", "nlu", "console", "bot"]
    assert own_parts({"REDIS_URL": "redis://elsewhere", "NLU_URL": "http://elsewhere"}) == ["console", "bot"]


def test_given_keys_are_used_and_missing_ones_are_made_once() -> None:
    made = prepared_environment({})
    assert made["SECRET_KEY"] == prepared_environment({})["SECRET_KEY"]
    assert len(made["TRANSCRIPT_KEY"]) >= 32
    assert prepared_environment({"TRANSCRIPT_KEY": "given"})["TRANSCRIPT_KEY"] == "given"


def test_without_the_right_python_setup_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "candidates", lambda oldest, newest: [])
    with pytest.raises(environments.CannotSetUp, match=r"Python 3\.10 is needed.*Install it"):
        environments.find_python("false", (3, 10), (3, 10))
