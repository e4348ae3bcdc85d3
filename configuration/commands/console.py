"""What a person at the command line sees: short lines, one colour per meaning, and errors that say how to go on.

Exit codes: 0 done; 1 something checked is not as it should be; 2 wrong usage; 3 refused by a rule or the present state;
4 something needed (database, server, disk) is away; 130 interrupted.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.exc import OperationalError

from configuration.commands.part import NotMigrated
from configuration.kit.database import SecondServer, UnitFailed, UnsafeSqlite
from configuration.kit.errors import Refusal, Unavailable
from configuration.sources import SettingsFault

FOUND_FAULTS, REFUSED, AWAY, INTERRUPTED = 1, 3, 4, 130

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of what was done."""
    out.print(text, markup=False)


def good(text: str) -> None:
    """A line of success."""
    out.print("[green]ok[/]", end=" ")
    out.print(text, markup=False)


def stop(text: str, *, hint: str | None = None, code: int = REFUSED) -> NoReturn:
    """End the command with what is wrong and what to do about it."""
    err.print("[bold red]Stopped.[/]", end=" ")
    err.print(text, markup=False)
    if hint:
        err.print("[bold]What to do:[/]", end=" ")
        err.print(hint, markup=False)
    raise typer.Exit(code)


def examples(*lines: tuple[str, str]) -> str:
    """Command lines with what they do, for the end of a command's help."""
    widest = max(len(command) for command, _ in lines)
    shown = (f"[cyan]{command:{widest}}[/]  [dim]{does}[/]" for command, does in lines)
    return "[bold]Examples[/]\n\n" + "\n\n".join(shown)


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table."""
    made = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column)
    return made


def progress() -> Progress:
    """A progress bar on the error stream, so that the output stays clean for other programs."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=not sys.stderr.isatty(),
        disable=not sys.stderr.isatty(),
    )


def confirm(question: str, *, yes: bool) -> None:
    """Go on only with the person's consent; without a terminal only with `--yes`."""
    if yes:
        return
    if not sys.stdin.isatty():
        stop("This needs your consent, and there is nobody to ask.", hint="Add --yes.", code=2)
    if not typer.confirm(question, err=True):
        stop("Nothing was changed.")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can be expected to go wrong into a sentence and an exit code."""
    try:
        yield
    except SettingsFault as fault:
        stop(str(fault), hint="Mend the settings (.env, or the environment), then: erp doctor", code=2)
    except (NotMigrated, FileNotFoundError) as fault:
        stop(str(fault), hint="erp migrate")
    except Unavailable as away:
        stop(away.detail, hint="Is the database up, and not locked by somebody? erp doctor", code=AWAY)
    except Refusal as refusal:
        reasons = "; ".join(blocker.detail for blocker in refusal.blockers if blocker.detail != refusal.detail)
        stop(f"{refusal.detail}{f' ({reasons})' if reasons else ''}")
    except (SecondServer, UnsafeSqlite) as fault:
        stop(str(fault))
    except UnitFailed as fault:
        stop(f"The database did not take the work: {fault}", hint="erp doctor", code=AWAY)
    except (psycopg.OperationalError, OperationalError) as away:
        stop(f"The database does not answer: {str(away).strip().splitlines()[0]}", hint="erp doctor", code=AWAY)
    except KeyboardInterrupt:
        err.print("Interrupted.")
        raise typer.Exit(INTERRUPTED) from None


def run(app: Callable[[], None]) -> None:
    """Run a command line with its errors explained."""
    try:
        with explained():
            app()
    except typer.Exit as leave:
        sys.exit(leave.exit_code)
