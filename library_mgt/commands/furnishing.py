"""The library of the demo university: books, and readers who borrow, wait and bring back."""

import csv
import os
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from io import StringIO
from itertools import islice
from pathlib import Path

from stdnum import ean

from configuration.commands import Demo
from configuration.commands.demo_people import DemoPerson
from configuration.kit.database import Transaction
from configuration.kit.features import jobs
from configuration.settings import ROOT
from configuration.sources import SAMPLE_DATA
from library_mgt.commands.importing import store
from library_mgt.errors import ImportUnreadable
from library_mgt.models.request.circulation import LoanCreate, RequestCreate
from library_mgt.services import catalogue, circulation, copies, imports, patrons, requests
from library_mgt.services.import_chunks import WORKS

SAMPLE = Path("books") / "goodbooks10k.csv"
MADE_UP = 400
FIRST = ("The Quiet", "A History of", "Notes on", "The Last", "Principles of", "Letters from", "Beyond", "An Atlas of")
SECOND = ("Rivers", "Glass", "Arithmetic", "Winter", "Cities", "Bees", "Memory", "Machines", "Salt", "Light", "Maps")


def furnish(demo: Demo) -> None:
    """Fill the catalogue, and let readers borrow and wait; what an earlier try finished is left alone."""
    _books(demo)
    demo.database.write_sync(_circulate, demo)


def _books(demo: Demo) -> None:
    """Import books, going on where an earlier try was interrupted."""
    begun = [
        job for job in demo.database.read_sync(imports.recent, before=None, limit=5) if job.step != imports.RECEIVE
    ]
    if begun:
        _finish(demo, begun[-1].id)
        return
    bring_in(demo, *sample_books(demo.say))


def sample_books(say: Callable[[str], None], most: int | None = None) -> tuple[str, bytes]:
    """Name and content of a books file: real ones where they are there, at most so many."""
    sample = Path(os.environ.get(SAMPLE_DATA) or ROOT.parent / "shared" / "data") / SAMPLE
    if not sample.exists():
        say("   library: made-up books (there are no real ones in ../shared/data)")
        return "made-up-books.csv", made_up_books(most or MADE_UP).encode()
    say(f"   library: books of {sample}")
    return sample.name, sample.read_bytes() if most is None else _first_rows(sample, most)


def _first_rows(file: Path, number: int) -> bytes:
    """The header of a file and so many of its rows, which may hold line breaks."""
    kept = StringIO()
    with file.open(encoding="utf-8", newline="") as lines:
        csv.writer(kept).writerows(islice(csv.reader(lines), number + 1))
    return kept.getvalue().encode()


def bring_in(demo: Demo, label: str, content: bytes) -> None:
    """Import books from the content of a file."""
    _finish(demo, store(demo.database, label, content, by=demo.by, now=demo.clock()))


def _finish(demo: Demo, job_id: int) -> None:
    while True:
        job = demo.database.read_sync(imports.find, job_id)
        if (job.state, job.step) == ("waiting", imports.PLAN):
            demo.database.write_sync(imports.apply, job_id, by=demo.by, now=demo.clock())
        claimed = jobs.claim_next(demo.database, WORKS, demo.clock, only=job_id)
        if claimed is not None:
            job = jobs.run_job(demo.database, WORKS, claimed, clock=demo.clock)
        if job.state == "failed":
            raise ImportUnreadable(job.problem)
        if job.state in {"done", "cancelled"}:
            return


def made_up_books(number: int = MADE_UP) -> str:
    """A books file for where no real one is at hand; the same every time."""
    chance = random.Random(7)  # noqa: S311 - titles, not secrets
    lines = ["id,title,authors,year,isbn"]
    for place in range(1, number + 1):
        body = f"978{chance.randrange(10**9):09d}"
        title = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {place}"
        author = f"{chance.choice('ABCDEFGHKLMNPRST')}. {chance.choice(SECOND)}man"
        lines.append(f"{place},{title},{author},{chance.randint(1900, 2024)},{body}{ean.calc_check_digit(body)}")
    return "\n".join(lines) + "\n"


def _circulate(tx: Transaction, demo: Demo) -> None:
    """Some loans, old and new, one overdue; requests to decide; a queue on one title; one copy on the hold shelf."""
    if requests.requests_waiting(tx, state=None, limit=1):
        return
    catalogue.give_numbers(tx)
    library = _Library(tx, demo.settings.library.zone_info, demo.clock(), demo.people)
    students, lecturers = library.of("student"), library.of("lecturer")
    for person in (*students, *lecturers):
        library.vouch_for(person)
    titles = [title.id for title in catalogue.find_titles(tx, limit=20)]
    library.lend(students[0], titles[0], days_ago=40)
    library.lend(students[1], titles[1], days_ago=20)
    library.lend(lecturers[0], titles[2], days_ago=3)
    for days_ago, person in ((5, students[2]), (4, students[3]), (3, lecturers[1])):
        library.approve(library.wish(person, titles[0], days_ago=days_ago))
    for person, title in ((students[1], titles[3]), (students[2], titles[4]), (lecturers[0], titles[5])):
        library.wish(person, title, days_ago=1)
    waiting = library.wish(students[0], titles[6], days_ago=2)
    library.approve(waiting)
    requests.shelve(tx, waiting, library.barcode(titles[6]), by=library.desk, now=library.now, zone=library.zone)


class _Library:
    """The desk and the readers of the demo, inside one unit of work: all of it is there, or nothing."""

    def __init__(self, tx: Transaction, zone: tzinfo, now: datetime, people: Sequence[DemoPerson]) -> None:
        self.tx, self.zone, self.now, self.people = tx, zone, now, people
        self.desk = self.of("librarian")[0].actor

    def of(self, role: str) -> list[DemoPerson]:
        """The people with a role."""
        return [person for person in self.people if role in person.roles]

    def vouch_for(self, person: DemoPerson) -> None:
        """Note what the home service would say of the reader when the desk asks."""
        patrons.take_standing(
            self.tx,
            person=person.person,
            display_name=person.display_name,
            group=person.service,
            active=True,
            until=None,
            as_of=self.now,
            by=self.desk,
            now=self.now,
        )

    def lend(self, person: DemoPerson, title: int, *, days_ago: int) -> None:
        """Lend the title's copy over the desk."""
        loan = LoanCreate(patron=person.person, barcode=self.barcode(title))
        at = self.now - timedelta(days=days_ago)
        circulation.check_out(self.tx, loan, by=self.desk, now=at, zone=self.zone)

    def wish(self, person: DemoPerson, title: int, *, days_ago: int) -> int:
        """Let the reader request the title; answers the request."""
        at = self.now - timedelta(days=days_ago)
        wish = RequestCreate(title_id=title)
        return requests.request_title(self.tx, wish, by=person.actor, now=at, zone=self.zone).id

    def approve(self, request: int) -> None:
        """Let the request into the queue."""
        requests.approve(self.tx, request, by=self.desk, now=self.now, zone=self.zone)

    def barcode(self, title: int) -> str:
        """The barcode of the title's first copy."""
        found = copies.copies_of(self.tx, title)[0].barcode
        assert found is not None
        return found
