"""What a client sends, as it comes, and whether the client is still there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.types import Receive

from configuration.kit.errors import Refusal


class TooLarge(Refusal):
    """The body is larger than any service accepts."""

    status = 413
    code = "TOO_LARGE"
    title = "Content Too Large"

    def __init__(self) -> None:
        super().__init__("The body is larger than any service accepts.")


class ClientLeft(Exception):
    """The client hung up before it had the whole answer."""


class Upload:
    """The body of one request, passed on piece by piece and counted, never held."""

    def __init__(self, request: Request, receive: Receive, largest: int) -> None:
        self.chunked = "transfer-encoding" in request.headers
        """Whether the client did not say how long it is."""
        self.announced = 0 if self.chunked else int(request.headers.get("content-length", "0"))
        self.empty = not self.chunked and self.announced == 0
        self.whole = asyncio.Event()
        """Whether all of it has come."""
        self.answered = False
        self.over = False
        self._receive = receive
        self._largest = largest
        if self.empty:
            self.whole.set()

    async def parts(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises `TooLarge` when it becomes so, `ClientLeft` when it ends too early."""
        size = 0
        while not self.whole.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            part = message.get("body", b"")
            size += len(part)
            if size > self._largest:
                raise TooLarge
            if not message.get("more_body", False):
                self.whole.set()
            if part:
                yield part

    async def left(self) -> None:
        """Return once the client has hung up in the midst of the answer, or in waiting for it."""
        await self.whole.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self.over:
            await asyncio.Event().wait()  # The server says so at the end of every request.


@asynccontextmanager
async def while_somebody_waits(upload: Upload) -> AsyncIterator[None]:
    """Run the block for as long as the client is there; raises `ClientLeft` where that was not to the end."""
    block = asyncio.current_task()
    assert block is not None
    left = False

    async def watch() -> None:
        nonlocal left
        await upload.left()
        left = True
        block.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if not left or block.uncancel() > 0:
            raise
        raise ClientLeft from None
    finally:
        watching.cancel()
