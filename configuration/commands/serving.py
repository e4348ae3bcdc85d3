"""`erp serve`: the whole university, or one service alone."""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from configuration.commands.console import AWAY, REFUSED, examples, good, say, stop
from configuration.commands.part import Installation, installation
from configuration.kit.database import SecondServer
from configuration.kit.database.sqlite import ServerLock
from configuration.server import serve as serve_target
from configuration.settings import SERVICES, Settings, load_settings
from configuration.sources import variable

Service = Annotated[
    str | None, typer.Option("--service", "-s", help="Only this one: student, faculty or library.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "serve",
        epilog=examples(
            ("erp serve", "all three services behind the gateway, port 8000"),
            ("erp serve --service library", "one service alone, port 8001"),
            ("erp serve --workers 4", "on PostgreSQL"),
        ),
    )(serve)


def serve(
    ctx: typer.Context,
    service: Service = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; the settings say otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; the settings say otherwise.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; more than one needs PostgreSQL.")] = None,
) -> None:
    """Serve the university until told to stop (Ctrl-C, or SIGTERM lets requests under way finish)."""
    house = installation(ctx)
    if workers is not None:
        os.environ[variable("workers")] = str(workers)  # Each of them reads the settings for itself.
    settings = load_settings(serving=True, alone=service)
    chosen(service)
    local = [own.service for own in settings.services if service == own.service or (not service and own.url == "local")]
    for name in local:
        house.require_current(name)
        if served := already_served(house.of(name).database):
            stop(served)
    at = host or settings.host
    on = port or (settings.of(service).port if service else settings.port)
    if not is_free(at, on):
        stop(f"Port {on} is taken by another program.", hint=f"Stop it, or: erp serve --port {on + 1}", code=AWAY)
    _greet(settings, at, on, service)
    target = f"main:{service}_app" if service else "main:app"
    try:
        serve_target(target, settings, port=on, host=at)
    except SystemExit as ended:
        if ended.code:
            log = settings.var / "logs" / "info.log"
            stop("The server could not start.", hint=f"Read the end of {log}", code=REFUSED)


def chosen(service: str | None) -> Sequence[str]:
    """The services a command is about: the one that was named, or all."""
    if service is None:
        return SERVICES
    if service not in SERVICES:
        stop(f"There is no service {service!r}.", hint=f"One of: {', '.join(SERVICES)}.", code=2)
    return [service]


@contextmanager
def no_server(house: Installation, services: Sequence[str]) -> Iterator[None]:
    """Keep servers off the SQLite files for as long as this lasts. Raises `SecondServer` where one runs already."""
    with ExitStack() as stack:
        for name in services:
            parsed = make_url(house.of(name).database)
            if parsed.get_backend_name() == "sqlite" and parsed.database and Path(parsed.database).parent.exists():
                stack.callback(ServerLock(Path(parsed.database)).release)
        yield


def already_served(url: str) -> str | None:
    """A sentence when another server has this SQLite file; nothing for PostgreSQL, which may have many."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or not Path(parsed.database).exists():
        return None
    try:
        ServerLock(Path(parsed.database)).release()
    except SecondServer as found:
        return str(found)
    return None


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    try:
        socket.create_server((host, port)).close()
    except OSError:
        return False
    return True


def _greet(settings: Settings, host: str, port: int, service: str | None) -> None:
    shown = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared, not bound
    path = f"{settings.prefix}/{service}/index" if service else f"{settings.prefix}/"
    good(f"{settings.university}: {settings.public_url or shown}{path}")
    if settings.public_url:
        say(f"   listening at {shown}")
    sign_ins = settings.var / "demo-sign-ins.txt"
    if sign_ins.exists():
        say(f"   demo sign-ins: {sign_ins}")
    say(f"   log: {settings.var / 'logs' / 'info.log'}   stop: Ctrl-C")
