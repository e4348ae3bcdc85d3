"""People and books to race with: readers, librarians, titles with copies."""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from configuration.kit.database import Database, Statement, Transaction, open_database
from configuration.kit.features import audit
from configuration.kit.features.accounts.model import Roles
from configuration.kit.features.accounts.use_cases.registering import register
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.hashing import shared_hasher
from library_mgt.models.data.policies import policy
from library_mgt.models.data.reference import item_type
from library_mgt.models.request.title import CopyCreate, TitleCreate
from library_mgt.repository.invariants import INVARIANTS
from library_mgt.services import catalogue, copies
from tests.reliability.callers import Caller, Line
from tests.reliability.installation import PREFIX, Installation

LIBRARY = f"{PREFIX}/library"
PASSWORD = "tundra-velvet-oboe-93"
"""Of everybody here; hashed once, because hashing is slow on purpose."""

OPERATOR = Actor(person="operator:test", issuer="student", name="test", via="command")
FIRST_READER = 1001


@dataclass(frozen=True, slots=True)
class Copy:
    """Something to race for."""

    title_id: int
    copy_id: int
    barcode: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The people."""

    readers: Sequence[Caller]
    librarians: Sequence[Caller]


def open_service(installation: Installation, service: Service) -> Database:
    """The database of a service, beside its servers."""
    metadata = importlib.import_module(f"{service}_mgt.models.data").ALL_METADATA
    return open_database(installation.databases[service], metadata=metadata)


def people(installation: Installation, *, readers: int, librarians: int = 2) -> Cast:
    """Put people on record, with accounts that are active."""
    students = [Caller("student", f"reader{n}", PASSWORD, f"student:{n}") for n in _numbers(FIRST_READER, readers)]
    staff = [Caller("library", f"librarian{n}", PASSWORD, f"library:{n}") for n in _numbers(1, librarians)]
    _register(installation, "student", students, "student")
    _register(installation, "library", staff, "librarian")
    return Cast(students, staff)


def _numbers(first: int, count: int) -> range:
    return range(first, first + count)


def _register(installation: Installation, service: Service, callers: Iterable[Caller], role: str) -> None:
    config: Roles = importlib.import_module(f"{service}_mgt.services.accounts").ROLES
    hashed = shared_hasher().hash_now(PASSWORD)

    def all_at_once(tx: Transaction) -> None:
        for caller in callers:
            number = int(caller.person.partition(":")[2])
            who: dict[str, Any] = {"user_name": caller.user_name, "roles": (role,), "person_no": number}
            register(tx, config, by=OPERATOR, now=datetime.now(UTC), password_hash=hashed, **who)

    database = open_service(installation, service)
    try:
        database.write_sync(all_at_once)
    finally:
        database.close_sync()


def shelve_copies(installation: Installation, names: Sequence[str]) -> list[Copy]:
    """Catalogue titles with one copy each, before any server runs."""

    def all_at_once(tx: Transaction) -> list[Copy]:
        now = datetime.now(UTC)
        made = []
        for name in names:
            title_id = catalogue.add_title(tx, TitleCreate(title=name), by=OPERATOR, now=now).title.id
            copy = copies.add_copy(tx, title_id, CopyCreate(), by=OPERATOR, now=now, zone=UTC)
            assert copy.barcode is not None
            made.append(Copy(title_id, copy.id, copy.barcode))
        return made

    database = open_service(installation, "library")
    try:
        return database.write_sync(all_at_once)
    finally:
        database.close_sync()


def add_rule(installation: Installation, kind: str, **values: Any) -> None:
    """Let other values hold for one type of copies, known or new, before any server runs."""
    row = {"version": 1, "scope": f"||{kind}", "item_type": kind, "changed_by": OPERATOR.person}
    known = Statement(select(item_type.c.code).where(item_type.c.code == kind))
    new = Statement(insert(item_type).values(code=kind, name=kind.title(), loanable=True))
    rule = Statement(insert(policy).values(**row, **values, changed_at=datetime.now(UTC)))

    def written(tx: Transaction) -> None:
        if tx.first(known) is None:
            tx.run(new)
        tx.run(rule)

    database = open_service(installation, "library")
    try:
        database.write_sync(written)
    finally:
        database.close_sync()


async def add_copy(line: Line, librarian: Caller, name: str, **more: str) -> Copy:
    """Catalogue a title with one copy."""
    title = await librarian.ask(line, "POST", f"{LIBRARY}/titles", {"title": name})
    copy = await librarian.ask(line, "POST", f"{LIBRARY}/titles/{title['id']}/copies", more)
    return Copy(title["id"], copy["id"], copy["barcode"])


async def introduce(line: Line, librarian: Caller, readers: Sequence[Caller], copy: Copy) -> None:
    """Let the desk look every reader up once, so that the library knows them before they race."""
    for reader in readers:
        wish = {"patron": reader.person, "barcode": copy.barcode}
        await librarian.ask(line, "POST", f"{LIBRARY}/loans/preview", wish)


def broken_truths(installation: Installation) -> list[str]:
    """What the invariants and the sealed audit find wrong, in words."""
    found: list[str] = []
    database = open_service(installation, "library")
    try:
        violations = database.read_sync(audit.check, INVARIANTS)
    finally:
        database.close_sync()
    found += [f"{one.name}: {one.sentence} {one.count} x, such as {one.examples[:2]}" for one in violations]
    for service in installation.databases:
        database = open_service(installation, service)
        try:
            found += [f"{service}: {problem}" for problem in database.read_sync(audit.verify)]
        finally:
            database.close_sync()
    return found
