"""People who call the services: signed in for real, and again before their token ends."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from configuration.kit.security.actor import Service
from tests.benchmarks.wire import BrokenAnswer, Connection, Reply, connect, encode


class Unexpected(AssertionError):
    """An answer that the stage cannot be set with."""


TOKEN_SECONDS = 240.0
"""Access tokens live ten minutes; a race must not lose because one ended."""


class Line:
    """One kept-alive connection to a server; opened at the first call, and again when it broke."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection: Connection | None = None

    async def open(self) -> Connection:
        """The connection."""
        if self._connection is None or not self._connection.alive:
            self._connection = await connect(self.port)
        return self._connection

    async def send(self, request: bytes) -> Reply:
        """One request and its answer. `BrokenAnswer` or `OSError` when the server goes away."""
        try:
            return await (await self.open()).send(request)
        except (BrokenAnswer, OSError):
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass(slots=True)
class Caller:
    """A person with an account."""

    service: Service
    user_name: str
    password: str
    person: str
    _token: str | None = field(default=None, repr=False)
    _signed_in_at: float = 0.0

    async def token(self, line: Line) -> str:
        """An access token with some life left."""
        if self._token is None or time.monotonic() - self._signed_in_at > TOKEN_SECONDS:
            self._token = (await self.sign_in(line))["access_token"]
            self._signed_in_at = time.monotonic()
        return self._token

    async def sign_in(self, line: Line) -> Mapping[str, Any]:
        """Sign in; access and refresh token."""
        form = {"grant_type": "password", "username": self.user_name, "password": self.password}
        path = f"/ch04/{self.service}/login/account"
        reply = await line.send(encode("POST", path, body=urlencode(form).encode()))
        answer: Mapping[str, Any] = expect(reply, 200).json()
        return answer

    async def ask(
        self,
        line: Line,
        method: str,
        path: str,
        body: Any = None,
        *,
        expected: Sequence[int] = (200, 201),
        **headers: str,
    ) -> Any:
        """One call that has to work; what it answered."""
        request = encode(method, path, body=body, token=await self.token(line), **headers)
        reply = expect(await line.send(request), *expected)
        return json.loads(reply.body) if reply.body else None


def expect(reply: Reply, *statuses: int) -> Reply:
    """The reply, if it has one of the statuses."""
    if reply.status not in statuses:
        raise Unexpected(f"expected {statuses}, got {reply.status}: {reply.body[:600].decode(errors='replace')}")
    return reply
