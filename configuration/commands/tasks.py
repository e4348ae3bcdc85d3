"""`erp task`: what the services do by themselves, and doing it now."""

import time
from collections.abc import Sequence
from typing import Annotated

import typer

from configuration.commands.console import FOUND_FAULTS, examples, good, out, say, stop, table
from configuration.commands.part import Installation, installation
from configuration.commands.serving import Service, already_served, chosen
from configuration.kit.database import Database
from configuration.kit.features import jobs

app = typer.Typer(help="What is done by itself: list it, or do it now.", no_args_is_help=True)
PATIENCE = 60.0
"""Seconds to wait for somebody else who has the task in hand."""


def tasks_of(house: Installation, service: str) -> Sequence[jobs.Task]:
    """The tasks of a service."""
    make = house.parts[service].tasks
    return () if make is None else make(house.of(service))


@app.command("list", epilog=examples(("erp task list", "when each runs next, and how the last run ended")))
def list_tasks(ctx: typer.Context, service: Service = None) -> None:
    """List the tasks, with what became of their last runs. Exit code 1 when one of them fails."""
    house = installation(ctx)
    shown = table("task", "next", "last run", "outcome", "what it does")
    failing = 0
    for name in chosen(service):
        tasks = tasks_of(house, name)
        if not tasks:
            continue
        zone = house.of(name).zone_info
        with house.database(name) as database:
            rows = {row.name: row for row in database.read_sync(jobs.tasks_listed)}
        for task in tasks:
            row = rows.get(task.name)
            failing += bool(row and row.failures)
            following = row.next_at if row else task.rhythm.after(house.clock(), zone)
            ended = f"{row.last_ended_at.astimezone(zone):%Y-%m-%d %H:%M}" if row and row.last_ended_at else "never"
            shown.add_row(task.name, f"{following.astimezone(zone):%Y-%m-%d %H:%M}", ended, outcome(row), task.does)
    out.print(shown)
    if failing:
        raise typer.Exit(FOUND_FAULTS)


@app.command("run", epilog=examples(("erp task run forget-loans", "now, and once")))
def run_task(ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="TASK")]) -> None:
    """Do a task now, beside a server or without one; where a server has it in hand, wait for that.

    Exit code 0: done. 1: it failed, and is tried again later.
    """
    house = installation(ctx)
    service = next((one for one in house.parts if name in {task.name for task in tasks_of(house, one)}), None)
    if service is None:
        known = ", ".join(task.name for one in house.parts for task in tasks_of(house, one))
        stop(f"There is no task {name}.", hint=f"One of: {known}", code=2)
    tasks = tasks_of(house, service)
    alone = next(task for task in tasks if task.name == name).work is None
    if alone and not already_served(house.of(service).database):
        stop(f"Only a running server can do {name}: it needs the other services.", hint="erp serve")
    with house.database(service) as database:
        asked = house.clock()
        jobs.run_now(database, tasks, name, clock=house.clock, zone=house.of(service).zone_info)
        row = _ended(database, name)
    if row is None or row.last_began_at is None or row.last_began_at < asked:
        stop(f"{name} is still under way; it is in the hand of a server.", hint="erp task list")
    if row.last_state != "done":
        say(f"{name}: {outcome(row)}")
        raise typer.Exit(FOUND_FAULTS)
    good(f"{name}: {outcome(row)}")


def outcome(row: jobs.TaskRow | None) -> str:
    """What became of the last run, in a few words."""
    if row is None or row.last_state is None:
        return "has not run yet"
    counts = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in sorted((row.last_counts or {}).items()))
    if row.failures:
        return f"failed {row.failures} times in a row: {row.last_problem}"
    return counts or "nothing to do"


def _ended(database: Database, name: str) -> jobs.TaskRow | None:
    """The row of a task that rests again; `None` when it is under way for long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        row = next(row for row in database.read_sync(jobs.tasks_listed) if row.name == name)
        if row.begun_at is None and row.last_state is not None:
            return row
        time.sleep(0.2)
    return None
