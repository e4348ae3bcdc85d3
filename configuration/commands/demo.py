"""`erp demo`: a small university to look around in, made of random people and, where they are there, of real books."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import bindparam, select

from configuration.commands import demo_year
from configuration.commands.console import err, examples, good, say, stop
from configuration.commands.demo_people import DemoPerson, people_of
from configuration.commands.demo_year import DatabaseUrl, LibraryYear, Patrons, Seed, Titles, Until, Weeks
from configuration.commands.part import Demo, Installation, installation
from configuration.commands.secrets_file import write_private
from configuration.kit.database import Database, Statement, Transaction
from configuration.kit.features import audit
from configuration.kit.features.accounts.repository import accounts
from configuration.kit.features.accounts.use_cases import registering, staffing
from configuration.kit.features.audit.tables import audit as acts
from configuration.kit.security.hashing import shared_hasher
from configuration.settings import SERVICES, Settings

MADE, FURNISHED = "demo.made", "demo.furnished"
SUBJECT = "university:demo"
ACTS = Statement(select(acts.c.action).where(acts.c.subject == bindparam("subject")))
HEADER = "# Sign-ins of the demo university: service, user name, password, roles, number, name. For you alone."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        epilog=examples(
            ("erp demo", "a small university to look around in"),
            ("erp demo --library-year", "a library of 10,000 titles after a year of lending"),
        ),
    )(demo)


def demo(
    ctx: typer.Context,
    students: Annotated[int, typer.Option(min=4, max=2000, help="How many students.")] = 24,
    library_year: LibraryYear = False,
    titles: Titles = 10_000,
    patrons: Patrons = 3_000,
    seed: Seed = 1,
    weeks: Weeks = 52,
    until: Until = None,
    database: DatabaseUrl = None,
) -> None:
    """Fill empty databases with a demo university; run again, it leaves everything as it is.

    Refuses databases that hold anything it did not make. Passwords are random and stand in var/demo-sign-ins.txt, for
    you alone. Books come from ../shared/data or $ERP_SAMPLE_DATA where they are there, else they are made up.

    With [bold]--library-year[/] another university is made in var/library-year, whose library has lived a year of terms
    and vacations; pictures of it stand beside its databases. That takes some minutes. Ctrl-C ends it with a whole day.
    """
    house = installation(ctx)
    if house.settings.environment == "production":
        stop("This installation is set to production.", hint="A demo has no place among real people's records.")
    if not library_year:
        demo_year.refuse_options(ctx)
    else:
        day = until.date() if until else None
        year = {"titles": titles, "patrons": patrons, "seed": seed, "weeks": weeks}
        house = demo_year.apart(house, **year, until=day, database=database)
    fill(house, students)


def fill(house: Installation, students: int) -> None:
    """Make the people and their accounts, and let each service furnish its part."""
    for name in SERVICES:
        house.require_current(name)
    states = {name: _state(house, name) for name in SERVICES}
    for name, state in states.items():
        if state == "foreign":
            stop(f"The {name} service holds accounts that no demo made.", hint="Give the demo a folder: ERP_VAR=...")
    sign_ins = house.settings.var / "demo-sign-ins.txt"
    if set(states.values()) == {"furnished"}:
        good(f"The demo university is there already; sign-ins: {sign_ins}")
        return
    people = _people(sign_ins, students)
    _mark(house.settings)
    for name in SERVICES:
        with house.database(name) as database, err.status(f"Furnishing {name}"):
            _accounts(house, database, name, [person for person in people if person.service == name])
    for name in SERVICES:
        _furnish(house, name, people)
    good(f"A demo university of {len(people)} people; sign-ins: {sign_ins}")


def _state(house: Installation, service: str) -> str:
    """`empty`, `begun` or `furnished` by a demo, or `foreign`."""
    with house.database(service) as database:
        noted = database.read_sync(_acts)
        if not noted:
            anybody = database.read_sync(staffing.list_accounts, state=None, after=0, limit=1)
            return "foreign" if anybody else "empty"
        return "furnished" if FURNISHED in noted else "begun"


def _mark(settings: Settings) -> None:
    """Say to every later start that this folder holds a demo: production refuses it."""
    settings.var.mkdir(parents=True, exist_ok=True)
    (settings.var / "demo").touch()


def _people(sign_ins: Path, students: int) -> list[DemoPerson]:
    """The people with their passwords: those of a demo that was begun, or new ones, written down before all else."""
    if sign_ins.exists():
        lines = sign_ins.read_text(encoding="utf-8").splitlines()
        return [DemoPerson.parse(line) for line in lines if line and not line.startswith("#")]
    people = people_of(students)
    write_private(sign_ins, [HEADER, *(person.line() for person in people)])
    return people


def _once(tx: Transaction, action: str, house: Installation) -> None:
    """Note in the record of acts what the demo did; the second time it is noted already."""
    if action not in _acts(tx):
        audit.record(tx, action, SUBJECT, by=house.operator, now=house.clock())


def _acts(tx: Transaction) -> set[str]:
    return {row.action for row in tx.all(ACTS, subject=SUBJECT)}


def _accounts(house: Installation, database: Database, service: str, people: Sequence[DemoPerson]) -> None:
    """Make the accounts that are not there yet."""
    database.write_sync(_once, MADE, house)
    for person in people:
        if database.read_sync(accounts.by_user_name, person.user_name) is not None:
            continue
        database.write_sync(
            registering.register,
            house.parts[service].accounts,
            user_name=person.user_name,
            roles=person.roles,
            by=house.operator,
            now=house.clock(),
            person_no=person.number,
            given_name=person.given,
            family_name=person.family,
            email=f"{person.number}@{service}.example.edu",
            password_hash=shared_hasher().hash_now(person.password),
        )


def _furnish(house: Installation, service: str, people: Sequence[DemoPerson]) -> None:
    furnish = house.parts[service].furnish
    with house.database(service) as database:
        if furnish is not None:
            furnish(Demo(database, house.settings, people, house.operator, house.clock, say))
        database.write_sync(_once, FURNISHED, house)
