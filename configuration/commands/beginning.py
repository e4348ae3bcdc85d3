"""`erp init`: a new university's keys and first staff."""

import sys
from typing import Annotated

import typer

from configuration.commands.console import examples, good, say
from configuration.commands.part import Installation, installation
from configuration.commands.secrets_file import write_private
from configuration.kit.features.accounts.model import CodeIssued
from configuration.kit.features.accounts.use_cases import granting, registering, staffing
from configuration.kit.security.keys import KeyRing, make_key
from configuration.settings import SERVICES

FIRST = {"student": "registrar", "faculty": "dean", "library": "librarian"}
"""Whose account a new university needs first, in each service."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "init",
        epilog=examples(
            ("erp init", "asks for the names"),
            ("erp init --registrar amina --dean bruno --librarian chandra", "for scripts"),
        ),
    )(init)


def init(
    ctx: typer.Context,
    registrar: Annotated[str | None, typer.Option(help="User name of the first registrar.", show_default=False)] = None,
    dean: Annotated[str | None, typer.Option(help="User name of the first dean.", show_default=False)] = None,
    librarian: Annotated[str | None, typer.Option(help="User name of the first librarian.", show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask about what was left out.")] = False,
) -> None:
    """Make the signing keys, and invite the first registrar, dean and librarian.

    Each gets a one-time activation code, written to var/first-staff.txt for you alone to hand over; nobody but its
    owner ever sets a password. A service that has staff already is left as it is, so that it can be run again.
    """
    house = installation(ctx)
    for service in SERVICES:
        house.require_current(service)
        _keys(house, service)
    given: dict[str, str | None] = {"student": registrar, "faculty": dean, "library": librarian}
    codes: list[str] = []
    for name, user_name in given.items():
        if _has_staff(house, name):
            say(f"   {name}: has staff already")
            continue
        chosen = user_name or _asked(FIRST[name], yes=yes)
        if chosen:
            codes.append(_line(name, _invited(house, name, chosen)))
    if codes:
        path = house.settings.var / "first-staff.txt"
        write_private(path, ["Activation codes. Hand each to its owner, then delete this file.", "", *codes])
        good(f"{len(codes)} accounts wait for their owners; the activation codes are in {path}")
    else:
        good("Nothing was left to do.")


def _keys(house: Installation, service: str) -> None:
    """Make the first key; in production replace one that development made."""
    own = house.of(service)
    if not own.production:
        make_key(own.keys_dir, house.clock(), development=True, only_first=True)
        return
    make_key(own.keys_dir, house.clock(), only_first=True)
    ring = KeyRing(own.service, own.keys_dir, house.clock())
    if ring.signing.development:
        ring.rotate(house.clock())
        good(f"{service}: the development key is retired, a new one signs")


def _has_staff(house: Installation, service: str) -> bool:
    managers = house.parts[service].accounts.managers
    with house.database(service) as database:
        after = 0
        while accounts := database.read_sync(staffing.list_accounts, state=None, after=after, limit=200):
            for account in accounts:
                grants = database.read_sync(granting.grants_of, account.id, now=house.clock())
                if managers & {grant.role for grant in grants}:
                    return True
            after = accounts[-1].id
    return False


def _asked(role: str, *, yes: bool) -> str | None:
    if yes or not sys.stdin.isatty():
        return None
    question = f"User name of the first {role} (empty: later)"
    answer: str = typer.prompt(question, default="", show_default=False, err=True)
    return answer.strip() or None


def _invited(house: Installation, service: str, user_name: str) -> CodeIssued:
    part = house.parts[service]
    with house.database(service) as database:
        return database.write_sync(
            registering.create_first_staff,
            part.accounts,
            user_name=user_name,
            roles=[FIRST[service]],
            by=house.operator,
            now=house.clock(),
            given_name=user_name,
        )


def _line(service: str, issued: CodeIssued) -> str:
    return f"{service:8} {issued.account.user_name:20} {issued.code}   until {issued.expires_at:%Y-%m-%d %H:%M} UTC"
