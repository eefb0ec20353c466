"""Make the Python environments: `python3 scripts/environments.py app [nlu]`.

Runs on the machine's own Python with nothing installed. `app` is Python 3.11 or newer, `dev` is
`app` with what tests and checks need, `nlu` is 3.10, because Rasa Open Source ends there. An
environment is made again only when its requirement files changed. Ends with one sentence and
status 2 where something is missing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
ENVIRONMENTS = {
    "app": (ROOT / ".venv", (3, 11), (3, 14), ["requirements.txt"]),
    "dev": (ROOT / ".venv", (3, 11), (3, 14), ["requirements.txt", "requirements-dev.txt"]),
    "nlu": (ROOT / ".venv-nlu", (3, 10), (3, 10), ["nlu/requirements.txt"]),
}


class CannotSetUp(Exception):
    """Something the machine lacks; the message says what to do."""


def main() -> int:
    try:
        for name in sys.argv[1:] or list(ENVIRONMENTS):
            make(name)
    except CannotSetUp as error:
        print(f"setup: {error}", file=sys.stderr)
        return 2
    return 0


def make(name: str) -> None:
    """Bring one environment up to date with its requirement files."""
    folder, oldest, newest, requirements = ENVIRONMENTS[name]
    if all(is_installed(folder, file) for file in requirements):
        return
    started = time.monotonic()
    print(f"setup: making the {name} environment …", flush=True)
    uv = tool()
    python = find_python(uv, oldest, newest)
    run(
        [uv, "venv", "--quiet", "--clear", "--python", python, str(folder)],
        f"no environment in {folder.name}",
    )
    command = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--python",
        str(folder / "bin" / "python"),
    ]
    for file in requirements:
        command += ["-r", str(ROOT / file)]
    run(
        command,
        f"could not install {', '.join(requirements)}; is the package registry reachable?",
    )
    for file in requirements:
        stamp(folder, file).write_text(fingerprint(ROOT / file))
    print(f"setup: {name} environment ready after {time.monotonic() - started:.0f} s", flush=True)


def is_installed(folder: Path, requirements: str) -> bool:
    """Whether the environment holds what a requirement file asks for now."""
    mark = stamp(folder, requirements)
    return mark.is_file() and mark.read_text() == fingerprint(ROOT / requirements)


def stamp(folder: Path, requirements: str) -> Path:
    """Where the fingerprint of an installed requirement file is kept."""
    return folder / f"{Path(requirements).stem}.sha256"


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def tool() -> str:
    """The path of uv, installed into the project's own tool environment the first time."""
    uv = TOOLS / "bin" / "uv"
    requirements = "requirements-tools.txt"
    if uv.is_file() and is_installed(TOOLS, requirements):
        return str(uv)
    hint = "this Python cannot make environments; install its venv and pip parts (Debian: python3-venv)"
    run([sys.executable, "-m", "venv", "--clear", str(TOOLS)], hint)
    pip = [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, "--require-hashes", "-r", str(ROOT / requirements)],
        "uv could not be installed; is the package registry reachable?",
    )
    stamp(TOOLS, requirements).write_text(fingerprint(ROOT / requirements))
    return str(uv)


def find_python(uv: str, oldest: tuple[int, int], newest: tuple[int, int]) -> str:
    """A Python between two versions: on PATH, among pyenv's, else one that uv fetches."""
    for candidate in candidates(oldest, newest):
        version = version_of(candidate)
        if version and oldest <= version <= newest:
            return candidate
    wanted = f"{oldest[0]}.{oldest[1]}"
    print(f"setup: no Python {wanted} found, asking uv to fetch one …", flush=True)
    found = subprocess.run([uv, "python", "install", "--quiet", wanted], capture_output=True, text=True)
    if found.returncode:
        raise CannotSetUp(
            f"Python {wanted} is needed and was neither found on PATH or in pyenv nor could it be fetched. "
            f"Install it (pyenv install {wanted}) and run this again."
        )
    return wanted


def candidates(oldest: tuple[int, int], newest: tuple[int, int]) -> list[str]:
    minors = range(oldest[1], newest[1] + 1)
    on_path = [sys.executable, *(shutil.which(f"python3.{minor}") or "" for minor in minors)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = [str(path) for minor in minors for path in sorted(pyenv.glob(f"3.{minor}.*/bin/python"))]
    return [path for path in (*on_path, *kept) if path]


def version_of(python: str) -> tuple[int, int] | None:
    """The version a command really starts; pyenv's shims exist without a Python behind them."""
    code = "import sys; print(*sys.version_info[:2])"
    answer = subprocess.run([python, "-c", code], capture_output=True, text=True)
    if answer.returncode:
        return None
    major, minor = answer.stdout.split()
    return int(major), int(minor)


def run(command: list[str], failed: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        print(result.stderr.strip()[-2000:], file=sys.stderr)
        raise CannotSetUp(failed)


if __name__ == "__main__":
    sys.exit(main())
