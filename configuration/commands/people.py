"""`erp user`: accounts, where no desk and no page is at hand."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from configuration.commands.console import examples, good, out, say, stop, table
from configuration.commands.part import Installation, installation
from configuration.commands.secrets_file import random_password, write_private
from configuration.commands.serving import chosen
from configuration.kit.database import Database, Transaction
from configuration.kit.features.accounts.domain import Act
from configuration.kit.features.accounts.model import Account, CodeIssued, Roles
from configuration.kit.features.accounts.repository import accounts
from configuration.kit.features.accounts.use_cases import granting, passwords, registering, staffing
from configuration.kit.security.actor import Actor
from configuration.kit.security.hashing import shared_hasher

app = typer.Typer(help="Accounts: add, invite, reset, disable, enable, grant, list.", no_args_is_help=True)

Service = Annotated[str, typer.Option("--service", "-s", help="student, faculty or library.")]
Role = Annotated[list[str], typer.Option("--role", "-r", help="A role of that service; may be repeated.")]
UserName = Annotated[str, typer.Argument(metavar="USER")]
Given = Annotated[str, typer.Option(help="Given name.")]
Family = Annotated[str, typer.Option(help="Family name.")]
Number = Annotated[int | None, typer.Option(help="The university's number of the person; otherwise the next free one.")]
Email = Annotated[str | None, typer.Option(help="Where reset codes are mailed.")]
Reason = Annotated[str, typer.Option(help="Why; it stands in the record of acts.")]


@app.command(epilog=examples(("erp user add amina --service student --role registrar --given Amina", "works at once")))
def add(
    ctx: typer.Context,
    user: UserName,
    service: Service,
    role: Role,
    given: Given = "",
    family: Family = "",
    number: Number = None,
    email: Email = None,
) -> None:
    """Make an account that works at once, with a random password in a file for you alone."""
    house = installation(ctx)
    password = random_password()
    hashed = shared_hasher().hash_now(password)
    with house.database(chosen(service)[0]) as database:
        made = database.write_sync(
            _registered,
            house.parts[service].accounts,
            user_name=user,
            roles=role,
            by=house.operator,
            now=house.clock(),
            person_no=number,
            given_name=given or user,
            family_name=family,
            email=email,
            password_hash=hashed,
        )
    path = write_private(_file(house, service, made), [f"{service} {made.user_name} {password}"])
    good(f"{service}:{made.person_no} {made.user_name} ({', '.join(role)}); the password is in {path}")


@app.command(epilog=examples(("erp user invite chandra --service library --role librarian", "activated by its owner")))
def invite(
    ctx: typer.Context,
    user: UserName,
    service: Service,
    role: Role,
    given: Given = "",
    family: Family = "",
    number: Number = None,
    email: Email = None,
) -> None:
    """Make an account that its owner activates with a one-time code; nobody else ever sets its password."""
    house = installation(ctx)
    with house.database(chosen(service)[0]) as database:
        issued = database.write_sync(
            registering.invite,
            house.parts[service].accounts,
            user_name=user,
            roles=role,
            by=house.operator,
            now=house.clock(),
            person_no=number,
            given_name=given or user,
            family_name=family,
            email=email,
        )
    _hand_over(house, service, issued)


@app.command()
def reset(ctx: typer.Context, user: UserName, service: Service) -> None:
    """Write a one-time code into a file, with which the owner sets a new password, after you have seen an ID."""
    house = installation(ctx)
    with house.database(chosen(service)[0]) as database:
        found = _found(database, user)
        use_case = registering.invite_again if found.state == "invited" else passwords.print_reset
        issued = database.write_sync(
            use_case, house.parts[service].accounts, found.id, by=house.operator, now=house.clock()
        )
    _hand_over(house, service, issued)


@app.command()
def disable(ctx: typer.Context, user: UserName, service: Service, reason: Reason = "by the command line") -> None:
    """Close an account; whoever is signed in with it is signed out at once."""
    _change(ctx, service, user, "disable", reason)


@app.command()
def enable(ctx: typer.Context, user: UserName, service: Service, reason: Reason = "by the command line") -> None:
    """Open a closed or locked account again."""
    _change(ctx, service, user, "enable", reason)


@app.command(epilog=examples(("erp user grant bruno auditor --service faculty --until 2026-12-31", "until a day")))
def grant(
    ctx: typer.Context,
    user: UserName,
    role: Annotated[str, typer.Argument()],
    service: Service,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; auditors need one.")] = None,
    reason: Reason = "by the command line",
) -> None:
    """Grant a role."""
    house = installation(ctx)
    with house.database(chosen(service)[0]) as database:
        found = _found(database, user)
        made = database.write_sync(
            granting.grant_role,
            house.parts[service].accounts,
            found.id,
            role,
            reason=reason,
            by=house.operator,
            now=house.clock(),
            valid_until=until.replace(tzinfo=UTC) if until else None,
        )
    good(f"{found.user_name} is {made.role}{f' until {made.valid_until:%Y-%m-%d}' if made.valid_until else ''}.")


@app.command("list")
def list_accounts(
    ctx: typer.Context,
    service: Annotated[str | None, typer.Option("--service", "-s", help="Only this service.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many of each service.")] = 50,
) -> None:
    """List accounts with their roles and states."""
    house = installation(ctx)
    shown = table("person", "user", "name", "state", "roles")
    for name in chosen(service):
        with house.database(name) as database:
            for account in database.read_sync(staffing.list_accounts, state=None, after=0, limit=limit):
                grants = database.read_sync(granting.grants_of, account.id, now=house.clock())
                roles = ", ".join(sorted(grant.role for grant in grants))
                person = f"{name}:{account.person_no}"
                shown.add_row(person, account.user_name, account.display_name, account.state, roles)
    out.print(shown)


def _registered(tx: Transaction, config: Roles, /, *, by: Actor, now: datetime, **who: Any) -> Account:
    granting.must_manage_roles(config, who["roles"], by)
    return registering.register(tx, config, by=by, now=now, **who)


def _change(ctx: typer.Context, service: str, user: str, act: Act, reason: str) -> None:
    house = installation(ctx)
    with house.database(chosen(service)[0]) as database:
        found = _found(database, user)
        changed = database.write_sync(
            staffing.change_state,
            house.parts[service].accounts,
            found.id,
            act,
            reason=reason,
            by=house.operator,
            now=house.clock(),
        )
    good(f"{changed.user_name} is {changed.state}.")


def _found(database: Database, user: str) -> Account:
    found = database.read_sync(accounts.by_user_name, user)
    if found is None:
        stop(f"There is no account {user!r} here.", hint="erp user list")
    return found


def _file(house: Installation, service: str, account: Account) -> Path:
    return house.settings.var / "handover" / f"{service}-{account.person_no}.txt"


def _hand_over(house: Installation, service: str, issued: CodeIssued) -> None:
    account = issued.account
    until = f"until {issued.expires_at:%Y-%m-%d %H:%M} UTC"
    path = write_private(_file(house, service, account), [f"{service} {account.user_name} {issued.code} {until}"])
    good(f"{service}:{account.person_no} {account.user_name} ({account.state})")
    say(f"   the one-time code, good {until}, is in {path}")
