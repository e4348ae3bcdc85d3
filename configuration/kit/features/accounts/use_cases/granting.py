"""Who holds which role: granted by somebody else, for a scope and a time, with a reason."""

from collections.abc import Iterable
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.accounts.domain import grant_dates_fit
from configuration.kit.features.accounts.errors import (
    AccountNotFound,
    GrantDates,
    GrantNotFound,
    NotYoursToManage,
    OwnAccount,
    RoleUnknown,
)
from configuration.kit.features.accounts.model import Grant, Roles
from configuration.kit.features.accounts.repository import accounts, grants
from configuration.kit.security.actor import UNIVERSITY, Actor


def must_manage_roles(config: Roles, roles: Iterable[str], by: Actor) -> None:
    """Refuse unless `by` may grant each of the roles."""
    for role in roles:
        granters = config.grantable.get(role)
        if granters is None:
            raise RoleUnknown(f"There is no role {role!r} here.", blockers=[_unknown(config)])
        if by.via != "command" and not by.has(*granters):
            raise NotYoursToManage(f"The role {role.replace('_', ' ')} is not yours to give or take.")


def must_manage(config: Roles, roles: Iterable[str], by: Actor) -> None:
    """Refuse unless `by` manages accounts here, and may decide about every role that the account holds."""
    if by.via != "command" and not by.has(*config.managers):
        raise NotYoursToManage()
    must_manage_roles(config, (role for role in roles if role in config.grantable), by)


def _unknown(config: Roles) -> Blocker:
    known = ", ".join(sorted(config.grantable))
    return Blocker(RoleUnknown.code, f"The roles here are {known}.", pointer="/role")


def grant_role(
    tx: Transaction,
    config: Roles,
    account_id: int,
    role: str,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    scope: str = UNIVERSITY,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Grant:
    """Grant a role to somebody else's account."""
    found = accounts.lock(tx, account_id)
    if found is None:
        raise AccountNotFound()
    if by.is_person(f"{config.service}:{found.person_no}"):
        raise OwnAccount("Nobody grants a role to themselves.")
    must_manage_roles(config, [role], by)
    start = valid_from or now
    if wrong := grant_dates_fit(role, start, valid_until, now):
        raise GrantDates(wrong, blockers=[Blocker(GrantDates.code, wrong, pointer="/valid_until")])
    made = grants.add(
        tx,
        account_id,
        role,
        scope=scope,
        valid_from=start,
        valid_until=valid_until,
        reason=reason,
        by=by.person,
        now=now,
    )
    accounts.touch(tx, account_id)
    facts = {"role": role, "scope": scope}
    audit.record(tx, "account.grant", f"account:{account_id}", by=by, now=now, facts=facts)
    return made


def end_grant(
    tx: Transaction, config: Roles, account_id: int, grant_id: int, *, reason: str, by: Actor, now: datetime
) -> Grant:
    """End a grant before its time. One's own may be given up."""
    owner = accounts.lock(tx, account_id)
    found = grants.find(tx, account_id, grant_id, now)
    if owner is None or found is None:
        raise GrantNotFound()
    if not by.is_person(f"{config.service}:{owner.person_no}"):
        must_manage_roles(config, [found.role], by)
    grants.end(tx, grant_id, reason=reason, by=by.person, now=now)
    accounts.touch(tx, account_id)
    facts = {"role": found.role, "scope": found.scope}
    audit.record(tx, "account.grant_end", f"account:{account_id}", by=by, now=now, facts=facts)
    return found


def grants_of(tx: Transaction, account_id: int, *, now: datetime) -> list[Grant]:
    """The grants of an account that have not ended."""
    if accounts.find(tx, account_id) is None:
        raise AccountNotFound()
    return grants.of(tx, account_id, now)
