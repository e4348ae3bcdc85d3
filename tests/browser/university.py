"""What the university of these tests has: people for each role, titles enough for every test to have its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from configuration.kit.database import Database, Transaction
from library_mgt.models.request.title import CopyCreate, TitleCreate
from library_mgt.services import catalogue, copies
from tests.people import OPERATOR, add_account, roles_of

PEOPLE = {
    "student": [
        ("amara", "student"),
        ("ben", "student"),
        ("cleo", "student"),
        ("dora", "student"),
        ("rita", "registrar"),
    ],
    "faculty": [("lena", "lecturer"), ("fergus", "dean"), ("leo", "lecturer")],
    "library": [("ines", "librarian"), ("noor", "librarian"), ("otto", "library_assistant")],
}  # fmt: skip
PAYLOAD = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
TITLES = [
    "Middlemarch", "The Odyssey", "Of Mice and Men", "Bleak House", "The Waves", "Emma", "Walden", "Ulysses",
    "Persuasion", "Orlando", "Dubliners", "Kim", "Dracula", "Silas Marner", "Villette", "Shirley", PAYLOAD,
    "Cranford", "Nostromo", "Agnes Grey",
]  # fmt: skip
MANY = 60


@dataclass(frozen=True, slots=True)
class University:
    """Where it runs, and where its log is."""

    url: str
    log: Path


def barcode_of(title: str) -> str:
    """The barcode of a title's first copy."""
    return f"T{TITLES.index(title):04d}"


def furnish(databases: Mapping[str, Database], now: datetime) -> None:
    """Fill the databases, before the server starts."""
    for service, people in PEOPLE.items():
        for place, (name, role) in enumerate(people):
            databases[service].write_sync(
                add_account, roles_of(service), role, user_name=name, person_no=1001 + place, now=now
            )
    databases["library"].write_sync(_shelve, now)


def _shelve(tx: Transaction, now: datetime) -> None:
    zone = ZoneInfo("Europe/London")
    for title in TITLES:
        new = TitleCreate(title=title, contributors=[{"name": "Somebody Known"}], year=1871)
        made = catalogue.add_title(tx, new, by=OPERATOR, now=now)
        copies.add_copy(tx, made.title.id, CopyCreate(barcode=barcode_of(title)), by=OPERATOR, now=now, zone=zone)
    for number in range(MANY):
        catalogue.add_title(tx, TitleCreate(title=f"Annals of the University {number}"), by=OPERATOR, now=now)
