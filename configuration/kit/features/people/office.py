"""How one service keeps the records of its people."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.features.accounts import Roles
from configuration.kit.features.people.answers import ProfileRead, SummaryRead
from configuration.kit.features.people.model import Profile, Standing
from configuration.kit.features.people.requests import Addition, Beginning, Change, Ending
from configuration.kit.features.people.spells import SpellTable
from configuration.kit.security.actor import Actor, Service


@dataclass(frozen=True)
class Words:
    """What the book, the addresses and the refusals call things: `stud_id`, `studies`, `study`."""

    number: str
    spells: str
    spell: str


@dataclass(frozen=True)
class Models:
    """Bodies and answers of the service."""

    addition: type[Addition]
    change: type[Change]
    beginning: type[Beginning]
    ending: type[Ending]
    profile: type[ProfileRead]
    summary: type[SummaryRead]


@dataclass(frozen=True)
class Office:
    """One service's people: who keeps their records, and what is theirs beside what every person has.

    `owner` answers the row that a person's spells belong to, made where there is none; `live` says which spells make
    somebody one of the people on a day; `complete` adds what only this service knows to a profile.
    """

    roles: Roles
    keeper: str
    words: Words
    models: Models
    spells: SpellTable[Any]
    owner: Callable[[Transaction, int, Actor, datetime], int]
    live: Callable[[Iterable[Any], date], Sequence[Any]]
    complete: Callable[[Transaction, Profile, datetime], Any]
    standing: Callable[..., Standing]

    @property
    def service(self) -> Service:
        """The service."""
        return self.roles.service

    def reference(self, number: int) -> str:
        """The person reference of a number."""
        return f"{self.service}:{number}"
