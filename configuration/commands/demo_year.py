"""`erp demo --library-year`: a demo university in a folder of its own, whose library has lived a year."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url, select

from configuration import migrate
from configuration.commands.console import err, stop
from configuration.commands.part import Demo, Installation, YearWish
from configuration.kit.database import Statement, Transaction
from configuration.kit.features.audit.tables import audit as acts
from configuration.settings import SERVICES
from configuration.sources import variable

FOLDER = "library-year"
PANEL = "A year of a library"
LibraryYear = Annotated[bool, typer.Option("--library-year", help="Let a library live a year, and draw it.")]
Titles = Annotated[int, typer.Option(min=10, max=100_000, help="How many titles.", rich_help_panel=PANEL)]
Patrons = Annotated[int, typer.Option(min=10, max=100_000, help="How many readers.", rich_help_panel=PANEL)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same year.", rich_help_panel=PANEL)]
Weeks = Annotated[int, typer.Option(min=1, max=520, help="How many weeks it has.", rich_help_panel=PANEL)]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="It ends with the last Sunday before that day, or before today.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="An empty database for the library's records, instead of a file.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
_ANY_ACT = Statement(select(acts.c.id).limit(1))


def refuse_options(ctx: typer.Context) -> None:
    """Stop where an option was given that says something of a year, and no year is wanted."""
    names = ("titles", "patrons", "seed", "weeks", "until", "database")
    for name in names:
        source = ctx.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            stop(f"--{name} says how a library's year is to be.", hint="Add --library-year, or leave it out.", code=2)


def apart(
    house: Installation, *, titles: int, patrons: int, seed: int, weeks: int, until: date | None, database: str | None
) -> Installation:
    """An installation beside the present one, with new databases, in which furnishing the library lets it live a year.

    `database` is where the library's records go instead of a file in that folder.
    """
    folder = house.settings.var / FOLDER
    own = {variable(f"{name}.database"): "" for name in SERVICES}
    if database:
        own[variable("library.database")] = database
    wish = YearWish(titles, patrons, seed, weeks, until, folder, _look(house, folder, database))
    library = house.parts["library"]
    live = library.live_a_year
    if live is None:
        stop("There is no library here.", code=2)

    def furnish(demo: Demo) -> None:
        live(demo, wish)

    parts = [replace(part, furnish=furnish) if part is library else part for part in house.parts.values()]
    beside = Installation(parts, clock=house.clock, overriding={variable("var"): str(folder), **own})
    _make(beside)
    return beside


def _make(house: Installation) -> None:
    """Make the databases; refused where one of them holds anything, for a year is lived by nobody real."""
    for name in SERVICES:
        part, url = house.parts[name], house.of(name).database
        if migrate.current(part.package, url) is None:
            with err.status(f"Making the database of the {name} service"):
                migrate.upgrade(part.package, url)
            continue
        house.require_current(name)
        with house.database(name) as database:
            if database.read_sync(_holds_records):
                stop(
                    f"The database of the {name} service ({database.location}) holds records already, and a simulated "
                    "year is not mixed with them.",
                    hint=f"Remove {house.settings.var} if that was an earlier year, or name an empty place: --database",
                )


def _holds_records(tx: Transaction) -> bool:
    """Whether anybody ever did anything here: every act leaves a trace."""
    return tx.first(_ANY_ACT) is not None


def _look(house: Installation, folder: Path, database: str | None) -> str:
    """The command that serves the university of the year, without a password."""
    shown = {variable("var"): str(folder)}
    for name in SERVICES:
        if house.of(name).database != f"sqlite:///{house.settings.var / f'{name}.db'}":
            shown[variable(f"{name}.database")] = ""
    if database:
        shown[variable("library.database")] = make_url(database).render_as_string(hide_password=True)
    return " ".join([*(f"{name}={value}" for name, value in shown.items()), "erp serve"])
