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
    valid_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellOnRecord:
    """A spell of belonging, with what it is sorted by; `owner_id` is the row that it is a spell of."""

    id: int
    owner_id: int
    kind: str
    major_id: int | None
    major: str | None
    major_name: str | None
    department_id: int | None
    department: str | None
    department_name: str | None
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Stated:
    """How often a record has changed, and who stated it and when; `None` before anybody did."""

    version: int
    stated_at: datetime | None = None
    stated_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that is known of a person now. `version` is 0 before anything was stated or changed."""

    id: int
    number: int
    person: str
    display_name: str
    legal_name: PersonName | None
    preferred_name: PersonName | None
    birth_date: date | None
    age: int | None
    contacts: tuple[Contact, ...]
    spells: tuple[SpellOnRecord, ...]
    present: tuple[SpellOnRecord, ...]
    version: int
    stated_at: datetime | None
    stated_by_owner: bool | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of a list of people, with what they were last sorted by."""

    id: int
    number: int
    display_name: str
    kind: str
    major: str | None
    major_name: str | None
    department: str | None
    department_name: str | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A major or a department."""

    id: int
    code: str
    name: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What another service may know of a person: who they are, and whether they belong here today."""

    person: str
    display_name: str
    group: Literal["student", "faculty"]
    active: bool
    until: date | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """Where another service may reach a person."""

    person: str
    email: str | None
