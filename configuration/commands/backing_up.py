"""`erp backup` and `erp restore`."""

import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from configuration import migrate
from configuration.commands import archives, auditing
from configuration.commands.archives import Archive, ArchiveRefused
from configuration.commands.console import FOUND_FAULTS, confirm, err, examples, good, say, stop
from configuration.commands.copies import Busy, Damaged
from configuration.commands.part import Installation, installation
from configuration.commands.serving import no_server
from configuration.settings import SERVICES


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "backup",
        epilog=examples(("erp backup", "into var/backups"), ("erp backup --to /mnt/monday.tar", "elsewhere")),
    )(backup)
    app.command(
        "restore",
        epilog=examples(
            ("erp restore var/backups/backup-20260301T093000Z.tar", "made here"),
            ("erp restore copied.tar --seal 3f0c...", "made elsewhere"),
        ),
    )(restore)


def backup(
    ctx: typer.Context,
    to: Annotated[Path | None, typer.Option(help="Path of the archive to write; otherwise in var/backups.")] = None,
) -> None:
    """Write all databases into one archive, while people go on working.

    The archive is readable by its owner alone. The seal that is printed proves later that nobody changed it: keep it
    somewhere else. Signing keys and settings are not in it.
    """
    house = installation(ctx)
    services = [name for name in SERVICES if migrate.current(house.parts[name].package, house.of(name).database)]
    if not services:
        stop("There is no database to back up.", hint="erp migrate")
    try:
        with err.status("Copying"):
            path = archives.back_up(house, services, to=to)
    except (FileExistsError, Damaged) as fault:
        stop(str(fault))
    good(f"{path} ({path.stat().st_size / 1e6:.1f} MB: {', '.join(services)})")
    say(f"   seal: {archives.seal_of(path)}")


def restore(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="What `erp backup` wrote.", dir_okay=False)],
    seal: Annotated[str | None, typer.Option(help="The seal that was printed; known for backups made here.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put an archive's databases into the place of the present ones, then check that all is true in them.

    Refuses an archive that was changed, and works only while no server runs. What was there before is kept.
    """
    house = installation(ctx)
    if not path.is_file():
        stop(f"There is no file {path}.", code=2)
    if not tarfile.is_tarfile(path):
        stop(f"{path} is not an archive of ours.", hint="erp backup makes them.")
    expected = seal or archives.known_seal(path)
    if expected is None:
        stop("This archive was not made here, so nobody knows whether it was changed.", hint="Give its --seal.")
    try:
        with no_server(house, SERVICES), archives.opened(path, seal=expected) as archive:
            services = [name for name in SERVICES if name in archive.manifest["services"]]
            told = f"{', '.join(services)} by those of {archive.manifest['made_at']}"
            confirm(f"Replace the databases of {told}?", yes=yes)
            _keep(house, services)
            for name in services:
                _restore(house, archive, name)
    except (ArchiveRefused, Busy, Damaged) as fault:
        stop(str(fault))
    if sum(auditing.check(house, name) for name in services):
        raise typer.Exit(FOUND_FAULTS)


def _keep(house: Installation, services: Sequence[str]) -> None:
    """PostgreSQL databases are saved first; SQLite files are set aside."""
    there = [
        name
        for name in services
        if make_url(house.of(name).database).get_backend_name() == "postgresql"
        and migrate.current(house.parts[name].package, house.of(name).database)
    ]
    if there:
        say(f"   what is there now: {archives.back_up(house, there, label='before-restore')}")


def _restore(house: Installation, archive: Archive, service: str) -> None:
    with err.status(f"Restoring {service}"):
        aside = archives.put_back(house, archive, service)
        migrate.upgrade(house.parts[service].package, house.of(service).database)
    good(f"{service}: restored{f'; what was there: {aside}' if aside else ''}")
