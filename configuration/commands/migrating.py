"""`erp migrate`: bring the databases up to date, with a backup of what was there."""

from collections.abc import Sequence
from typing import Annotated

import typer

from configuration import migrate
from configuration.commands import archives
from configuration.commands.console import FOUND_FAULTS, err, examples, good, say, stop, table
from configuration.commands.part import Installation, installation
from configuration.commands.serving import Service, already_served, chosen


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "migrate",
        epilog=examples(
            ("erp migrate", "all services"),
            ("erp migrate --service library", "one"),
            ("erp migrate --check", "for a deployment script"),
        ),
    )(run)


def run(
    ctx: typer.Context,
    service: Service = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is due; exit code 1 if anything is.")] = False,
    backup: Annotated[bool, typer.Option(help="Back up what is there before changing it.")] = True,
) -> None:
    """Make the databases, or bring them to the newest revision; what was there is backed up first."""
    house = installation(ctx)
    services = chosen(service)
    due = {name: states for name in services if (states := _revisions(house, name))[0] != states[1]}
    if check:
        _show(house, services)
        if due:
            raise typer.Exit(FOUND_FAULTS)
        return
    for name in due:
        if served := already_served(house.of(name).database):
            stop(served, hint="Stop the server, then: erp migrate")
    standing = [name for name, (present, _) in due.items() if present is not None]
    if standing and backup:
        path = archives.back_up(house, standing, label="before-migrate")
        say(f"   backed up to {path}")
    for name, (present, newest) in due.items():
        with err.status(f"{name}: {present or 'nothing'} -> {newest}"):
            migrate.upgrade(house.parts[name].package, house.of(name).database)
        good(f"{name}: {'made' if present is None else f'{present} ->'} {newest}")
    if not due:
        good("Every database is at its newest revision.")


def _revisions(house: Installation, service: str) -> tuple[str | None, str | None]:
    package = house.parts[service].package
    return migrate.current(package, house.of(service).database), migrate.head(package)


def _show(house: Installation, services: Sequence[str]) -> None:
    shown = table("service", "at", "newest")
    for name in services:
        present, newest = _revisions(house, name)
        shown.add_row(name, present or "not made", newest or "-", style=None if present == newest else "yellow")
    err.print(shown)
