"""Persons, their names and their contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.features.people.model import ContactKind, NameKind, PersonOnRecord
from configuration.kit.features.people.tables import contact, person, person_name

_BY_NUMBER = select(person.c.id, person.c.number, person.c.display_name, person.c.birth_date).where(
    person.c.number == bindparam("number"), person.c.erased_at.is_(None)
)
_FIND = Statement(_BY_NUMBER, PersonOnRecord)
_LOCK = Statement(_BY_NUMBER.with_for_update(), PersonOnRecord)
_INSERT: Statement[Any] = Statement(insert_into(person, returning=("id",), omit=("id", "birth_date", "erased_at")))
_INSERT_NAME: Statement[Any] = Statement(insert_into(person_name, omit=("id", "valid_until")))
_INSERT_CONTACT: Statement[Any] = Statement(insert_into(contact, omit=("id", "verified_at", "valid_until")))


def find(tx: Transaction, number: int) -> PersonOnRecord | None:
    """The person with this number."""
    return tx.first(_FIND, number=number)


def locked(tx: Transaction, number: int) -> PersonOnRecord | None:
    """The person with this number, whose record nobody else changes meanwhile."""
    return tx.first(_LOCK, number=number)


def add(tx: Transaction, *, number: int, display_name: str, external_id: str | None, by: str, now: datetime) -> int:
    """A new person; answers their id."""
    made: int = tx.scalar(
        _INSERT, number=number, display_name=display_name, external_id=external_id, created_at=now, created_by=by
    )
    return made


def add_name(
    tx: Transaction, person_id: int, kind: NameKind, given: str, middle: str, family: str, *, now: datetime
) -> None:
    """The name a person has from now on."""
    tx.run(
        _INSERT_NAME,
        person_id=person_id,
        kind=kind,
        given_name=given,
        middle_name=middle,
        family_name=family,
        valid_from=now,
    )


def add_contact(tx: Transaction, person_id: int, kind: ContactKind, value: str, *, now: datetime) -> None:
    """A way to reach a person, which nobody has verified yet."""
    tx.run(_INSERT_CONTACT, person_id=person_id, kind=kind, value=value, valid_from=now)
