"""`python -m tests.benchmarks`: measure, print ratios beside their goals, keep them under `var/bench`.

Nothing here fails on a missed goal: machines differ, and the table says what was missed.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
from rich.console import Console
from sqlalchemy import make_url

from tests.benchmarks.cases import (
    against,
    books_import,
    busy_desk,
    crossing,
    desk,
    handing_in,
    rush,
    search,
    startup,
    token,
    trivial,
)
from tests.benchmarks.pace import FULL, SHORT, Pace
from tests.benchmarks.report import Report, Row, Sheet
from tests.benchmarks.whole import install
from tests.postgres import server_url
from tests.reliability.installation import SERVICES, Installation
from tests.reliability.processes import ROOT

GROUPS = ("call", "token", "desk", "busy-desk", "search", "sign-in", "import", "hand-in", "crossing", "start")


def main() -> int:
    """Run what is asked for."""
    told = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    told.add_argument("--short", action="store_true", help="under a minute, coarse: for continuous integration")
    told.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS, help="only these groups")
    told.add_argument("--backend", nargs="+", choices=("sqlite", "postgresql"), help="default: both, short: sqlite")
    told.add_argument("--large", type=int, help="titles of the large catalogue (default 100,000; short 10,000)")
    told.add_argument("--against", metavar="URL", help="another implementation of the book's addresses, on loopback")
    given = told.parse_args()
    pace = SHORT if given.short else FULL
    pace = replace(pace, large=given.large) if given.large else pace
    console = Console(width=None if sys.stdout.isatty() else 160)
    for backend in given.backend or (("sqlite",) if given.short else ("sqlite", "postgresql")):
        report = Report(backend, pace.short, datetime.now().astimezone())
        with tempfile.TemporaryDirectory(prefix="erp-bench-") as folder, databases(backend) as new_urls:
            place = Place(Path(folder), new_urls)
            if given.against:
                report.rows += against.against(place.install("against"), given.against, pace, console)
            for group in () if given.against else GROUPS:
                if group in given.only:
                    with console.status(f"{backend}: {group} ..."):
                        report.rows += MEASURES[group](place, pace)
            report.sheets = place.sheets
        report.show(console)
        written = [path.relative_to(ROOT) for path in report.save(ROOT / "var" / "bench")]
        console.print(f"Kept as {written[0]} and {written[1]}")
    return 0


class Place:
    """Where a run keeps its universities, and what its parts hand on to one another."""

    def __init__(self, folder: Path, new_urls: Callable[[str], Mapping[str, str]]) -> None:
        self.folder = folder
        self._new_urls = new_urls
        self._bare_cpu: float | None = None
        self._desk: tuple[Installation, list[int]] | None = None
        self.sheets: list[Sheet] = []

    def install(self, name: str) -> Installation:
        """A new university."""
        return install(self.folder / name, self._new_urls(name))

    def desk(self, titles: int) -> tuple[Installation, list[int]]:
        """A university with a small catalogue, and the ids of its titles; made once."""
        if self._desk is None:
            made = self.install("small")
            self._desk = made, desk.prepare(made, titles)
        return self._desk

    def call(self, pace: Pace) -> list[Row]:
        """Trivial calls."""
        rows, self._bare_cpu = trivial.trivial(self.folder, self.install("silent"), self.install("logged"), pace)
        return rows

    def token(self, pace: Pace) -> list[Row]:
        """The token check, beside the bare call of this run."""
        if self._bare_cpu is None:
            self.call(pace)
        assert self._bare_cpu is not None
        return token.token_check(self.folder / "token", self._bare_cpu)

    def daily_work(self, pace: Pace) -> list[Row]:
        """The desk."""
        return desk.desk(self.folder, *self.desk(pace.small), pace)

    def busy_day(self, pace: Pace) -> list[Row]:
        """The desk on its busiest day."""
        rows, sheet = busy_desk.busy_desk(self.folder, self.install("busy"), pace)
        self.sheets.append(sheet)
        return rows

    def lists(self, pace: Pace) -> list[Row]:
        """Lists and searches."""
        large = self.install("large")
        desk.prepare(large, pace.large)
        return search.search(self.desk(pace.small)[0], large, pace)

    def sign_ins(self, pace: Pace) -> list[Row]:
        """The rush."""
        return rush.rush(self.install("rush"), pace)

    def imports(self, pace: Pace) -> list[Row]:
        """The import."""
        return books_import.books_import(self.install("import"), pace)

    def handing_in(self, pace: Pace) -> list[Row]:
        """Work that comes in as files."""
        return handing_in.handing_in(self.install("hand-in"), pace)

    def crossing(self, pace: Pace) -> list[Row]:
        """From service to service."""
        return crossing.crossing(self.install("crossing"), pace)

    def start(self, pace: Pace) -> list[Row]:
        """Starting."""
        return startup.startup(self.install("startup"), pace)


MEASURES: Mapping[str, Callable[[Place, Pace], list[Row]]] = {
    "call": Place.call,
    "token": Place.token,
    "desk": Place.daily_work,
    "busy-desk": Place.busy_day,
    "search": Place.lists,
    "sign-in": Place.sign_ins,
    "import": Place.imports,
    "hand-in": Place.handing_in,
    "crossing": Place.crossing,
    "start": Place.start,
}


@contextmanager
def databases(backend: str) -> Iterator[Callable[[str], Mapping[str, str]]]:
    """Makes the databases of a university: nothing to do for SQLite, three on a durable server for PostgreSQL."""
    if backend == "sqlite":
        yield lambda _: {}
        return
    admin = make_url(server_url(os.getpid(), durable=True)).set(drivername="postgresql")
    with psycopg.connect(admin.render_as_string(hide_password=False), autocommit=True) as connection:

        def new_urls(name: str) -> Mapping[str, str]:
            urls: dict[str, str] = {}
            for service in SERVICES:
                database = f"bench_{name}_{service}"
                connection.execute(f'CREATE DATABASE "{database}"')
                urls[service] = admin.set(database=database).render_as_string(hide_password=False)
            return urls

        yield new_urls


if __name__ == "__main__":
    sys.exit(main())
