"""Signing in: a try is counted before the password is looked at, so that guesses in parallel count too.

The password is verified between `begin` and `finish`, outside any transaction; `finish` looks again.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from configuration.kit.database import Transaction
from configuration.kit.features.accounts import home
from configuration.kit.features.accounts.domain import (
    API_LIFE,
    FORGET_TRIES,
    REFRESH_LIFE,
    SESSION_LIFE,
    is_campus,
    origin_of,
    user_key,
    wait_after,
)
from configuration.kit.features.accounts.model import Attempt, SignedIn
from configuration.kit.features.accounts.repository import accounts, sign_ins, throttle
from configuration.kit.security.actor import Service
from configuration.kit.security.sessions import new_secret

LONGEST_AGENT = 200
QUIET = timedelta(days=1)


def pair_of(purpose: str, user_name: str, address: str) -> str:
    """What tries are counted by: the account as it is named and where the try comes from, unreadable."""
    return sha256(f"{purpose}\n{user_key(user_name)}\n{origin_of(address)}".encode("utf-8", "replace")).hexdigest()


def count_try(
    tx: Transaction, purpose: str, user_name: str, address: str, *, campus: tuple[str, ...], now: datetime
) -> Attempt:
    """Count a try, or say when the pair of account and address is free again."""
    pair = pair_of(purpose, user_name, address)
    tries = throttle.lock(tx, pair, now)
    if tries.free_at > now:
        return Attempt(pair, free_at=tries.free_at)
    earlier = 0 if now - tries.last_at > FORGET_TRIES else tries.failures
    if earlier == 0:
        throttle.forget(tx, now - QUIET)
        throttle.lock(tx, pair, now)
    wait = wait_after(earlier + 1, on_campus=is_campus(address, campus))
    throttle.count(tx, pair, earlier + 1, free_at=now + wait, now=now)
    return Attempt(pair)


def begin(tx: Transaction, user_name: str, address: str, *, campus: tuple[str, ...], now: datetime) -> Attempt:
    """Count a try to sign in, and read what the password must match; the same work for unknown names."""
    attempt = count_try(tx, "sign-in", user_name, address, campus=campus, now=now)
    if attempt.free_at is not None:
        return attempt
    found = accounts.by_user_name(tx, user_name)
    known = accounts.password_of(tx, found.id if found else 0)
    return Attempt(attempt.pair, found.id if found else None, found.user_name if found else "", known=known)


def finish(
    tx: Transaction, service: Service, attempt: Attempt, verified: bool, kind: str, *, agent: str, now: datetime
) -> SignedIn | str:
    """The sign-in, or why not: `refused`, or the state of an account whose password was right.

    A state is told only to whoever knows the password.
    """
    found = accounts.lock(tx, attempt.account_id or 0)
    unchanged = accounts.password_of(tx, attempt.account_id or 0) == attempt.known
    if not verified or found is None or not unchanged:
        return "refused"
    throttle.clear(tx, attempt.pair)
    if found.state != "active":
        return found.state
    return open_sign_in(tx, service, found.id, kind, agent=agent, now=now)


def open_sign_in(
    tx: Transaction, service: Service, account_id: int, kind: str, *, agent: str, now: datetime
) -> SignedIn:
    """Start a browser's session or a family of refresh tokens for an active account."""
    secret, browser = new_secret(), kind == "browser"
    expires = now + (SESSION_LIFE if browser else API_LIFE)
    family = sign_ins.start(
        tx,
        account_id,
        kind,
        agent=agent[:LONGEST_AGENT],
        expires_at=expires,
        now=now,
        secret=secret if browser else None,
    )
    if not browser:
        sign_ins.add_token(tx, family, 1, secret, min(now + REFRESH_LIFE, expires))
    standing = home.by_family(tx, service, family, now)
    assert standing is not None
    return SignedIn(standing, secret)
