"""Persons, their names and their contacts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.people.model import (
    Contact,
    ContactKind,
    NameKind,
    PersonName,
    PersonOnRecord,
    Stated,
)
from configuration.kit.features.people.tables import contact, person, person_name, profile

_BY_NUMBER = select(person.c.id, person.c.number, person.c.display_name, person.c.birth_date).where(
    person.c.number == bindparam("number"), person.c.erased_at.is_(None)
)
_FIND = Statement(_BY_NUMBER, PersonOnRecord)
_LOCK = Statement(_BY_NUMBER.with_for_update(), PersonOnRecord)
_INSERT: Statement[Any] = Statement(insert_into(person, returning=("id",), omit=("id", "birth_date", "erased_at")))
_INSERT_NAME: Statement[Any] = Statement(insert_into(person_name, omit=("id", "valid_until")))
_INSERT_CONTACT: Statement[Any] = Statement(insert_into(contact, omit=("id", "verified_at", "valid_until")))
_AT = bindparam("at", type_=Instant)
_NAMES = Statement(
    select(*(person_name.c[name] for name in PersonName.__dataclass_fields__))
    .where(person_name.c.person_id == bindparam("of_person"))
    .order_by(person_name.c.id),
    PersonName,
)
_END_NAME: Statement[Any] = Statement(
    update(person_name)
    .where(
        person_name.c.person_id == bindparam("of_person"),
        person_name.c.kind == bindparam("of_kind"),
        person_name.c.valid_until.is_(None),
    )
    .values(valid_until=_AT)
)
_CONTACTS = Statement(
    select(contact.c.kind, contact.c.value, contact.c.verified_at, contact.c.valid_from)
    .where(contact.c.person_id == bindparam("of_person"), contact.c.valid_until.is_(None))
    .order_by(contact.c.id),
    Contact,
)
_END_CONTACTS: Statement[Any] = Statement(
    update(contact)
    .where(
        contact.c.person_id == bindparam("of_person"),
        contact.c.kind == bindparam("of_kind"),
        contact.c.valid_until.is_(None),
    )
    .values(valid_until=_AT)
)
_RENAME: Statement[Any] = Statement(
    update(person).where(person.c.id == bindparam("of_person")).values(display_name=bindparam("new_name"))
)
_SET_BIRTH: Statement[Any] = Statement(
    update(person)
    .where(person.c.id == bindparam("of_person"))
    .values(birth_date=bindparam("new_birth", type_=person.c.birth_date.type))
)
_STATED = Statement(
    select(profile.c.version, profile.c.stated_at, profile.c.stated_by).where(
        profile.c.person_id == bindparam("of_person")
    ),
    Stated,
)
_FIRST: Statement[Any] = Statement(insert_into(profile))
_STATE: Statement[Any] = Statement(
    update(profile)
    .where(profile.c.person_id == bindparam("of_person"), profile.c.stated_at.is_(None))
    .values(stated_at=_AT, stated_by=bindparam("person"))
)
_TOUCH: Statement[Any] = Statement(
    update(profile)
    .where(profile.c.person_id == bindparam("of_person"))
    .values(version=profile.c.version + 1, changed_at=_AT)
)


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


def names(tx: Transaction, person_id: int) -> list[PersonName]:
    """All names of a person, former ones too, in the order they were taken on."""
    return tx.all(_NAMES, of_person=person_id)


def present_names(tx: Transaction, person_id: int) -> dict[str, PersonName]:
    """The legal and the preferred name a person has now, by kind."""
    return {name.kind: name for name in names(tx, person_id) if name.valid_until is None}


def end_name(tx: Transaction, person_id: int, kind: NameKind, *, at: datetime) -> None:
    """The present name of the kind becomes a former one."""
    tx.run(_END_NAME, of_person=person_id, of_kind=kind, at=at)


def contacts(tx: Transaction, person_id: int) -> list[Contact]:
    """How a person is reached now."""
    return tx.all(_CONTACTS, of_person=person_id)


def end_contacts(tx: Transaction, person_id: int, kind: ContactKind, *, at: datetime) -> None:
    """A person is no longer reached so."""
    tx.run(_END_CONTACTS, of_person=person_id, of_kind=kind, at=at)


def rename(tx: Transaction, person_id: int, display_name: str) -> None:
    """Show the person under a new name."""
    tx.run(_RENAME, of_person=person_id, new_name=display_name)


def set_birth_date(tx: Transaction, person_id: int, birth: date | None) -> None:
    """Keep when the person was born."""
    tx.run(_SET_BIRTH, of_person=person_id, new_birth=birth)


def stated(tx: Transaction, person_id: int) -> Stated:
    """Who stated the person's profile, and its version: 0 before anything was stated or changed."""
    return tx.first(_STATED, of_person=person_id) or Stated(0)


def state(tx: Transaction, person_id: int, *, by: str, now: datetime) -> bool:
    """Note that the profile is stated; whether it was not before."""
    touch(tx, person_id, now=now)
    return bool(tx.run(_STATE, of_person=person_id, at=now, person=by))


def touch(tx: Transaction, person_id: int, *, now: datetime) -> None:
    """The record has changed: whoever saw it before has seen another version."""
    if not tx.run(_TOUCH, of_person=person_id, at=now):
        tx.run(_FIRST, person_id=person_id, version=1, changed_at=now, stated_at=None, stated_by=None)
