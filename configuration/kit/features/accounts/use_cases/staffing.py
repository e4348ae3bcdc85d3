"""Acts of staff on somebody else's account, and what its owner sees and ends."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.features.accounts.domain import AFTER, Act, State
from configuration.kit.features.accounts.errors import AccountNotFound, OwnAccount, SessionNotFound, StateUnfit
from configuration.kit.features.accounts.model import Account, Application, Roles, SignIn
from configuration.kit.features.accounts.repository import accounts, applications, codes, grants, sign_ins
from configuration.kit.features.accounts.use_cases.granting import must_manage
from configuration.kit.security.actor import Actor

FROM_THE_TOP = 2**62


def change_state(
    tx: Transaction, config: Roles, account_id: int, act: Act, *, reason: str, by: Actor, now: datetime
) -> Account:
    """Disable, lock or enable somebody else's account. Whoever is signed in with it is signed out at once."""
    found = accounts.lock(tx, account_id)
    if found is None:
        raise AccountNotFound()
    if by.is_person(f"{config.service}:{found.person_no}"):
        raise OwnAccount()
    must_manage(config, [grant.role for grant in grants.of(tx, account_id, now)], by)
    starts, state = AFTER[act]
    if found.state not in starts:
        raise StateUnfit(f"The account is {found.state}.", state=found.state)
    if act == "enable" and accounts.password_of(tx, account_id) is None:
        state = "invited"
    accounts.set_state(tx, account_id, state, by=by.person, reason=reason, now=now)
    if state != "active":
        sign_ins.end_all(tx, account_id, reason=f"account {state}", now=now)
        codes.end(tx, account_id, "reset", how="superseded", now=now)
    audit.record(tx, f"account.{act}", f"account:{account_id}", by=by, now=now)
    changed = accounts.find(tx, account_id)
    assert changed is not None
    return changed


def account(tx: Transaction, account_id: int) -> Account:
    """An account."""
    found = accounts.find(tx, account_id)
    if found is None:
        raise AccountNotFound()
    return found


def has_account(tx: Transaction, person_no: int) -> bool:
    """Whether the person with this number has an account, in whatever state."""
    return accounts.by_number(tx, person_no) is not None


def has_active_account(tx: Transaction, person_no: int) -> bool:
    """Whether the person with this number has an account that may be used."""
    found = accounts.by_number(tx, person_no)
    return found is not None and found.state == "active"


def list_accounts(tx: Transaction, *, state: State | None, after: int, limit: int) -> list[Account]:
    """Accounts in the order they were made."""
    return accounts.page(tx, state=state, after=after, limit=limit)


def list_applications(tx: Transaction, *, state: str | None, after: int, limit: int) -> list[Application]:
    """Applications, the oldest first."""
    return applications.page(tx, state=state, after=after, limit=limit)


def list_sign_ins(tx: Transaction, *, by: Actor, before: int, limit: int, now: datetime) -> list[SignIn]:
    """Where the actor is signed in, the latest first."""
    assert by.account_id is not None
    found = sign_ins.live(tx, by.account_id, before=before or FROM_THE_TOP, limit=limit, now=now)
    return [SignIn(s.id, s.kind, s.agent, s.started_at, s.expires_at, s.id == by.family_id) for s in found]


def end_sign_in(tx: Transaction, family_id: int, *, by: Actor, now: datetime) -> None:
    """End one of the actor's sign-ins."""
    assert by.account_id is not None
    if not sign_ins.end_of(tx, by.account_id, family_id, reason="ended by the owner", now=now):
        raise SessionNotFound()


def end_other_sign_ins(tx: Transaction, *, by: Actor, now: datetime) -> int:
    """End all of the actor's sign-ins but the present one; answers how many."""
    assert by.account_id is not None
    return sign_ins.end_all(tx, by.account_id, but=by.family_id or 0, reason="ended by the owner", now=now)


def sign_out(tx: Transaction, *, by: Actor, now: datetime) -> None:
    """End the sign-in the actor came with. Ended already is fine."""
    assert by.family_id is not None
    sign_ins.end(tx, by.family_id, reason="signed out", now=now)
