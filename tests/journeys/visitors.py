"""People with a browser-less client: each call has an id of its own, by which the log is read afterwards."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

LINE = re.compile(r"Log: \[(?P<id>[^:]+): (?P<at>\S+) - (?P<level>[A-Z]+) - (?P<message>.*)$")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its id, and what was answered."""

    request_id: str
    method: str
    path: str
    status: int


@dataclass(slots=True)
class Reception:
    """Where all calls go out and are noted."""

    client: httpx.Client
    calls: list[Call] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def call(self, method: str, path: str, *, expect: int, headers: Mapping[str, str], **content: Any) -> Any:
        """One call with an id of its own; its answer decoded. Another status than the expected one is an error."""
        request_id = f"journey-{next(self.numbers):04d}"
        told = {"X-Request-ID": request_id, "Accept": "application/json", **headers}
        answer = self.client.request(method, path, headers=told, **content)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        assert answer.headers["X-Request-ID"] == request_id
        self.calls.append(Call(request_id, method, path.partition("?")[0], answer.status_code))
        return answer.json() if answer.content else None


@dataclass(slots=True)
class Visitor:
    """One person, signed in or not."""

    reception: Reception
    name: str
    password: str
    service: str
    token: str | None = None

    def get(self, path: str, *, expect: int = 200) -> Any:
        """Look."""
        return self.reception.call("GET", path, expect=expect, headers=self._headers())

    def post(self, path: str, body: Any = None, *, expect: int = 200, **content: Any) -> Any:
        """Act, with a key, as clients should."""
        headers = self._headers() | (
            {"Idempotency-Key": f"{self.name}-{len(self.reception.calls)}"} if self.token else {}
        )
        given = {"json": body} if body is not None else content
        return self.reception.call("POST", path, expect=expect, headers=headers, **given)

    def put(self, path: str, body: Any, *, expect: int = 200) -> Any:
        """Set."""
        return self.reception.call("PUT", path, expect=expect, headers=self._headers(), json=body)

    def sign_in(self, *, expect: int = 200) -> None:
        """Sign in with the password."""
        form = {"grant_type": "password", "username": self.name, "password": self.password}
        answer = self.reception.call(
            "POST", f"/ch04/{self.service}/login/account", expect=expect, headers={}, data=form
        )
        self.token = answer["access_token"] if expect == 200 else None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def settled_log(log: Path, calls: Sequence[Call], *, seconds: float = 10) -> dict[str, list[str]]:
    """What the central log says under each id, once it tells the end of every call.

    An end is logged after the answer has gone out, so whoever was answered may look too early; what is still missing
    after the given time is missing.
    """
    until = time.monotonic() + seconds
    while unlogged(calls, lines := log_lines(log)) and time.monotonic() < until:
        time.sleep(0.05)
    return lines


def log_lines(log: Path) -> dict[str, list[str]]:
    """What the central log says under each id."""
    lines: dict[str, list[str]] = {}
    for text in log.read_text(encoding="utf-8").splitlines():
        if found := LINE.match(text):
            lines.setdefault(found["id"], []).append(found["message"])
    return lines


def unlogged(calls: Sequence[Call], lines: Mapping[str, list[str]]) -> list[str]:
    """The calls that the log does not tell from start to end, with their status; in words."""
    missing = []
    for call in calls:
        told = lines.get(call.request_id, [])
        started = any(f"{call.method} {call.path} started" in line for line in told)
        ended = any(f"{call.method} {call.path} ended {call.status} " in line for line in told)
        if not (started and ended):
            missing.append(f"{call.request_id} {call.method} {call.path} {call.status}: {told}")
    return missing
