"""What the writers write in a loop of kills, and how it is counted afterwards."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import func, select

from configuration.kit.database import Statement, Transaction
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.loans import loan
from tests.reliability.callers import Line
from tests.reliability.installation import Installation
from tests.reliability.kill import Deed, Writer
from tests.reliability.stage import LIBRARY, Copy, broken_truths, open_service, people, shelve_copies


@dataclass(frozen=True, slots=True)
class Writings:
    """One kind of what is written while servers die, and how it is looked at afterwards."""

    writers: Callable[[Installation, int], list[Writer]]
    """Whoever writes, to the server on this port; made while none runs."""
    asked_for: Callable[[Sequence[Deed]], Counter[Any]]
    """What there must be when these deeds are done."""
    found_in: Callable[[Installation], Counter[Any]]
    """What there is."""
    broken: Callable[[Installation], list[str]]
    """What else is wrong, in words."""


WRITERS = 8
NAMED = "Title "
TITLES = Statement(
    select(title.c.title, func.count().label("rows")).where(title.c.title.startswith(NAMED)).group_by(title.c.title)
)
LOANS = Statement(select(loan.c.copy_id, func.count().label("rows")).group_by(loan.c.copy_id))


def cataloguing(number: int) -> Iterator[Deed]:
    """One new title after the other."""
    for turn in count(1):
        name = f"{NAMED}{number}-{turn}"
        yield Deed("title", name, f"{LIBRARY}/titles", {"title": name}, f"title-{number}-{turn}")


def circulating(patron: str, copy: Copy) -> Iterator[Deed]:
    """Lend a copy and take it back, again and again."""
    for turn in count(1):
        wish = {"patron": patron, "barcode": copy.barcode}
        yield Deed("loan", str(copy.copy_id), f"{LIBRARY}/loans", wish, f"loan-{copy.copy_id}-{turn}")
        scan = {"barcode": copy.barcode}
        yield Deed("return", str(copy.copy_id), f"{LIBRARY}/returns", scan, f"return-{copy.copy_id}-{turn}")


def writers_of(installation: Installation, port: int) -> list[Writer]:
    """Half of them catalogue, half of them lend and take back."""
    cast = people(installation, readers=WRITERS // 2, librarians=1)
    copies = shelve_copies(installation, [f"Lent {number}" for number in range(WRITERS // 2)])
    deeds = [circulating(reader.person, copy) for reader, copy in zip(cast.readers, copies, strict=True)]
    deeds += [cataloguing(number) for number in range(WRITERS - len(deeds))]
    return [Writer(each, Line(port), cast.librarians[0]) for each in deeds]


def asked_for(done: Sequence[Deed]) -> Counter[tuple[str, str]]:
    """What there must be: each title once, and of each copy as many loans as were made."""
    return Counter((deed.kind, deed.name) for deed in done if deed.kind != "return")


def found_in(installation: Installation) -> Counter[tuple[str, str]]:
    """What there is: how many titles of each name, how many loans of each copy."""

    def both(tx: Transaction) -> Counter[tuple[str, str]]:
        titles = {("title", row.title): row.rows for row in tx.all(TITLES)}
        return Counter(titles | {("loan", str(row.copy_id)): row.rows for row in tx.all(LOANS)})

    database = open_service(installation, "library")
    try:
        return database.read_sync(both)
    finally:
        database.close_sync()


BOOKS = Writings(writers_of, asked_for, found_in, broken_truths)
"""Titles and loans."""
