"""Making accounts, with the persons they are of."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Unpack

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.features.accounts.domain import (
    ACTIVATION_LIFE,
    CODE_ALPHABET,
    RESET_LIFE,
    Purpose,
    State,
    display_name,
)
from configuration.kit.features.accounts.errors import (
    AccountNotFound,
    NumberTaken,
    OwnAccount,
    PersonExists,
    StateUnfit,
    UserNameTaken,
)
from configuration.kit.features.accounts.model import Account, CodeIssued, Newcomer, Registration, Roles
from configuration.kit.features.accounts.repository import accounts, codes, grants
from configuration.kit.features.accounts.use_cases.granting import must_manage, must_manage_roles
from configuration.kit.security.actor import UNIVERSITY, Actor

ACTIVATION_LETTERS = 16
RESET_LETTERS = 10


def new_code(letters: int) -> str:
    """A random code that can be read from paper: five bits a letter, nothing that looks like something else."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(letters))


def create_account(
    tx: Transaction,
    *,
    user_name: str,
    person_no: int,
    display_name: str,
    password_hash: str | None,
    roles: Iterable[str],
    state: State = "active",
    by: Actor,
    now: datetime,
    email: str | None = None,
    external_id: str | None = None,
) -> Account:
    """An account of a person who is on record, with its first grants. `password_hash` is `None` for one invited."""
    if accounts.by_user_name(tx, user_name) is not None:
        raise UserNameTaken()
    if accounts.by_number(tx, person_no) is not None:
        raise NumberTaken()
    accounts.skip_to_number(tx, person_no)
    made = accounts.add(
        tx,
        person_no=person_no,
        user_name=user_name,
        name=display_name,
        email=email,
        external_id=external_id,
        state=state,
        by=by.person,
        now=now,
    )
    if password_hash is not None:
        accounts.set_password(tx, made.id, password_hash, now)
    given = sorted(set(roles))
    for role in given:
        grants.add(
            tx,
            made.id,
            role,
            scope=UNIVERSITY,
            valid_from=now,
            valid_until=None,
            reason="account created",
            by=by.person,
            now=now,
        )
    audit.record(tx, "account.create", f"account:{made.id}", by=by, now=now, facts={"state": state, "roles": given})
    return made


def register(
    tx: Transaction,
    config: Roles,
    *,
    by: Actor,
    now: datetime,
    state: State = "active",
    **who: Unpack[Registration],
) -> Account:
    """A person, and their account."""
    number, given_roles = who.get("person_no"), tuple(dict.fromkeys(who["roles"]))
    if number is not None and not who.get("attach") and config.people.find(tx, number) is not None:
        raise PersonExists(f"Number {number} belongs to a person on record; say that the account is theirs.")
    given, middle, family = who.get("given_name", ""), who.get("middle_name", ""), who.get("family_name", "")
    newcomer = Newcomer(
        number=number if number is not None else _free_number(tx, config),
        given_name=given,
        middle_name=middle,
        family_name=family,
        display_name=display_name(given, middle, family, who["user_name"]),
        email=who.get("email"),
        external_id=who.get("external_id"),
        roles=given_roles,
        details=who.get("details", {}),
    )
    person = config.people.admit(tx, newcomer, by=by, now=now)
    return create_account(
        tx,
        user_name=who["user_name"],
        person_no=person.number,
        display_name=person.display_name,
        password_hash=who.get("password_hash"),
        roles=given_roles,
        state=state,
        by=by,
        now=now,
        email=newcomer.email,
        external_id=newcomer.external_id,
    )


def _free_number(tx: Transaction, config: Roles) -> int:
    """The next number that is nobody's: people may be on record without an account."""
    number = accounts.take_number(tx)
    while config.people.find(tx, number) is not None:
        number = accounts.take_number(tx)
    return number


def invite(tx: Transaction, config: Roles, *, by: Actor, now: datetime, **who: Unpack[Registration]) -> CodeIssued:
    """An account that its owner activates with a code, for instance on paper. Nobody else ever sets its password."""
    must_manage(config, (), by)
    must_manage_roles(config, who["roles"], by)
    made = register(tx, config, by=by, now=now, state="invited", **who)
    return issue_code(tx, made, "activation", by=by, now=now)


create_first_staff = invite
"""The first accounts of a new university come to be in the same way, from its command line."""


def invite_again(tx: Transaction, config: Roles, account_id: int, *, by: Actor, now: datetime) -> CodeIssued:
    """A new activation code; the earlier one is void."""
    found = accounts.lock(tx, account_id)
    if found is None:
        raise AccountNotFound()
    if found.state != "invited":
        raise StateUnfit("The account is activated already.")
    if by.is_person(f"{config.service}:{found.person_no}"):
        raise OwnAccount()
    must_manage(config, [grant.role for grant in grants.of(tx, account_id, now)], by)
    return issue_code(tx, found, "activation", by=by, now=now)


def issue_code(tx: Transaction, of: Account, purpose: Purpose, *, by: Actor, now: datetime) -> CodeIssued:
    """A one-time code for an account; it takes the place of an earlier one."""
    code = new_code(ACTIVATION_LETTERS if purpose == "activation" else RESET_LETTERS)
    expires = now + (ACTIVATION_LIFE if purpose == "activation" else RESET_LIFE)
    codes.add(tx, of.id, purpose, code, expires_at=expires, by=by.person, now=now)
    audit.record(tx, f"account.{purpose}_code", f"account:{of.id}", by=by, now=now)
    return CodeIssued(of, expires, code)
