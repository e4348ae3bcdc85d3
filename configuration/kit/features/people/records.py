"""The records of persons that a service's accounts are made with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features.accounts import Newcomer, Person
from configuration.kit.features.people import repository
from configuration.kit.features.people.errors import PersonNotFound
from configuration.kit.features.people.model import PersonOnRecord
from configuration.kit.security.actor import Actor

Join = Callable[[Transaction, int, tuple[str, ...], Actor, datetime], None]
"""What comes with being put on record in these roles, such as a first study; asked again, it changes nothing."""


@dataclass(frozen=True, slots=True)
class Records:
    """Persons are put on record once; `join` makes them one of the service's people."""

    join: Join

    def find(self, tx: Transaction, number: int) -> Person | None:
        """The person with this number, if on record."""
        found = repository.find(tx, number)
        return None if found is None else Person(found.number, found.display_name)

    def admit(self, tx: Transaction, newcomer: Newcomer, *, by: Actor, now: datetime) -> Person:
        """Put a person on record, or take the one with the number."""
        found = repository.find(tx, newcomer.number)
        person_id = _put_on_record(tx, newcomer, by=by, now=now) if found is None else found.id
        self.join(tx, person_id, newcomer.roles, by, now)
        return Person(newcomer.number, newcomer.display_name if found is None else found.display_name)


def on_record(tx: Transaction, number: int) -> PersonOnRecord:
    """The person with this number; `PersonNotFound` when there is none, or none any more."""
    found = repository.find(tx, number)
    if found is None:
        raise PersonNotFound()
    return found


def _put_on_record(tx: Transaction, newcomer: Newcomer, *, by: Actor, now: datetime) -> int:
    person_id = repository.add(
        tx,
        number=newcomer.number,
        display_name=newcomer.display_name,
        external_id=newcomer.external_id,
        by=by.person,
        now=now,
    )
    given = newcomer.given_name or newcomer.display_name
    repository.add_name(tx, person_id, "legal", given, newcomer.middle_name, newcomer.family_name, now=now)
    if newcomer.email:
        repository.add_contact(tx, person_id, "email", newcomer.email, now=now)
    return person_id
