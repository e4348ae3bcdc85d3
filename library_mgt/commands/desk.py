"""`erp library`: the work of the desk from the command line."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from configuration.commands.console import FOUND_FAULTS, examples, good, out, say, stop, table
from configuration.commands.part import Installation, installation
from configuration.kit.database import Database
from configuration.kit.errors import Refusal
from library_mgt.domain.journal import Entry, in_turn, read
from library_mgt.services import journal as journals
from library_mgt.services import returns

app = typer.Typer(help="The work of the library's desk.", no_args_is_help=True)
LARGEST = 16 * 1024 * 1024


@app.command(
    epilog=examples(
        ("erp library journal tuesday.txt", "replay what was written without network"),
        ("erp library journal tuesday.txt --location annex", "what came back lies there"),
    )
)
def journal(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Text, one act on each line: time;action;card;barcode.")],
    location: Annotated[str, typer.Option(help="Code of the location where copies came back.")] = "main",
) -> None:
    """Replay an offline journal: each line once, in the order of the times, dated by its own.

    The same file again does nothing twice. What conflicts stays listed on the library's page until somebody settles it.
    Readers' home services are not asked from here: whose standing is older than a day is a conflict, to be tried again
    on the page. Ends with 1 when a line was not done.
    """
    house = installation(ctx)
    if not file.is_file():
        stop(f"There is no file {file}.", code=2)
    if file.stat().st_size > LARGEST:
        stop(f"{file} is larger than {LARGEST >> 20} MiB: is it a journal?", code=2)
    lines = file.read_bytes().decode("utf-8-sig", "replace").splitlines()
    with house.database("library") as database:
        told = _replayed_all(house, database, lines, location)
    shown = table("line", "became", "outcome", "why not")
    left = [result for result in told if result.became in ("conflict", "refused")]
    for result in left:
        shown.add_row(str(result.line), result.became, result.outcome, result.detail or "")
    counts = {became: sum(result.became == became for result in told) for became in ("done", "conflict", "refused")}
    good(f"{counts['done']} done, {len(told) - sum(counts.values())} done or settled before.")
    if left:
        out.print(shown)
        say(f"{counts['conflict']} in conflict, {counts['refused']} not read. Settle conflicts at the desk's journal.")
        raise typer.Exit(FOUND_FAULTS)


def _replayed_all(
    house: Installation, database: Database, lines: list[str], location: str
) -> list[journals.LineResult]:
    now, age = house.clock(), timedelta(days=house.settings.library.journal_days)
    database.read_sync(returns.location_known, location)
    database.write_sync(journals.forget, oldest=age, now=now)
    entries, faults = read(lines, now=now, oldest=age)
    told = [journals.refused(fault) for fault in faults]
    told += [_replayed(house, database, entry, location) for entry in in_turn(entries)]
    return sorted(told, key=lambda result: result.line)


def _replayed(house: Installation, database: Database, entry: Entry, location: str) -> journals.LineResult:
    by, now, zone = house.operator, house.clock(), house.settings.library.zone_info
    try:
        return database.write_sync(journals.replay, entry, location=location, by=by, now=now, zone=zone)
    except Refusal as refusal:
        if refusal.status == 503 and not refusal.blockers:
            raise
        return database.write_sync(journals.note_conflict, entry, refusal, location=location, by=by, now=now)
