"""`erp files`: whether every file that was handed in is where it should be, unchanged."""

import typer

from configuration.commands.console import FOUND_FAULTS, err, good
from configuration.commands.part import installation
from configuration.kit.features.files import FileStore, damages, sweep

app = typer.Typer(help="Look after the files that people handed in.", no_args_is_help=True)


@app.command("check")
def check(ctx: typer.Context) -> None:
    """Read every file and compare it with its digest; take away what nobody refers to and is old.

    May run beside a server. Exit code 1 when a file is missing or was changed.
    """
    house = installation(ctx)
    store = FileStore(house.of("faculty").files_dir)
    with house.database("faculty") as database:
        swept = sweep(database, store)
        found = damages(database, store)
    for each in found:
        wrong = "is missing" if each.found is None else f"was changed, it is {each.found} now"
        err.print(f"file {each.id}: {each.sha256} {wrong}", markup=False)
    if found:
        raise typer.Exit(FOUND_FAULTS)
    good(f"every file is there and unchanged; taken away: {swept.orphans} without a row, {swept.abandoned} half sent")
