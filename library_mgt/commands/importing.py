"""`erp import`: catalogues from files, as jobs that can be interrupted, resumed and undone."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from configuration.commands.console import confirm, examples, good, out, progress, say, stop, table
from configuration.commands.part import Installation, installation
from configuration.commands.serving import already_served
from configuration.kit.database import Database
from configuration.kit.features import jobs
from configuration.kit.security.actor import Actor
from library_mgt.services import imports
from library_mgt.services.import_chunks import WORKS

app = typer.Typer(help="Bring catalogues in from files, and take them back.", no_args_is_help=True)

SHOWN_ROWS = 10
FAILED = 3
REST = 0.03
"""Seconds between two chunks while a server writes to the same file."""
JobId = Annotated[int, typer.Argument(metavar="JOB", help="The number that `erp import books` or `list` told.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command(
    epilog=examples(
        ("erp import books new.csv --dry-run", "every row gets a verdict, nothing changes"),
        ("erp import books new.csv", "shows the verdicts, asks, and does it"),
        ("erp import books new.csv --yes", "for scripts"),
    )
)
def books(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a header; comma, semicolon or tab.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    source: Annotated[
        str | None, typer.Option(help="Where the file's own numbers come from; otherwise its name.", show_default=False)
    ] = None,
    location: Annotated[str, typer.Option(help="Code of the location the copies go to.")] = "main",
    yes: Yes = False,
) -> None:
    """Import books: each row makes a title with one copy, changes one, is a duplicate, or is refused with its reason.

    Works beside a running server, in short chunks. If it is interrupted, even by a crash, nothing is lost or doubled:
    the server goes on with it, or `erp import resume`. The same file again changes nothing.
    """
    house = installation(ctx)
    if not file.is_file():
        stop(f"There is no file {file}.", code=2)
    if file.stat().st_size > imports.LARGEST:
        stop(
            f"{file} is larger than {imports.LARGEST >> 20} MiB.", hint="Split it; each part keeps the header.", code=2
        )
    with house.database("library") as database:
        job_id = store(
            database,
            file.name,
            file.read_bytes(),
            by=house.operator,
            now=house.clock(),
            source=source,
            location=location,
        )
        job = work(house, database, job_id, "Reading")
        _show_plan(database, job)
        if dry_run:
            say(f"Nothing was changed. To do it: erp import apply {job_id}   To forget it: erp import cancel {job_id}")
            return
        planned = imports.summary(job)["planned"]
        if not planned["create"] and not planned["update"]:
            database.write_sync(imports.cancel, job_id, by=house.operator, now=house.clock())
            good("There is nothing new in the file.")
            return
        confirm(f"Make {planned['create']} titles and change {planned['update']}?", yes=yes)
        _apply(house, database, job_id)


@app.command()
def apply(ctx: typer.Context, job: JobId) -> None:
    """Do what a dry run said."""
    house = installation(ctx)
    with house.database("library") as database:
        _apply(house, database, job)


@app.command()
def undo(ctx: typer.Context, job: JobId, yes: Yes = False) -> None:
    """Take an import back. Titles that were lent, requested or changed since stay, and are listed."""
    house = installation(ctx)
    with house.database("library") as database:
        found = database.read_sync(imports.find, job)
        confirm(f"Take back what {found.label} brought?", yes=yes)
        database.write_sync(imports.undo, job, by=house.operator, now=house.clock())
        done = imports.summary(work(house, database, job, "Undoing"))
        for row in database.read_sync(imports.rows, job, kept=True, limit=SHOWN_ROWS):
            say(f"   row {row.row_no}, title {row.subject_id}: {row.undone}")
        good(f"{done['undone']} rows undone, {done['kept']} kept.")


@app.command()
def resume(ctx: typer.Context, job: JobId) -> None:
    """Go on with an import that was interrupted."""
    house = installation(ctx)
    with house.database("library") as database:
        found = database.read_sync(imports.find, job)
        if found.state == "failed":
            database.write_sync(imports.go_on, job, by=house.operator, now=house.clock())
        done = work(house, database, job, "Going on")
        good(f"Import {job} is {done.state} at its step {done.step}, {done.position} rows of {done.total}.")


@app.command()
def cancel(ctx: typer.Context, job: JobId) -> None:
    """Forget an import that has changed nothing yet."""
    house = installation(ctx)
    with house.database("library") as database:
        database.write_sync(imports.cancel, job, by=house.operator, now=house.clock())
        good(f"Import {job} is forgotten.")


@app.command("list")
def list_imports(ctx: typer.Context) -> None:
    """List the latest imports."""
    house = installation(ctx)
    shown = table("job", "file", "state", "step", "rows", "created", "updated", "duplicate", "refused", "undone")
    with house.database("library") as database:
        for job in database.read_sync(imports.recent, before=None, limit=20):
            counts = imports.summary(job)
            numbers = (counts[name] for name in ("rows", "created", "updated", "duplicate", "refused", "undone"))
            shown.add_row(str(job.id), job.label, job.state, job.step, *(str(number) for number in numbers))
    out.print(shown)


def store(
    database: Database,
    label: str,
    content: bytes,
    *,
    by: Actor,
    now: datetime,
    source: str | None = None,
    location: str = "main",
) -> int:
    """Store a file and let it be planned; answers the job."""
    named, shelf = source or imports.source_of(label), {"location": location}
    job_id = database.write_sync(imports.open_import, label, named, by=by, now=now, shelf=shelf)
    for part, start in enumerate(range(0, len(content), imports.PART)):
        database.write_sync(imports.receive, job_id, part, content[start : start + imports.PART])
    database.write_sync(imports.plan, job_id, len(content))
    return job_id


def work(house: Installation, database: Database, job_id: int, doing: str) -> jobs.Job:
    """Do the step that waits, or watch the worker that has it; stops the command when it fails."""
    # SQLite's writers of other processes look for their turn every few milliseconds: leave them some.
    rest = REST if already_served(house.of("library").database) else 0.0
    with progress() as bar:
        task = bar.add_task(doing, total=None)

        def show(job: jobs.Job) -> None:
            bar.update(task, completed=job.position, total=job.total)

        while True:
            mine = jobs.claim_next(database, WORKS, house.clock, only=job_id)
            if mine is not None:
                job = jobs.run_job(database, WORKS, mine, clock=house.clock, rest=rest, progress=show)
            else:
                job = database.read_sync(imports.find, job_id)
                show(job)
            if job.state not in {"queued", "running"}:
                break
            time.sleep(0.2)
    if job.state == "failed":
        stop(
            job.problem or "The import failed.",
            hint=f"erp import resume {job_id}, after mending the cause",
            code=FAILED,
        )
    return job


def _apply(house: Installation, database: Database, job_id: int) -> None:
    began = time.monotonic()
    database.write_sync(imports.apply, job_id, by=house.operator, now=house.clock())
    done = imports.summary(work(house, database, job_id, "Importing"))
    accounted = f"{done['created']} created + {done['updated']} updated + {done['duplicate']} duplicate"
    good(f"{done['rows']} rows = {accounted} + {done['refused']} refused ({time.monotonic() - began:.1f} s)")
    say(f"   To take it back: erp import undo {job_id}")


def _show_plan(database: Database, job: jobs.Job) -> None:
    counts = imports.summary(job)
    told = table("verdict", "rows", title=f"{job.label}: {counts['rows']} rows")
    for verdict, number in counts["planned"].items():
        told.add_row(verdict, str(number))
    out.print(told)
    isbn = counts["isbn"]
    say(
        f"ISBNs: {isbn['valid']} valid as they stand, {isbn['padded']} after putting lost zeros back, "
        f"{isbn['broken']} broken and {isbn['lossy']} rounded (kept as written), {isbn['absent']} absent."
    )
    if unknown := job.params.get("unknown_columns"):
        say(f"Not read: {', '.join(unknown)}")
    for row in database.read_sync(imports.rows, job.id, verdict="refuse", limit=SHOWN_ROWS):
        say(f"   row {row.row_no} refused: {'; '.join(reason['detail'] for reason in row.reasons)}")
