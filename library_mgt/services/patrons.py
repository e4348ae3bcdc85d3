"""Readers: who they are, and what their home services say of them. Cards and blocks have rooms of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.security.actor import Actor
from library_mgt.domain.barcodes import normalised, reader_text
from library_mgt.domain.words import words
from library_mgt.errors import (
    Blocked,
    CardOutOfUse,
    NotLocal,
    OwnBlock,
    PatronAmbiguous,
    PatronNotFound,
    PersonTaken,
    UnknownReference,
)
from library_mgt.models.data.patrons import BlockRow, CardRow, PatronView
from library_mgt.models.request.patrons import PatronCreate, PatronExtension
from library_mgt.repository import blocks, cards, patrons, references

_GROUPS = {"student": "student", "faculty": "faculty", "library": "staff"}


@dataclass(frozen=True, slots=True)
class PatronRecord:
    """A reader with all hats and cards, as the desk sees one; `blocks` are those that hold today."""

    patron: PatronView
    persons: tuple[str, ...]
    cards: tuple[CardRow, ...]
    blocks: tuple[BlockRow, ...] = ()


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
    return PatronView(0, 0, group, active, until, as_of, False, None, person, display_name, 0, 0)


def add_local_patron(tx: Transaction, new: PatronCreate, *, by: Actor, now: datetime, zone: tzinfo) -> PatronRecord:
    """Register a reader who belongs to no other service, under a number that nobody of the staff has."""
    group_known(tx, new.group)
    if staffing.has_account(tx, int(new.number)):
        # The number of a colleague: whatever is lent to this reader would be the colleague's.
        raise PersonTaken(blockers=[Blocker(PersonTaken.code, PersonTaken.title, "/number")])
    patron_id = patrons.add(tx, group=new.group, active=True, until=new.until, as_of=now, local=True, now=now)
    person = f"library:{new.number}"
    name = new.display_name
    patrons.add_person(tx, patron_id, person, name, words(name), now=now, guarantor=new.guarantor)
    if new.card is not None:
        cards.add(tx, patron_id, normalised(new.card), now=now)
    audit.record(tx, "patron.made", f"patron:{patron_id}", by=by, now=now, facts={"local": True})
    return patron_record(tx, patron_id, now=now, zone=zone)


def extend(
    tx: Transaction, patron_id: int, extension: PatronExtension, *, by: Actor, now: datetime, zone: tzinfo
) -> PatronRecord:
    """Let a local reader belong to the library until another day, perhaps with another guarantor."""
    locked(tx, patron_id)
    known = patrons.by_id(tx, patron_id)
    assert known is not None
    if not known.local:
        raise NotLocal("The reader's home service says how long they belong to the university.")
    if extension.until < local_day(now, zone):
        detail = "The day has passed; a membership is extended to a day that is still to come."
        raise Blocked(detail, blockers=[Blocker("DATE_PASSED", detail, "/until")])
    patrons.extend(tx, patron_id, until=extension.until, guarantor=extension.guarantor, now=now)
    until = extension.until.isoformat()
    audit.record(tx, "patron.extended", f"patron:{patron_id}", by=by, now=now, facts={"until": until})
    return patron_record(tx, patron_id, now=now, zone=zone)


def group_known(tx: Transaction, code: str) -> None:
    """Refuse a group that the library does not have."""
    if not references.exists(tx, "patron_group", code):
        detail = f"{code!r} is no patron group of the library."
        raise UnknownReference(detail, blockers=[Blocker("UNKNOWN_CODE", detail, "/group")])


def patron_found(tx: Transaction, text: str) -> list[PatronView]:
    """At most twenty readers that a text may mean: a reference, number or card, or beginnings of a name."""
    return patrons.by_typed(tx, reader_text(text)) or patrons.by_name(tx, words(text))


def patron_meant(tx: Transaction, text: str) -> int:
    """The one reader a typed or scanned text means; `PatronNotFound` or `PatronAmbiguous` otherwise.

    A card that is out of use means nobody, and is refused with what became of it.
    """
    typed = reader_text(text)
    found = patrons.by_typed(tx, typed)
    if not found:
        raise out_of_use(tx, typed) or PatronNotFound()
    if len(found) > 1:
        raise ambiguous(found)
    return found[0].id


def ambiguous(found: Sequence[PatronView]) -> PatronAmbiguous:
    """Says which references the number may stand for, so that the desk can choose."""
    names = ", ".join(sorted(one.person or f"patron {one.id}" for one in found))
    detail = f"Several readers have this number: {names}. Give the reference instead."
    return PatronAmbiguous(detail, blockers=[Blocker("PATRON_AMBIGUOUS", detail, "/patron")])


def out_of_use(tx: Transaction, typed: str) -> CardOutOfUse | None:
    """What became of the card that was scanned, where it is one that nobody is served with."""
    card = cards.find(tx, typed)
    if card is None or card.state == "active":
        return None
    if card.state == "lost":
        detail = "This card was reported lost. Keep it, ask the reader for their name, and give them a new one."
    else:
        detail = f"This card was replaced by {card.replaced_by}. Scan that one, and keep this."
    facts = {"state": card.state, "replaced_by": card.replaced_by}
    return CardOutOfUse(detail, blockers=[Blocker(CardOutOfUse.code, detail, "/patron", None, facts)])


def patron_record(tx: Transaction, patron_id: int, *, now: datetime, zone: tzinfo) -> PatronRecord:
    """A reader with hats, cards and the blocks that hold."""
    found = patrons.by_id(tx, patron_id)
    if found is None:
        raise PatronNotFound()
    held = blocks.holding(tx, patron_id, today=local_day(now, zone))
    hats = tuple(patrons.persons(tx, patron_id))
    return PatronRecord(found, hats, tuple(cards.of_patron(tx, patron_id)), tuple(held))


def own_record(tx: Transaction, by: Actor, *, now: datetime, zone: tzinfo) -> PatronRecord:
    """How the library knows whoever acts."""
    found = patron_of(tx, by)
    if found is None:
        raise PatronNotFound("The library does not know you yet; your first request makes you a reader.")
    return patron_record(tx, found, now=now, zone=zone)


def locked(tx: Transaction, patron_id: int) -> None:
    """Lock the row that every act about a reader hangs on."""
    if not patrons.lock(tx, patron_id):
        raise PatronNotFound()


def is_own(tx: Transaction, patron_id: int | None, by: Actor) -> bool:
    """Whether the patron is whoever acts, under any hat."""
    return patron_id is not None and any(by.is_person(person) for person in patrons.persons(tx, patron_id))


def not_own(tx: Transaction, patron_id: int, by: Actor) -> None:
    """Refuse to decide of oneself what colleagues have to decide."""
    if is_own(tx, patron_id, by):
        raise OwnBlock("Nobody decides this of themselves; ask a colleague.")
