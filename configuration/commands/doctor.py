"""`erp doctor`: one line for everything an installation needs, each fine or with what to do about it."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import psycopg
import typer
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from configuration import migrate
from configuration.commands.console import FOUND_FAULTS, out
from configuration.commands.part import Installation, installation
from configuration.commands.serving import already_served, is_free
from configuration.commands.tasks import outcome, tasks_of
from configuration.kit.database.sqlite import UNSAFE_FROM, UNSAFE_TO, driver
from configuration.kit.features import jobs
from configuration.kit.security.keys import key_faults
from configuration.settings import ROOT, SERVICES, Settings
from configuration.sources import SettingsFault

State = Literal["ok", "note", "fault"]
SHOWN = {"ok": "[green]ok   [/]", "note": "[yellow]note [/]", "fault": "[red]fault[/]"}
LATE = timedelta(hours=1)
"""How long a task may be due before somebody should wonder."""
SPARE_BYTES = 1_000_000_000
OLD_BACKUP_DAYS = 2


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    state: State
    what: str
    advice: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(ctx: typer.Context) -> None:
    """Look at everything this installation needs, and say what to do about what is wrong.

    Changes nothing and may run beside a server. Exit code 1 when there is a fault; notes are no faults.
    """
    faults = 0
    for finding in examine(installation(ctx)):
        faults += finding.state == "fault"
        out.print(SHOWN[finding.state], end=" ")
        out.print(finding.what, markup=False)
        if finding.advice:
            out.print(f"      {finding.advice}", markup=False)
    if faults:
        raise typer.Exit(FOUND_FAULTS)


def examine(house: Installation) -> Iterator[Finding]:
    """Everything that is found, the cheap and the basic first."""
    yield _python()
    yield _sqlite()
    try:
        settings = house.settings
    except SettingsFault as fault:
        for line in fault.faults:
            yield Finding("fault", f"settings: {line}", "Mend it in .env or in the environment.")
        return
    yield Finding("ok", f"settings: {settings.environment}, prefix {settings.prefix}, zone {settings.zone}")
    yield from _folder(settings)
    yield from _private_files(settings)
    for service in SERVICES:
        yield from _keys(house, service)
    for service in SERVICES:
        yield from _guarded(house, service)
    yield from _connections(settings)
    yield from _ports(settings)
    yield _backup(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("ok", f"Python {version}")


def _sqlite() -> Finding:
    version = driver.sqlite_version
    if UNSAFE_FROM <= driver.sqlite_version_info <= UNSAFE_TO:
        return Finding("fault", f"SQLite {version} can corrupt its write-ahead log", "Install the package pysqlite3.")
    return Finding("ok", f"SQLite {version}")


def _folder(settings: Settings) -> Iterator[Finding]:
    var = settings.var
    there = next(folder for folder in (var, *var.parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding("fault", f"{there} cannot be written to", f"Give this user the right to, or set ERP_VAR ({var}).")
        return
    free = shutil.disk_usage(there).free
    state: State = "ok" if free > SPARE_BYTES else "fault"
    advice = "" if state == "ok" else "Make room: writes will fail."
    yield Finding(state, f"disk: {free / 1e9:.1f} GB free for {var}", advice)


def _private_files(settings: Settings) -> Iterator[Finding]:
    candidates = [ROOT / ".env", settings.var / "demo-sign-ins.txt", settings.var / "first-staff.txt"]
    candidates += [Path(make_url(own.database).database or "") for own in settings.services if _is_file(own.database)]
    candidates += [*(settings.var / "backups").glob("*.tar"), *(settings.var / "handover").glob("*.txt")]
    open_to_all = [path for path in candidates if path.exists() and path.stat().st_mode & 0o077]
    for path in open_to_all:
        yield Finding("fault", f"{path} can be read by others", f"chmod 600 {path}")
    waiting = [path for path in candidates if path.name == "first-staff.txt" and path.exists()]
    for path in waiting:
        yield Finding("note", f"{path} still holds activation codes", "Hand them over and delete it.")
    if not open_to_all:
        yield Finding("ok", "files with secrets are readable by their owner alone")


def _is_file(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _keys(house: Installation, service: str) -> Iterator[Finding]:
    own = house.of(service)
    faults = key_faults(own.service, own.keys_dir)
    if own.production:
        for fault in faults:
            yield Finding("fault", f"keys: {fault}", "erp init")
        if faults:
            return
    readable = [path for path in own.keys_dir.glob("*.jwk") if path.stat().st_mode & 0o077]
    for path in readable:
        yield Finding("fault", f"keys: {path} can be read by others", f"chmod 600 {path}")
    if not readable:
        made = "made" if any(own.keys_dir.glob("*.jwk")) else "made at the first start"
        yield Finding("ok", f"keys of {service}: {made}")


def _guarded(house: Installation, service: str) -> Iterator[Finding]:
    """A database that cannot be looked at is a finding, not the end of the examination."""
    try:
        yield from _database(house, service)
    except (psycopg.Error, driver.Error, SQLAlchemyError, OSError, RuntimeError) as fault:
        reason = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
        advice = f"Look at ERP_{service.upper()}_DATABASE and at its server."
        yield Finding("fault", f"database of {service}: {reason}", advice)


def _database(house: Installation, service: str) -> Iterator[Finding]:
    package, url = house.parts[service].package, house.of(service).database
    shown = make_url(url).render_as_string(hide_password=True)
    present, newest = migrate.current(package, url), migrate.head(package)
    if present is None:
        yield Finding("fault", f"database of {service}: not made yet ({shown})", "erp migrate")
        return
    if present != newest:
        yield Finding("fault", f"database of {service}: at revision {present}, the newest is {newest}", "erp migrate")
        return
    served = already_served(url)
    yield Finding("ok", f"database of {service}: {shown}, revision {present}{', a server uses it' if served else ''}")
    yield from _tasks(house, service)


def _tasks(house: Installation, service: str) -> Iterator[Finding]:
    """Work that is done by itself, or should be."""
    known = {task.name for task in tasks_of(house, service)}
    if not known:
        return
    with house.database(service) as database:
        rows = [row for row in database.read_sync(jobs.tasks_listed) if row.name in known]
    failing = [row for row in rows if row.failures]
    late = [row.name for row in rows if row.next_at < house.clock() - LATE and row.begun_at is None]
    for row in failing:
        yield Finding("fault", f"task {row.name} of {service} {outcome(row)}", "The log says more: var/logs/info.log")
    if late:
        yield Finding("note", f"tasks of {service} that wait for a server: {', '.join(late)}", "erp serve")
    elif not failing:
        yield Finding("ok", f"tasks of {service}: {len(rows) or 'none'} have their times")


def _connections(settings: Settings) -> Iterator[Finding]:
    """How many connections all processes together may hold, beside what each PostgreSQL server allows."""
    servers: dict[str, list[str]] = {}
    for own in settings.services:
        url = make_url(own.database)
        if url.get_backend_name() == "postgresql":
            servers.setdefault(f"{url.host}:{url.port or 5432}", []).append(own.database)
    for server, urls in servers.items():
        wanted = len(urls) * settings.workers * (settings.pool_writers + settings.pool_readers)
        try:
            plain = make_url(urls[0]).set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(plain, connect_timeout=3) as connection:
                row = connection.execute("SHOW max_connections").fetchone()
        except psycopg.Error:
            continue
        allowed = int(row[0]) if row else 0
        state: State = "ok" if wanted + 5 <= allowed else "fault"
        advice = "" if state == "ok" else "Lower ERP_WORKERS or the pools, or raise max_connections."
        yield Finding(state, f"PostgreSQL {server}: {wanted} connections at most, {allowed} allowed", advice)


def _ports(settings: Settings) -> Iterator[Finding]:
    if is_free(settings.host, settings.port):
        yield Finding("ok", f"port {settings.port} is free")
    elif any(already_served(own.database) for own in settings.services):
        yield Finding("ok", f"port {settings.port}: the university answers there")
    else:
        yield Finding("note", f"port {settings.port} is taken", "Stop what has it, unless it is ours, or set ERP_PORT.")


def _backup(settings: Settings) -> Finding:
    made = sorted((settings.var / "backups").glob("backup-*.tar"), key=lambda path: path.stat().st_mtime)
    if not made:
        return Finding("note", "no backup has been made yet", "erp backup")
    age = datetime.now(UTC) - datetime.fromtimestamp(made[-1].stat().st_mtime, UTC)
    if age.days >= OLD_BACKUP_DAYS:
        return Finding("note", f"the last backup is {age.days} days old", "erp backup")
    return Finding("ok", f"last backup: {made[-1].name}")
