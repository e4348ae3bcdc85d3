"""A live sign-in, as the home of its account knows it, and how its secrets are compared."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from configuration.kit.security.actor import Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """A live sign-in: the actor it stands for, the account's version, when it ends, and when its first grant does."""

    actor: Actor
    version: int
    sign_in_ends: datetime
    until: datetime


class Home(Protocol):
    """The ledger of a service's own accounts, as the authenticator asks it at each request, outside every cache."""

    async def stands(self, actor: Actor, version: int, now: datetime) -> bool:
        """Whether the sign-in behind an access token of ours still stands."""
        ...

    async def session(self, secret: str, now: datetime) -> Standing | None:
        """The live browser session with this secret."""
        ...


def digest(secret: str) -> str:
    """How random secrets are kept: they have too many bits to be guessed, so a plain hash is enough."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
