"""Who walks the story of `erp smoke`: a client with a browser's patience, which notes how each step went."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from configuration.kit.errors import Refusal

TIMEOUT = (3.05, 15.0)
AGAIN = Retry(
    total=3,
    connect=3,
    read=0,
    status=3,
    backoff_factor=0.2,
    status_forcelist=(429, 503),
    allowed_methods=frozenset({"GET", "HEAD", "POST"}),
    respect_retry_after_header=True,
    raise_on_status=False,
)


class StepFailed(Refusal):
    """A step of the story went otherwise than it should."""

    code = "SMOKE_STEP_FAILED"
    title = "A step of the story failed"


@dataclass(frozen=True)
class Done:
    """A step as it went."""

    step: str
    status: int
    milliseconds: float


class Visitor:
    """Somebody with a browser's patience: one session, tries again what was not done, and notes how it went."""

    def __init__(self, base: str, notes: list[Done]) -> None:
        self.base = base.rstrip("/")
        self.notes = notes
        self._session = requests.Session()
        self._session.mount("http://", HTTPAdapter(max_retries=AGAIN))
        self._session.mount("https://", HTTPAdapter(max_retries=AGAIN))

    def ask(
        self,
        step: str,
        method: str,
        path: str,
        *,
        expect: int,
        token: str | None = None,
        key: str | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send one request, note it, and raise `StepFailed` unless it is answered with the expected status."""
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        began = time.perf_counter()
        answer = self._session.request(
            method,
            f"{self.base}{path}",
            json=body,
            data=form,
            params=params,
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        self.notes.append(Done(step, answer.status_code, (time.perf_counter() - began) * 1000))
        if answer.status_code != expect:
            raise StepFailed(f"{step}: {method} {path} answered {answer.status_code}, not {expect}: {_reason(answer)}")
        return answer


def _reason(answer: requests.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return answer.reason
    found = problem.get("detail") or problem.get("title") if isinstance(problem, dict) else None
    request_id = answer.headers.get("X-Request-ID", "-")
    return f"{found or answer.reason} (request {request_id})"
