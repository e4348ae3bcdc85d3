"""The public keys of the other services, fetched when a token asks for them and kept while they hold."""

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime

from configuration.kit.errors import Unavailable
from configuration.kit.peers import PeerRegistry, PeerTimeout, document_of
from configuration.kit.security.actor import Service
from configuration.kit.security.keys import KeyRing, PublicKey, read_published

FRESH_SECONDS = 60.0
"""How long fetched keys are used without asking again: a retirement is known everywhere after a minute."""
TRY_AGAIN_SECONDS = 10.0
"""How long known keys go on being used, unasked, when their service did not answer."""
ASKING_SECONDS = 1.0
QUESTIONS, SECONDS_PER_QUESTION = 10.0, 5.0
"""How often a service is asked for keys it may have made just now: unknown key ids are cheap to invent."""


class KeyDirectory:
    """Finds the key a token names: our own in the ring, a peer's in its published set."""

    def __init__(self, ring: KeyRing, peers: PeerRegistry, roots: Mapping[Service, str]) -> None:
        self._ring = ring
        self._peers = peers
        self._roots = roots
        self._found: dict[Service, dict[str, PublicKey]] = {}
        self._fetched: dict[Service, float] = {}
        self._questions: dict[Service, tuple[float, float]] = {}
        self._locks: dict[Service, asyncio.Lock] = {}
        self._changes = 0

    @property
    def generation(self) -> int:
        """Grows whenever any service's keys change: what was verified before is verified again."""
        self._ring.refresh()
        return self._ring.generation + self._changes

    async def find(self, issuer: Service, kid: str) -> PublicKey | None:
        """The issuer's key with this thumbprint; `None` when it has no such key.

        Raises `Unavailable` when the issuer cannot be asked and its keys were never seen.
        """
        if issuer == self._ring.service:
            return self._ring.find(kid)
        if (key := self._known(issuer, kid)) is not None:
            return key
        async with self._locks.setdefault(issuer, asyncio.Lock()):
            if (key := self._known(issuer, kid)) is not None:
                return key
            if self._may_ask(issuer):
                await self._fetch(issuer)
        if issuer not in self._found:
            raise Unavailable(f"The keys of the {issuer} service cannot be fetched.", headers={"Retry-After": "5"})
        return self._found[issuer].get(kid)

    def _known(self, issuer: Service, kid: str) -> PublicKey | None:
        fresh = time.monotonic() - self._fetched.get(issuer, -FRESH_SECONDS) < FRESH_SECONDS
        return self._found.get(issuer, {}).get(kid) if fresh else None

    def _may_ask(self, issuer: Service) -> bool:
        """Whether there is a question left; they come back one by one."""
        now = time.monotonic()
        left, at = self._questions.get(issuer, (QUESTIONS, now))
        left = min(QUESTIONS, left + (now - at) / SECONDS_PER_QUESTION)
        self._questions[issuer] = (left - 1 if left >= 1 else left, now)
        return left >= 1

    async def _fetch(self, issuer: Service) -> None:
        keys = await self._ask(issuer)
        if keys:
            if issuer in self._found and _retirements(keys) != _retirements(self._found[issuer]):
                self._changes += 1
            self._found[issuer] = keys
            self._fetched[issuer] = time.monotonic()
        elif issuer in self._found:
            self._fetched[issuer] = time.monotonic() - FRESH_SECONDS + TRY_AGAIN_SECONDS

    async def _ask(self, issuer: Service) -> dict[str, PublicKey]:
        """The keys the issuer publishes; none when it does not answer, or not sensibly."""
        path = f"{self._roots[issuer]}/.well-known/jwks.json"
        try:
            answer = await self._peers.call(issuer, "GET", path, timeout=ASKING_SECONDS, leaf=True)
            told = document_of(issuer, answer) if answer.status_code == 200 else {}
        except (Unavailable, PeerTimeout):
            return {}
        return {key.kid: key for key in read_published(told)}


def _retirements(keys: Mapping[str, PublicKey]) -> dict[str, datetime | None]:
    return {kid: key.retired_at for kid, key in keys.items()}
