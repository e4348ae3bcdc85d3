"""What the use cases of accounts hand around; nothing here shows a secret in its `repr`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, Required, TypedDict

from configuration.kit.database import Transaction
from configuration.kit.features.accounts.domain import Purpose, State
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.standing import Standing


@dataclass(frozen=True, slots=True)
class Account:
    """An account, without what it signs in with."""

    id: int
    person_no: int
    user_name: str
    display_name: str
    email: str | None
    external_id: str | None
    state: State
    state_at: datetime
    state_reason: str | None
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A role granted to an account, for a scope and a time."""

    id: int
    account_id: int
    role: str
    scope: str
    valid_from: datetime
    valid_until: datetime | None
    granted_by: str
    granted_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """One live sign-in, as its owner sees it."""

    id: int
    kind: str
    agent: str
    started_at: datetime
    expires_at: datetime
    current: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """Somebody asks for an account. The hash is of the password they chose."""

    id: int
    person_no: int | None
    user_name: str
    given_name: str
    middle_name: str
    family_name: str
    email: str | None
    details: Mapping[str, Any]
    applicant: str | None
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    account_id: int | None
    password_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Applying:
    """What an applicant says."""

    user_name: str
    password_hash: str = field(repr=False)
    person_no: int | None = None
    given_name: str = ""
    middle_name: str = ""
    family_name: str = ""
    email: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class Registration(TypedDict, total=False):
    """A person and the account they get, as keyword arguments. Without `person_no` the next free number is given out.

    `attach` says that the number is that of a person on record. Without `password_hash` the account cannot sign in
    before it is activated.
    """

    user_name: Required[str]
    roles: Required[Iterable[str]]
    person_no: int | None
    given_name: str
    middle_name: str
    family_name: str
    email: str | None
    external_id: str | None
    details: Mapping[str, Any]
    password_hash: str | None
    attach: bool


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submitted application, and the receipt with which the applicant asks after it."""

    id: int
    state: str
    submitted_at: datetime
    receipt: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the service that vouches has them on record."""

    number: int
    display_name: str


class People(Protocol):
    """The service's own records of persons."""

    def find(self, tx: Transaction, number: int) -> Person | None:
        """The person with this number, if on record."""
        ...

    def admit(self, tx: Transaction, newcomer: "Newcomer", *, by: Actor, now: datetime) -> Person:
        """Put a person on record, or take the one with the newcomer's number.

        What comes with it, such as being a student, is made here too.
        """
        ...


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is to become a person of the service. `number` is given out before, `roles` say as what they come."""

    number: int
    given_name: str
    middle_name: str
    family_name: str
    display_name: str
    email: str | None
    external_id: str | None
    roles: tuple[str, ...]
    details: Mapping[str, Any]


class NoPeople:
    """For a service without records of persons of its own: the account is the record."""

    def find(self, tx: Transaction, number: int) -> Person | None:
        """Nobody is on record."""
        return None

    def admit(self, tx: Transaction, newcomer: Newcomer, *, by: Actor, now: datetime) -> Person:
        """The newcomer as they are."""
        return Person(newcomer.number, newcomer.display_name)


@dataclass(frozen=True)
class Roles:
    """How one service has its accounts.

    `managers` may invite, lock and decide; `applicant_role` is what an approved application brings. `grantable` says,
    for each role of the service, who may grant and end it.
    """

    service: Service
    managers: frozenset[str]
    grantable: Mapping[str, frozenset[str]]
    applicant_role: str | None = None
    people: People = field(default_factory=NoPeople)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted try to sign in: the account there is, if any, and what its password hashes to."""

    pair: str
    account_id: int | None = None
    user_name: str = ""
    free_at: datetime | None = None
    known: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A successful sign-in; `secret` is the session's secret or the refresh token."""

    standing: Standing
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeUse:
    """Somebody types a one-time code and the password they want."""

    purpose: Purpose
    pair: str
    user_name: str
    code: str = field(repr=False)
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeIssued:
    """A one-time code on its way to its account's owner."""

    account: Account
    expires_at: datetime
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """Another person reference of the same human."""

    id: int
    person: str
    name: str
    linked_at: datetime
