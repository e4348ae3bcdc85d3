"""`erp smoke`: walk the university's story against a running address, and print how each step went."""

import time
from pathlib import Path
from typing import Annotated

import requests
import typer

from configuration.commands import smoke_story
from configuration.commands.console import AWAY, FOUND_FAULTS, examples, good, out, stop, table
from configuration.commands.demo_people import DemoPerson
from configuration.commands.part import installation
from configuration.commands.smoke_visitor import TIMEOUT, Done, StepFailed, Visitor


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "smoke",
        epilog=examples(
            ("erp smoke", "the server of this installation, with the demo's sign-ins"),
            ("erp smoke https://erp.example.edu --sign-ins staff.txt", "another"),
        ),
    )(smoke)


def smoke(
    ctx: typer.Context,
    url: Annotated[str | None, typer.Argument(help="Address of the gateway; the settings say otherwise.")] = None,
    sign_ins: Annotated[
        Path | None, typer.Option(help="File with sign-ins of a registrar and a librarian, as `erp demo` writes it.")
    ] = None,
    wait: Annotated[float, typer.Option(min=0, max=600, help="Seconds to wait until the server is ready.")] = 0,
) -> None:
    """Let two students apply, borrow and bring back a book at a running university, and check each answer.

    It makes two students and one title, and afterwards closes the accounts and removes the title. Needs the sign-ins
    of a registrar and a librarian. Exit code 1 when an answer was not what it should be, 4 when nobody answers.
    """
    house = installation(ctx)
    # `erp serve` prints the address with the prefix; people paste it.
    given = (url or f"http://{house.settings.host}:{house.settings.port}").rstrip("/")
    base = given.removesuffix(house.settings.prefix)
    people = _people(sign_ins or house.settings.var / "demo-sign-ins.txt")
    notes: list[Done] = []
    visitor = Visitor(base, notes)
    failure: str | None = None
    try:
        _wait(base, house.settings.prefix, wait)
        smoke_story.walk(visitor, house.settings.prefix, people)
    except StepFailed as failed:
        failure = failed.detail
    except requests.RequestException as away:
        stop(f"{base} does not answer: {type(away).__name__}.", hint="erp serve; or give another address.", code=AWAY)
    shown = table("", "step", "status", "ms")
    for place, note in enumerate(notes, start=1):
        fine = failure is None or place < len(notes)
        mark = "[green]ok[/]" if fine else "[red]no[/]"
        shown.add_row(mark, note.step, str(note.status), f"{note.milliseconds:.0f}")
    out.print(shown)
    if failure:
        stop(failure, hint="The log of the server has the request's id.", code=FOUND_FAULTS)
    good(f"{len(notes)} steps at {base}")


def _people(path: Path) -> dict[str, DemoPerson]:
    """One person per role, from a file of sign-ins."""
    if not path.is_file():
        stop(f"There are no sign-ins at {path}.", hint="erp demo makes some, or give --sign-ins FILE.", code=2)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    people: dict[str, DemoPerson] = {}
    for person in map(DemoPerson.parse, lines):
        for role in person.roles:
            people.setdefault(role, person)
    for role in ("registrar", "librarian"):
        if role not in people:
            stop(f"{path} has no {role}.", code=2)
    return people


def _wait(base: str, prefix: str, seconds: float) -> None:
    """Give a server that is starting the time it was said to need."""
    until = time.monotonic() + seconds
    while True:
        try:
            if requests.get(f"{base}{prefix}/health/ready", timeout=TIMEOUT).status_code == 200:
                return
        except requests.RequestException:
            if time.monotonic() > until:
                raise
        if time.monotonic() > until:
            return
        time.sleep(0.2)
