"""Changing a password, and setting one with a one-time code. Hashing happens outside; here it is looked at again."""

import hmac
from datetime import datetime, timedelta

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.features.accounts.domain import MOST_CODE_TRIES, Purpose, clean_code
from configuration.kit.features.accounts.errors import AccountNotFound, OwnAccount, StateUnfit
from configuration.kit.features.accounts.model import Account, Attempt, CodeIssued, CodeUse, Roles
from configuration.kit.features.accounts.repository import accounts, codes, grants, sign_ins, throttle
from configuration.kit.features.accounts.use_cases.granting import must_manage
from configuration.kit.features.accounts.use_cases.registering import issue_code
from configuration.kit.features.accounts.use_cases.signing_in import count_try
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.standing import digest

MAIL_AGAIN = timedelta(minutes=1)


def begin_change(
    tx: Transaction, account_id: int, address: str, *, campus: tuple[str, ...], now: datetime
) -> tuple[Account, Attempt]:
    """Count a try to name the present password, and read what it must match."""
    found = accounts.find(tx, account_id)
    if found is None:
        raise AccountNotFound()
    attempt = count_try(tx, "change", found.user_name, address, campus=campus, now=now)
    known = accounts.password_of(tx, account_id)
    return found, Attempt(attempt.pair, account_id, found.user_name, attempt.free_at, known)


def finish_change(tx: Transaction, attempt: Attempt, password_hash: str, *, by: Actor, now: datetime) -> bool:
    """Set the new password unless somebody else just did; all other sign-ins end."""
    assert attempt.account_id is not None
    found = accounts.lock(tx, attempt.account_id)
    if found is None or found.state != "active" or accounts.password_of(tx, found.id) != attempt.known:
        return False
    throttle.clear(tx, attempt.pair)
    accounts.set_password(tx, found.id, password_hash, now)
    sign_ins.end_all(tx, found.id, but=by.family_id or 0, reason="password changed", now=now)
    codes.end(tx, found.id, "reset", how="superseded", now=now)
    audit.record(tx, "account.password_change", f"account:{found.id}", by=by, now=now)
    return True


def ask_reset(tx: Transaction, service: Service, user_name: str, *, now: datetime) -> CodeIssued | None:
    """A reset code to be mailed to the owner; `None` where there is nobody to mail, or one was mailed just now.

    Anybody may ask for it, so it never takes the place of a code that staff have just handed over.
    """
    found = accounts.by_user_name(tx, user_name)
    if found is None or found.state != "active" or not found.email:
        return None
    earlier = codes.lock_live(tx, found.id, "reset", now)
    owner = Actor(f"{service}:{found.person_no}", service, found.display_name, account_id=found.id)
    if earlier is not None and (earlier.issued_by != owner.person or now - earlier.issued_at < MAIL_AGAIN):
        return None
    return issue_code(tx, found, "reset", by=owner, now=now)


def print_reset(tx: Transaction, config: Roles, account_id: int, *, by: Actor, now: datetime) -> CodeIssued:
    """A reset code to be handed over at a desk, after seeing an ID."""
    found = accounts.lock(tx, account_id)
    if found is None:
        raise AccountNotFound()
    if by.is_person(f"{config.service}:{found.person_no}"):
        raise OwnAccount("Your own password is changed on your account's page.")
    must_manage(config, [grant.role for grant in grants.of(tx, account_id, now)], by)
    if found.state != "active":
        raise StateUnfit(f"The account is {found.state}.")
    return issue_code(tx, found, "reset", by=by, now=now)


def begin_code(
    tx: Transaction, purpose: Purpose, user_name: str, address: str, *, campus: tuple[str, ...], now: datetime
) -> Attempt:
    """Count a try to use a code."""
    return count_try(tx, purpose, user_name, address, campus=campus, now=now)


def finish_code(tx: Transaction, service: Service, use: CodeUse, *, now: datetime) -> Account | None:
    """Set the password if the code is right; `None` and a counted try if not, for unknown names as well."""
    purpose = use.purpose
    found = accounts.by_user_name(tx, use.user_name)
    held = codes.lock_live(tx, found.id if found else 0, purpose, now)
    right = held is not None and hmac.compare_digest(held.code_hash, digest(clean_code(use.code)))
    fit = found is not None and found.state == ("invited" if purpose == "activation" else "active")
    if found is None or held is None or not right or not fit:
        if held is not None:
            codes.count_try(tx, held.id)
            if held.tries + 1 >= MOST_CODE_TRIES:
                codes.end(tx, held.account_id, purpose, how="exhausted", now=now)
        return None
    throttle.clear(tx, use.pair)
    codes.end(tx, found.id, purpose, how="used", now=now)
    accounts.set_password(tx, found.id, use.password_hash, now)
    owner = Actor(f"{service}:{found.person_no}", service, found.display_name, {}, account_id=found.id)
    if purpose == "activation":
        accounts.set_state(tx, found.id, "active", by=owner.person, reason="activated", now=now)
    sign_ins.end_all(tx, found.id, reason="password reset", now=now)
    action = "account.activate" if purpose == "activation" else "account.password_reset"
    audit.record(tx, action, f"account:{found.id}", by=owner, now=now)
    return found
