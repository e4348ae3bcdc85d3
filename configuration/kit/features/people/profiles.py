"""Profiles: read, stated once, changed in parts. Owner and office see and change different things."""

from datetime import datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import VersionMismatch
from configuration.kit.features import audit
from configuration.kit.features.accounts import Newcomer
from configuration.kit.features.accounts.domain import display_name
from configuration.kit.features.people import changes, repository
from configuration.kit.features.people.domain import age_on
from configuration.kit.features.people.errors import (
    KeptByOffice,
    PersonNotFound,
    ProfileExists,
)
from configuration.kit.features.people.model import (
    Address,
    PersonName,
    PersonOnRecord,
    Profile,
    Summary,
)
from configuration.kit.features.people.office import Office
from configuration.kit.features.people.requests import OWN_FIELDS, Addition, Change
from configuration.kit.security.actor import Actor


def profiles(tx: Transaction, office: Office, *, query: str | None = None, after: int, limit: int) -> list[Summary]:
    """The service's people in the order they came on record."""
    return office.spells.page(tx, query=query, after=after, limit=limit)


def profile_of(tx: Transaction, office: Office, number: int, *, by: Actor, now: datetime) -> Any:
    """A person's record: one's own, or anybody's for whoever keeps it."""
    return _told(tx, office, _visible(tx, office, repository.find(tx, number), by=by, now=now), now)


def own_profile(tx: Transaction, office: Office, *, by: Actor, now: datetime) -> Any:
    """One's own record."""
    return profile_of(tx, office, own_number(office, by), by=by, now=now)


def own_number(office: Office, by: Actor) -> int:
    """The number one has at this service, under whatever hat one came."""
    mine = next((one for one in (by.person, *sorted(by.persons)) if one.startswith(f"{office.service}:")), None)
    if mine is None:
        raise PersonNotFound("You are not on record here.")
    return int(mine.partition(":")[2])


def names_of(tx: Transaction, office: Office, number: int, *, by: Actor, now: datetime) -> list[PersonName]:
    """A person's names, former ones too."""
    found = _visible(tx, office, repository.find(tx, number), by=by, now=now)
    return repository.names(tx, found.id)


def add_profile(tx: Transaction, office: Office, new: Addition, *, by: Actor, now: datetime) -> Any:
    """State a profile: the office anybody's, putting them on record where need be; everybody their own, once."""
    number = new.number if new.number is not None else own_number(office, by)
    own = by.is_person(office.reference(number))
    if not own and not by.has(office.keeper):
        raise PersonNotFound()
    found = repository.locked(tx, number) or _put_on_record(tx, office, number, new, by=by, now=now)
    if not repository.state(tx, found.id, by=by.person, now=now):
        raise ProfileExists()
    values = {name: getattr(new, name) for name in new.model_fields_set if name in Change.model_fields}
    values |= {name: getattr(new, name) for name in changes.NAME_PARTS}
    changes.sort(tx, office, found, values, now=now, only_fill=own)
    changes.write(tx, found, values, now=now)
    facts = {"fields": sorted(values), "own": own}
    audit.record(tx, "profile.added", f"profile:{number}", by=by, now=now, facts=facts)
    return _told(tx, office, found, now)


def edit_profile(
    tx: Transaction, office: Office, number: int, change: Change, *, version: int, by: Actor, now: datetime
) -> Any:
    """Change what the change names; `version` is the one that was seen. Nobody keeps the record of themselves."""
    found = _visible(tx, office, repository.locked(tx, number), by=by, now=now)
    present = repository.stated(tx, found.id).version
    if present != version:
        raise VersionMismatch(f"The profile is at version {present} now; look at it again.")
    values = {name: getattr(change, name) for name in change.model_fields_set}
    if by.is_person(office.reference(number)):
        changes.refuse_kept(office, set(values) - OWN_FIELDS)
    elif not by.has(office.keeper):
        changes.refuse_kept(office, set(values) & {"department"})
    changes.sort(tx, office, found, values, now=now)
    changes.write(tx, found, values, now=now)
    repository.touch(tx, found.id, now=now)
    audit.record(tx, "profile.changed", f"profile:{number}", by=by, now=now, facts={"fields": sorted(values)})
    return _told(tx, office, found, now)


def kept(tx: Transaction, office: Office, number: int, *, by: Actor, now: datetime) -> PersonOnRecord:
    """A person whose record the actor keeps, locked against other changes; never one's own."""
    found = _visible(tx, office, repository.locked(tx, number), by=by, now=now)
    if by.is_person(office.reference(number)):
        raise KeptByOffice("Nobody keeps the record of themselves.")
    return found


def address_of(tx: Transaction, office: Office, number: int) -> Address:
    """Where a person on record is reached by mail."""
    found = repository.find(tx, number)
    if found is None:
        raise PersonNotFound()
    known = {one.kind: one.value for one in repository.contacts(tx, found.id)}
    return Address(office.reference(number), known.get("email"))


def told(tx: Transaction, office: Office, number: int, now: datetime) -> Any:
    """The record after a change of it."""
    found = repository.find(tx, number)
    assert found is not None
    return _told(tx, office, found, now)


def _visible(
    tx: Transaction, office: Office, found: PersonOnRecord | None, *, by: Actor, now: datetime
) -> PersonOnRecord:
    if found is None:
        raise PersonNotFound()
    if by.is_person(office.reference(found.number)) or by.has(office.keeper):
        return found
    live = office.live(office.spells.of(tx, found.id), now.date())
    if any(by.has(office.keeper, scope=f"department:{spell.department_id}") for spell in live):
        return found
    raise PersonNotFound()


def _put_on_record(
    tx: Transaction, office: Office, number: int, new: Addition, *, by: Actor, now: datetime
) -> PersonOnRecord:
    role = office.roles.applicant_role
    assert role is not None
    parts = new.given_name, new.middle_name, new.family_name
    office.roles.people.admit(
        tx, Newcomer(number, *parts, display_name(*parts, ""), None, None, (role,), {}), by=by, now=now
    )
    made = repository.locked(tx, number)
    assert made is not None
    return made


def _told(tx: Transaction, office: Office, found: PersonOnRecord, now: datetime) -> Any:
    fresh = repository.find(tx, found.number)
    assert fresh is not None
    names, stated = repository.present_names(tx, found.id), repository.stated(tx, found.id)
    spells = office.spells.of(tx, found.id)
    profile = Profile(
        id=fresh.id,
        number=fresh.number,
        person=office.reference(fresh.number),
        display_name=fresh.display_name,
        legal_name=names.get("legal"),
        preferred_name=names.get("preferred"),
        birth_date=fresh.birth_date,
        age=None if fresh.birth_date is None else age_on(fresh.birth_date, now.date()),
        contacts=tuple(repository.contacts(tx, found.id)),
        spells=tuple(spells),
        present=tuple(office.live(spells, now.date())),
        version=stated.version,
        stated_at=stated.stated_at,
        stated_by_owner=stated.stated_by == office.reference(fresh.number) if stated.stated_by else None,
    )
    return office.complete(tx, profile, now)
