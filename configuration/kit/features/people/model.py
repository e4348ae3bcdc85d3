"""What is known of persons, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

NameKind = Literal["legal", "preferred"]
ContactKind = Literal["email", "phone", "postal"]


@dataclass(frozen=True, slots=True)
class PersonOnRecord:
    """A person of this service."""

    id: int
    number: int
    display_name: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name of a person; the present one has no `valid_until`."""

    kind: NameKind
    given_name: str
    middle_name: str
    family_name: str
    valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached."""

    kind: ContactKind
    value: str
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What another service may know of a person: who they are, and whether they belong here today."""

    person: str
    display_name: str
    group: Literal["student", "faculty"]
    active: bool
    until: date | None
    as_of: datetime
