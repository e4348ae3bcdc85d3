"""A peer whose answers a test decides: a real application behind a real client."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

Answer = Callable[[Request, Any], Response]


class Peer:
    """Answers with `answer`, and remembers what was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.json() if request.method == "POST" else None
        self.asked.append((request.url.path, body))
        await self.answer(request, body)(scope, receive, send)


def says(document: Any, status: int = 200) -> Answer:
    """Always the same answer."""
    return lambda request, body: JSONResponse(document, status)


def away(request: Request, body: Any) -> Response:
    """A peer that is down, as its proxy says it."""
    return JSONResponse({}, 503)
