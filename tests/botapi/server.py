"""The HTTP side: which bot, which method, in which shape the answer goes out."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.botapi.delivery import Delivery
from tests.botapi.errors import ApiError
from tests.botapi.faults import Dropped, Fault, Faults, Hold
from tests.botapi.limits import OVERALL_PER_SECOND, SendingLimits
from tests.botapi.methods import Methods
from tests.botapi.params import Params
from tests.botapi.state import BOT, BOT_ID, Chat, Sent

TOKEN = f"{BOT_ID}:TEST-token-of-a-bot-that-does-not-exist"


class BotApiServer:
    """A Bot API for one bot on a free port of 127.0.0.1.

    Use as an async context manager. `url` is the base address ("http://127.0.0.1:PORT").
    `per_second` and `chat_burst` set the limits on sending (None: no limit); `insecure_webhooks`
    allows http addresses, as a self-hosted Bot API server does.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        per_second: int | None = OVERALL_PER_SECOND,
        chat_burst: int | None = None,
        insecure_webhooks: bool = False,
    ) -> None:
        self.token = token
        self.delivery = Delivery()
        self.limits = SendingLimits(per_second, chat_burst)
        self.methods = Methods(self.delivery, self.limits, insecure_webhooks)
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        """How often each method was called, by lower-case name; refused calls count too."""
        self.refusals: list[str] = []
        """Every 400 the server answered: each is a mistake of the bot."""
        self.url = ""
        self._table = self.methods.table()
        self._update_ids = count(700_000_001)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/voice/{file_id}.oga", self._file)
        # A caller that is gone must not have its message delivered after all.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=512)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.delivery.stop()
        if self._runner:
            await self._runner.cleanup()

    # What people do

    def chat(self, chat_json: dict[str, Any]) -> Chat:
        """The chat with this id; it exists from its first update on."""
        return self.methods.chats.setdefault(int(chat_json["id"]), Chat(chat_json))

    def push(self, **kind: Any) -> int:
        """Queue an update (`message={…}`); returns its id."""
        update_id = next(self._update_ids)
        self.delivery.push(update_id, {"update_id": update_id, **kind})
        return update_id

    def push_raw(self, update: Any) -> None:
        """Queue an update as it is, however malformed."""
        self.delivery.push(next(self._update_ids), update, always=True)

    def repeat(self, update_id: int, update: dict[str, Any]) -> None:
        """Deliver an update once more that was confirmed already."""
        self.delivery.push(update_id, {"update_id": update_id, **update})

    @property
    def confirmed(self) -> bool:
        """Whether the bot confirmed every update."""
        return not self.delivery.pending

    def sent(self) -> list[Sent]:
        """All messages in all chats, in the order they were sent."""
        messages = [message for chat in self.methods.chats.values() for message in chat.messages]
        return sorted(messages, key=lambda message: message.message_id)

    # What goes wrong

    def fail_next(
        self,
        method: str,
        status: int,
        description: str = "",
        *,
        retry_after: int | None = None,
        times: int = 1,
    ) -> None:
        """Answer the next calls with an error."""
        self.faults.order(method, Fault(status, description, retry_after), times)

    def drop_next(self, method: str, times: int = 1, *, after: bool = False) -> None:
        """Cut the connection before the call takes effect, or `after` it did."""
        self.faults.order(method, Fault(drop=True, after=after), times)

    def delay_next(self, method: str, seconds: float, times: int = 1) -> None:
        """Take longer over the next calls."""
        self.faults.order(method, Fault(delay_s=seconds), times)

    def hold_next(self, method: str, times: int = 1) -> Hold:
        """Keep the next calls waiting, before they take effect, until released."""
        hold = Hold()
        self.faults.order(method, Fault(hold=hold), times)
        return hold

    # HTTP

    async def _handle(self, request: web.Request) -> web.Response:
        try:
            return _answer(200, {"ok": True, "result": await self._call(request)})
        except ApiError as error:
            if error.code == 400:
                self.refusals.append(f"{request.match_info['method']}: {error.description}")
            return _answer(error.code, error.body())
        except Dropped:
            if request.transport:
                request.transport.abort()
            return web.Response()  # It reaches nobody.

    async def _file(self, request: web.Request) -> web.Response:
        """A file's content; for `fail_next` and its like this is the method "file"."""
        content = self.methods.files.get(request.match_info["file_id"])
        try:
            if fault := self.faults.next("file"):
                await fault.happen()
            if request.match_info["token"] != self.token or content is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return _answer(error.code, error.body())
        return web.Response(body=content, content_type="audio/ogg")

    async def _call(self, request: web.Request) -> Any:
        name = request.match_info["method"].lower()
        token = request.match_info["token"]
        if ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")
        self.calls[name] += 1
        method = self._table.get(name)
        if method is None:
            raise ApiError(404, "Not Found")
        params = await Params.of(request)
        fault = self.faults.next(name)
        if fault and not fault.after:
            await fault.happen()
        result = await method(params)
        if fault and fault.after:
            await fault.happen()
        return result


def _answer(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=True).encode(),
        content_type="application/json",
    )


__all__ = ["BOT", "TOKEN", "BotApiServer"]
