"""Pin the requirement files with hashes: `make lock`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.environments import ROOT, tool

NOTE = "# Pinned with hashes by `make lock`; edit the .in file beside it, not this one.\n"
FILES = {
    "requirements-tools": "3.8",
    "requirements": "3.11",
    "requirements-voice": "3.11",
    "requirements-dev": "3.11",
    "nlu/requirements": "3.10",
}


def main() -> int:
    uv = tool()
    for name, python in FILES.items():
        target = ROOT / f"{name}.txt"
        command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
        command += ["--no-header", "-p", python, f"{name}.in", "-o", str(target)]
        if subprocess.run(command, cwd=ROOT).returncode:
            return 1
        _prefix(target)
    return 0


def _prefix(target: Path) -> None:
    text = target.read_text()
    target.write_text(NOTE + text.removeprefix(NOTE))


if __name__ == "__main__":
    sys.exit(main())
