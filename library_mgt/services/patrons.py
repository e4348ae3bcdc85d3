"""Readers: who they are, what their home services say of them, cards and blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.security.actor import Actor
from library_mgt.domain.barcodes import normalised, reader_text
from library_mgt.domain.words import words
from library_mgt.errors import OwnBlock, PatronAmbiguous, PatronNotFound, PersonTaken, UnknownReference
from library_mgt.models.data.patrons import CardRow, PatronView
from library_mgt.models.request.circulation import PatronCreate
from library_mgt.repository import patrons, references

_GROUPS = {"student": "student", "faculty": "faculty", "library": "staff"}


@dataclass(frozen=True, slots=True)
class PatronRecord:
    """A reader with all hats and cards, as the desk sees one."""

    patron: PatronView
    persons: tuple[str, ...]
    cards: tuple[CardRow, ...]


def own_patron(tx: Transaction, by: Actor, *, now: datetime) -> int:
    """The patron of whoever acts, made from their token at the first act of their own.

    A token says that the account stands, not how long: what the home service said later is never overwritten by it.
    """
    found = patron_of(tx, by)
    if found is None:
        group, local = _GROUPS[by.issuer], by.issuer == "library"
        new = patrons.add(tx, group=group, active=True, until=None, as_of=now, local=local, now=now)
        return _first_hat(tx, new, by.person, by.name, by=by, now=now)
    if by.person not in patrons.persons(tx, found):
        patrons.add_person(tx, found, by.person, by.name, words(by.name), now=now)
    return found


def _first_hat(tx: Transaction, new: int, person: str, name: str, *, by: Actor, now: datetime) -> int:
    """The patron of the person: the new one, unless somebody was faster."""
    found = patrons.add_first_person(tx, new, person, name, words(name), now=now)
    if found == new:
        audit.record(tx, "patron.made", f"patron:{new}", by=by, now=now)
    return found


def patron_of(tx: Transaction, by: Actor) -> int | None:
    """The patron of whoever acts, under any of their hats; `None` when they never acted here."""
    for person in dict.fromkeys((by.person, *sorted(by.persons))):
        if (found := patrons.id_of(tx, person)) is not None:
            return found
    return None


def take_standing(
    tx: Transaction,
    *,
    person: str,
    display_name: str,
    group: str,
    active: bool,
    until: date | None,
    as_of: datetime,
    by: Actor,
    now: datetime,
) -> int:
    """Keep what the home service says of a person, making the patron where there is none; answers its id."""
    found = patrons.id_of(tx, person)
    if found is None:
        new = patrons.add(tx, group=group, active=active, until=until, as_of=as_of, local=False, now=now)
        return _first_hat(tx, new, person, display_name, by=by, now=now)
    patrons.set_standing(tx, found, group=group, active=active, until=until, as_of=as_of)
    patrons.rename(tx, person, display_name, words(display_name))
    return found


def stranger(
    *, person: str, display_name: str, group: str, active: bool, until: date | None, as_of: datetime
) -> PatronView:
    """Somebody whom only a home service knows, as the desk sees one; nothing is written."""
    return PatronView(0, 0, group, active, until, as_of, False, False, None, person, display_name, 0, 0)


def add_local_patron(tx: Transaction, new: PatronCreate, *, by: Actor, now: datetime) -> PatronRecord:
    """Register a reader who belongs to no other service, under a number that nobody of the staff has."""
    if not references.exists(tx, "patron_group", new.group):
        detail = f"{new.group!r} is no patron group of the library."
        raise UnknownReference(detail, blockers=[Blocker("UNKNOWN_CODE", detail, "/group")])
    if staffing.has_account(tx, int(new.number)):
        # The number of a colleague: whatever is lent to this reader would be the colleague's.
        raise PersonTaken(blockers=[Blocker(PersonTaken.code, PersonTaken.title, "/number")])
    patron_id = patrons.add(tx, group=new.group, active=True, until=new.until, as_of=now, local=True, now=now)
    person = f"library:{new.number}"
    name = new.display_name
    patrons.add_person(tx, patron_id, person, name, words(name), now=now, guarantor=new.guarantor)
    if new.card is not None:
        patrons.add_card(tx, patron_id, normalised(new.card), now=now)
    audit.record(tx, "patron.made", f"patron:{patron_id}", by=by, now=now, facts={"local": True})
    return patron_record(tx, patron_id)


def patron_found(tx: Transaction, text: str) -> list[PatronView]:
    """At most twenty readers that a text may mean: a reference, number or card, or beginnings of a name."""
    return patrons.by_typed(tx, reader_text(text)) or patrons.by_name(tx, words(text))


def patron_meant(tx: Transaction, text: str) -> int:
    """The one reader a typed or scanned text means; `PatronNotFound` or `PatronAmbiguous` otherwise."""
    found = patrons.by_typed(tx, reader_text(text))
    if not found:
        raise PatronNotFound()
    if len(found) > 1:
        raise ambiguous(found)
    return found[0].id


def ambiguous(found: Sequence[PatronView]) -> PatronAmbiguous:
    """Says which references the number may stand for, so that the desk can choose."""
    names = ", ".join(sorted(one.person or f"patron {one.id}" for one in found))
    detail = f"Several readers have this number: {names}. Give the reference instead."
    return PatronAmbiguous(detail, blockers=[Blocker("PATRON_AMBIGUOUS", detail, "/patron")])


def patron_record(tx: Transaction, patron_id: int) -> PatronRecord:
    """A reader with hats and cards."""
    found = patrons.by_id(tx, patron_id)
    if found is None:
        raise PatronNotFound()
    return PatronRecord(found, tuple(patrons.persons(tx, patron_id)), tuple(patrons.cards(tx, patron_id)))


def own_record(tx: Transaction, by: Actor) -> PatronRecord:
    """How the library knows whoever acts."""
    found = patron_of(tx, by)
    if found is None:
        raise PatronNotFound("The library does not know you yet; your first request makes you a reader.")
    return patron_record(tx, found)


def block_patron(
    tx: Transaction, patron_id: int, *, blocked: bool, reason: str, by: Actor, now: datetime
) -> PatronRecord:
    """Block a reader, who is told the reason, or lift the block. Never oneself."""
    if not patrons.lock(tx, patron_id):
        raise PatronNotFound()
    if any(by.is_person(person) for person in patrons.persons(tx, patron_id)):
        raise OwnBlock("Nobody blocks or unblocks themselves; ask a colleague.")
    patrons.set_block(tx, patron_id, blocked=blocked, reason=reason if blocked else None)
    action = "patron.blocked" if blocked else "patron.unblocked"
    audit.record(tx, action, f"patron:{patron_id}", by=by, now=now)
    return patron_record(tx, patron_id)


def add_card(tx: Transaction, patron_id: int, number: str, *, by: Actor, now: datetime) -> PatronRecord:
    """Give a reader a card."""
    if not patrons.lock(tx, patron_id):
        raise PatronNotFound()
    patrons.add_card(tx, patron_id, normalised(number), now=now)
    audit.record(tx, "patron.card_added", f"patron:{patron_id}", by=by, now=now)
    return patron_record(tx, patron_id)


def mark_card(tx: Transaction, patron_id: int, number: str, state: str, *, by: Actor, now: datetime) -> PatronRecord:
    """Say that a card is lost, replaced, or active again."""
    if not patrons.lock(tx, patron_id) or not patrons.set_card_state(tx, patron_id, normalised(number), state, now=now):
        raise PatronNotFound("The reader has no such card.")
    audit.record(tx, f"patron.card_{state}", f"patron:{patron_id}", by=by, now=now)
    return patron_record(tx, patron_id)
