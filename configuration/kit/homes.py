"""What the service where somebody has their account says of them: asked by service, never of one's own people."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

import httpx
from fastapi import Depends
from pydantic import AwareDatetime
from starlette.requests import Request

from configuration.kit.clock import Clock
from configuration.kit.envoy import Operation, Told, understood
from configuration.kit.peers import PeerRegistry
from configuration.kit.security.actor import Service
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import service_token_for

Group = Literal["student", "faculty"]
HOMES: tuple[Service, ...] = ("student", "faculty")
_REFERENCE = re.compile(r"(?:(student|faculty):)?([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Standing:
    """A person of another service: who it is, whether active, until when, and when this was said."""

    person: str
    display_name: str
    group: Group
    active: bool
    until: date | None
    as_of: datetime


class StandingTold(Told):
    """The same in the answer of a home service."""

    person: str
    display_name: str
    group: Group
    active: bool
    until: date | None
    as_of: AwareDatetime


class AddressTold(Told):
    """Where a person is reached."""

    person: str
    email: str | None


STANDING = {home: Operation(home, "GET", "/persons/{number}/standing", StandingTold) for home in HOMES}
ADDRESS = {home: Operation(home, "GET", "/persons/{number}/address", AddressTold) for home in HOMES}


class HomeServices:
    """The student and the faculty service, asked for the standing of their people."""

    def __init__(self, peers: PeerRegistry, keyring: KeyRing, prefix: str, clock: Clock) -> None:
        self._peers = peers
        self._keyring = keyring
        self._prefix = prefix
        self._clock = clock

    async def standing(self, service: Service, number: int) -> Standing | None:
        """The standing of one person; `None` when the service knows nobody of that number.

        Raises `PeerUnavailable` or `PeerTimeout` when it does not answer, or not sensibly.
        """
        answer = await self._asked(service, number, "standing")
        return None if answer.status_code >= 400 else Standing(**dict(understood(STANDING[service], answer).value))

    async def address(self, person: str) -> str | None:
        """The mail address of a person; `None` for somebody without one, or of no home service. Raises likewise."""
        named = _REFERENCE.fullmatch(person)
        if named is None or named[1] is None:
            return None
        service: Service = named[1]  # type: ignore[assignment]  # the pattern names two of them
        answer = await self._asked(service, int(named[2]), "address")
        return None if answer.status_code >= 400 else understood(ADDRESS[service], answer).value.email

    async def _asked(self, service: Service, number: int, what: str) -> httpx.Response:
        token = service_token_for(self._keyring, "facts", service, self._clock())
        path = f"{self._prefix}/{service}/persons/{number}/{what}"
        return await self._peers.call(service, "GET", path, token=token)

    async def standings(self, typed: str) -> list[Standing]:
        """The standings of everybody a person reference, or a bare number, may mean."""
        named = _REFERENCE.fullmatch(typed)
        if named is None:
            return []
        asked = [service for service in HOMES if named[1] in (None, service)]
        answers = [await self.standing(service, int(named[2])) for service in asked]
        return [standing for standing in answers if standing is not None]


async def _homes(request: Request) -> HomeServices:
    state = request.app.state
    return HomeServices(state.peers, state.keyring, state.settings.root_prefix, state.clock)


HomesDep = Annotated[HomeServices, Depends(_homes)]
"""What the other services say of their people."""
