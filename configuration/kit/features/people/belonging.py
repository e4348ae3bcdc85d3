"""Spells begun and ended by whoever keeps the records."""

from datetime import datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.people import changes, profiles, reference, repository
from configuration.kit.features.people.errors import ImplausibleDate, SpellEnded, SpellNotFound
from configuration.kit.features.people.office import Office
from configuration.kit.features.people.requests import Beginning, Ending
from configuration.kit.security.actor import Actor


def begin_spell(tx: Transaction, office: Office, number: int, new: Beginning, *, by: Actor, now: datetime) -> Any:
    """A new study, or appointment, beside those there are."""
    found = profiles.kept(tx, office, number, by=by, now=now)
    owner = office.owner(tx, found.id, by, now)
    first = new.valid_from or now.date()
    if new.valid_until is not None and new.valid_until < first:
        raise _ends_before_it_begins()
    department_id = None if new.department is None else reference.named(tx, "department", new.department).id
    if not by.has(office.keeper, scope=f"department:{department_id}"):
        # Whoever keeps the records of one department does not begin anything in another.
        changes.refuse_kept(office, {"department"})
    values = {
        **new.own(),
        "major_id": None if new.major is None else reference.named(tx, "major", new.major).id,
        "department_id": department_id,
        "valid_from": first,
        "valid_until": new.valid_until,
    }
    office.spells.begin(tx, owner, values)
    return _changed(tx, office, found.id, number, f"{office.words.spell}.begun", by=by, now=now)


def end_spell(
    tx: Transaction, office: Office, number: int, spell_id: int, ending: Ending, *, by: Actor, now: datetime
) -> Any:
    """Say which day was, or will be, the last. How it ended is told once it has."""
    found = profiles.kept(tx, office, number, by=by, now=now)
    spell = next((one for one in office.spells.of(tx, found.id) if one.id == spell_id), None)
    if spell is None:
        raise SpellNotFound()
    if spell.valid_until is not None and spell.valid_until < now.date():
        raise SpellEnded()
    last = ending.valid_until or now.date()
    if last < spell.valid_from:
        raise _ends_before_it_begins()
    status = getattr(ending, "status", None) if last <= now.date() else None
    office.spells.end(tx, spell_id, last, status)
    return _changed(tx, office, found.id, number, f"{office.words.spell}.ended", by=by, now=now)


def _changed(
    tx: Transaction, office: Office, person_id: int, number: int, action: str, *, by: Actor, now: datetime
) -> Any:
    repository.touch(tx, person_id, now=now)
    audit.record(tx, action, f"profile:{number}", by=by, now=now)
    return profiles.told(tx, office, number, now)


def _ends_before_it_begins() -> ImplausibleDate:
    detail = "It would end before it begins."
    return ImplausibleDate(detail, blockers=[Blocker(ImplausibleDate.code, detail, "/valid_until")])
