"""How a change is written into a person's record: names and contacts are dated, spells follow one another."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features.accounts import rename as rename_account
from configuration.kit.features.accounts.domain import display_name
from configuration.kit.features.people import reference, repository
from configuration.kit.features.people.domain import birth_fault
from configuration.kit.features.people.errors import ImplausibleDate, KeptByOffice, NameRequired, NoPresentSpell
from configuration.kit.features.people.model import ContactKind, NameKind, PersonName, PersonOnRecord, SpellOnRecord
from configuration.kit.features.people.office import Office
from configuration.kit.features.people.requests import NameBody
from configuration.kit.spells import day_before

KINDS: tuple[reference.Kind, ...] = ("major", "department")
NAME_PARTS = ("given_name", "middle_name", "family_name")
_CONTACTS: Mapping[str, ContactKind] = {"email": "email", "phone": "phone", "postal_address": "postal"}
_TICK = timedelta(microseconds=1)


def refuse_kept(office: Office, names: Iterable[str]) -> None:
    """Refuse a person what only the office changes, all of it at once."""
    kept = sorted(names)
    if kept:
        raise KeptByOffice(
            f"These are changed by the {office.keeper}.",
            blockers=[
                Blocker(KeptByOffice.code, f"The {office.keeper} changes this.", f"/{name}", override=office.keeper)
                for name in kept
            ],
        )


def write(tx: Transaction, found: PersonOnRecord, values: Mapping[str, Any], *, now: datetime) -> None:
    """Names, birth date and contacts."""
    names = repository.present_names(tx, found.id)
    if any(name in values for name in NAME_PARTS):
        legal = names.get("legal")
        merged = {part: values.get(part, getattr(legal, part, "")) or "" for part in NAME_PARTS}
        if not merged["given_name"]:
            raise NameRequired(blockers=[Blocker(NameRequired.code, NameRequired.title, "/given_name")])
        _take_name(tx, found.id, "legal", legal, NameBody(**merged), now)
    if "preferred_name" in values:
        _take_name(tx, found.id, "preferred", names.get("preferred"), values["preferred_name"], now)
    _show(tx, found)
    if "birth_date" in values:
        birth = values["birth_date"]
        if birth is not None and (wrong := birth_fault(birth, now.date())):
            raise ImplausibleDate(wrong, blockers=[Blocker(ImplausibleDate.code, wrong, "/birth_date")])
        repository.set_birth_date(tx, found.id, birth)
    _reach(tx, found.id, {kind: values[field] for field, kind in _CONTACTS.items() if field in values}, now)


def _show(tx: Transaction, found: PersonOnRecord) -> None:
    """Show person and account under the preferred name; without a family name of its own, with the legal one."""
    names = repository.present_names(tx, found.id)
    legal, preferred = names.get("legal"), names.get("preferred")
    if name := preferred or legal:
        family = name.family_name or getattr(legal, "family_name", "")
        display = display_name(name.given_name, name.middle_name, family, found.display_name)
        if display != found.display_name:
            repository.rename(tx, found.id, display)
            rename_account(tx, found.number, display)


def _take_name(
    tx: Transaction, person_id: int, kind: NameKind, present: PersonName | None, new: NameBody | None, now: datetime
) -> None:
    parts = None if new is None else (new.given_name, new.middle_name, new.family_name)
    if present is not None:
        if parts == (present.given_name, present.middle_name, present.family_name):
            return
        now = max(now, present.valid_from + _TICK)
        repository.end_name(tx, person_id, kind, at=now)
    if parts is not None:
        repository.add_name(tx, person_id, kind, *parts, now=now)


def _reach(tx: Transaction, person_id: int, values: Mapping[ContactKind, str | None], now: datetime) -> None:
    present = {one.kind: one for one in repository.contacts(tx, person_id)}
    for kind, value in values.items():
        since, known = now, present.get(kind)
        if known is not None:
            if known.value == value:
                continue
            since = max(now, known.valid_from + _TICK)
            repository.end_contacts(tx, person_id, kind, at=since)
        if value is not None:
            repository.add_contact(tx, person_id, kind, value, now=since)


def sort(
    tx: Transaction,
    office: Office,
    found: PersonOnRecord,
    values: Mapping[str, Any],
    *,
    now: datetime,
    only_fill: bool = False,
) -> None:
    """Put the person's latest live spell to another major or department: by a new spell, unless it fills a gap."""
    asked = {kind: values[kind] for kind in KINDS if kind in values}
    live = office.live(office.spells.of(tx, found.id), now.date())
    if not any(asked.values()) and (only_fill or not live):
        return
    if not live:
        raise NoPresentSpell(f"There is no present {office.words.spell} that this would be said of; begin one.")
    spell: SpellOnRecord = live[-1]
    # What somebody has already stays possible after it was retired.
    given = {
        f"{kind}_id": reference.named(tx, kind, word).id if word else None
        for kind, word in asked.items()
        if word != getattr(spell, kind)
    }
    changed = {name: value for name, value in given.items() if getattr(spell, name) != value}
    replaced = {name for name in changed if getattr(spell, name) is not None}
    if only_fill:
        refuse_kept(office, {name.removesuffix("_id") for name in replaced})
    last = day_before(spell, now.date()) if replaced else None
    if last is not None:
        office.spells.end(tx, spell.id, last)
        office.spells.follow(tx, spell, now.date(), external_id=None, **changed)
    elif changed:
        sorted_by = {"major_id": spell.major_id, "department_id": spell.department_id} | changed
        office.spells.sort(tx, spell.id, **sorted_by)
