"""The `erp` command: what is common to all services, and the place where each adds its part."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from loguru import logger
from typer.core import TyperGroup

from configuration.commands import (
    auditing,
    backing_up,
    beginning,
    demo,
    doctor,
    migrating,
    people,
    serving,
    smoke,
    tasks,
)
from configuration.commands.console import explained
from configuration.commands.part import Demo, Installation, ServicePart
from configuration.kit.clock import Clock, utc_now

__all__ = ["Demo", "Installation", "ServicePart", "compose", "serve_alone"]

HELP = """The University ERP at the command line.

A first time: [bold]erp migrate[/], [bold]erp demo[/] to look around (or [bold]erp init[/] for a real university), then
[bold]erp serve[/]. When something is wrong: [bold]erp doctor[/].

Exit codes: 0 done, 1 a check found something, 2 wrong usage or settings, 3 refused, 4 something needed is away.
"""


class _Explained(TyperGroup):
    """Commands whose expected failures end in a sentence and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with explained():
            return super().invoke(ctx)


def compose(parts: Sequence[ServicePart], *, clock: Clock = utc_now) -> typer.Typer:
    """The whole command line. Groups of the same name, from several services, become one."""
    app = typer.Typer(
        name="erp",
        help=HELP,
        cls=_Explained,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def prepare(
        ctx: typer.Context,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors from the log.")] = False,
    ) -> None:
        # Databases, keys, logs and backups hold what only their owner may read.
        os.umask(0o077)
        logger.remove()
        logger.add(_plain, level="ERROR" if quiet else "WARNING", format="{level}: {message}", diagnose=False)
        ctx.obj = Installation(parts, clock=clock)

    for module in (serving, beginning, migrating, demo, doctor, auditing, backing_up, smoke):
        module.register(app)
    app.add_typer(people.app, name="user")
    app.add_typer(tasks.app, name="task")
    for name in dict.fromkeys(name for part in parts for name in part.groups):
        group = typer.Typer(help=_help_of(name, parts), no_args_is_help=True)
        for part in parts:
            if name in part.groups:
                group.registered_commands.extend(part.groups[name].registered_commands)
        app.add_typer(group, name=name)
    return app


def serve_alone(part: ServicePart) -> None:
    """`python -m library_mgt --port 8101`: what `erp serve --service library --port 8101` does."""
    compose([part])(["serve", "--service", part.service, *sys.argv[1:]], prog_name=f"python -m {part.package}")


def _help_of(name: str, parts: Sequence[ServicePart]) -> str:
    return next(str(part.groups[name].info.help) for part in parts if name in part.groups)


def _plain(message: Any) -> None:
    typer.echo(str(message).rstrip("\n"), err=True)
