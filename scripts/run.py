"""Start all parts of Lotse on this machine: `make run`.

Checks first what would stop it (settings, ports, token), then trains the model and fills the
directory where needed, then runs the parts of the Procfile until Ctrl-C or until one of them ends.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from honcho.environ import parse_procfile
from honcho.manager import Manager

from console.secret import kept_secret

ROOT = Path(__file__).resolve().parent.parent
KEYS = ROOT / ".run"
EXIT_CANNOT_START = 2
_TOKEN = re.compile(r"^[^\s/]+$")
_READY_S = 180
_DEFAULTS = {
    "PORT": "8000",
    "NLU_PORT": "5005",
    "REDIS_PORT": "6399",
    "WEBHOOK_PORT": "8443",
    "PYTHONUNBUFFERED": "1",
}


class CannotStart(Exception):
    """What stands in the way, in one sentence that says what to do."""


def main() -> int:
    # An empty variable, as files of settings leave it, is one that is not given.
    for name in [name for name, value in os.environ.items() if not value]:
        del os.environ[name]
    try:
        environment = prepared_environment(dict(os.environ))
        check_ports(environment)
        check_token(environment)
        train(environment)
        fill_directory(environment)
    except CannotStart as error:
        print(f"run: {error}", file=sys.stderr)
        return EXIT_CANNOT_START
    except KeyboardInterrupt:
        return 130
    return supervise(environment)


def prepared_environment(given: dict[str, str]) -> dict[str, str]:
    """The environment of all parts: what is given, and for the rest what a first run needs."""
    environment = {**_DEFAULTS, **given}
    environment.setdefault("REDIS_URL", f"redis://127.0.0.1:{environment['REDIS_PORT']}/0")
    environment.setdefault("NLU_URL", f"http://127.0.0.1:{environment['NLU_PORT']}")
    environment.setdefault("SECRET_KEY", kept_secret(KEYS / "secret_key"))
    environment.setdefault("TRANSCRIPT_KEY", kept_secret(KEYS / "transcript_key"))
    return environment


def own_parts(given: dict[str, str]) -> list[str]:
    """Which parts are started here: Redis and the NLU only where their address is not given."""
    absent = {"redis": "REDIS_URL" in given, "nlu": "NLU_URL" in given}
    return [name for name in ("redis", "nlu", "console", "bot") if not absent.get(name)]


def check_ports(environment: dict[str, str]) -> None:
    """Raise CannotStart naming the first port that another program holds."""
    variables = {"redis": "REDIS_PORT", "nlu": "NLU_PORT", "console": "PORT"}
    if environment.get("WEBHOOK_URL"):
        variables["bot"] = "WEBHOOK_PORT"
    for name in own_parts(dict(os.environ)):
        variable = variables.get(name, "")
        if variable and not environment[variable].isdigit():
            raise CannotStart(f"{variable} must be a number.")
        if variable and _taken(int(environment[variable])):
            raise CannotStart(
                f"Port {environment[variable]} ({name}) is in use. Stop the other program or set {variable}."
            )


def check_token(environment: dict[str, str]) -> None:
    """Ask the Bot API whether it knows the token, before minutes are spent on anything else."""
    token = environment.get("TELEGRAM_BOT_TOKEN", "")
    if not token:
        print("run: no TELEGRAM_BOT_TOKEN, so no Telegram; the bot answers in the web preview", flush=True)
        return
    wrong = CannotStart("Telegram does not accept TELEGRAM_BOT_TOKEN. Ask @BotFather for the right one.")
    if not _TOKEN.match(token):
        raise wrong
    url = environment.get("TELEGRAM_API_URL", "https://api.telegram.org").rstrip("/")
    try:
        answer = httpx.get(f"{url}/bot{token}/getMe", timeout=10)
    except httpx.HTTPError as error:
        raise CannotStart(f"Telegram's Bot API does not answer at {url} ({type(error).__name__}).") from None
    if answer.status_code in (401, 404):
        raise wrong


def train(environment: dict[str, str]) -> None:
    """Train the model where its ingredients changed; the trainer itself says what it does."""
    if "nlu" in own_parts(dict(os.environ)):
        _step("model", [".venv-nlu/bin/python", "nlu/train.py"], environment)


def fill_directory(environment: dict[str, str]) -> None:
    """Bring the console's database up to date and carry the directory's data over into it."""
    for name, command in (
        ("database", ["migrate", "--verbosity", "0"]),
        ("directory", ["seed"]),
    ):
        _step(name, [sys.executable, "manage.py", *command], environment)


def supervise(environment: dict[str, str]) -> int:
    """Run the parts until one ends or Ctrl-C; all end together. Returns the exit status."""
    procfile = parse_procfile((ROOT / "Procfile").read_text())
    manager = Manager()
    for name in own_parts(dict(os.environ)):
        manager.add_process(name, "exec " + procfile.processes[name], env=environment, cwd=str(ROOT))
    threading.Thread(target=_announce, args=(environment,), daemon=True).start()
    manager.loop()
    stopped_by_hand = manager.returncode in (130, 143)
    return 0 if stopped_by_hand else (manager.returncode or 1)


def _announce(environment: dict[str, str]) -> None:
    """Say when each part answers, and where."""
    base = f"http://localhost:{environment['PORT']}"
    if _answers(f"{base}/healthz"):
        print(f"run: pages    {base}/", flush=True)
        print(f"run: preview  {base}/preview/", flush=True)
        print(f"run: console  {base}/admin/", flush=True)
    if _answers(f"{environment['NLU_URL']}/status"):
        print("run: all parts answer. Ctrl-C stops them.", flush=True)


def _answers(url: str) -> bool:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).is_success:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    print(f"run: {url} does not answer after {_READY_S} s", flush=True)
    return False


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _step(name: str, command: list[str], environment: dict[str, str]) -> None:
    print(f"run: {name} …", flush=True)
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise CannotStart(f"the step “{name}” failed; its message is above")


if __name__ == "__main__":
    sys.exit(main())
