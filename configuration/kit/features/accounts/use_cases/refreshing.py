"""Refresh tokens rotate: each is used once, and using it again later means that somebody else has it.

Within half a minute the same token gets the same successor, so that clients that race, or lost the answer, go on.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.features.accounts import home
from configuration.kit.features.accounts.domain import REFRESH_LIFE, SAME_SUCCESSOR
from configuration.kit.features.accounts.model import SignedIn
from configuration.kit.features.accounts.repository import sign_ins
from configuration.kit.security.actor import Service
from configuration.kit.security.sessions import new_secret


def refresh(tx: Transaction, service: Service, token: str, *, now: datetime) -> SignedIn | None:
    """The successor, or `None`. Reuse after half a minute ends the whole sign-in, and leaves its trace."""
    held = sign_ins.lock_token(tx, token)
    if held is None or held.expires_at <= now:
        return None
    standing = home.by_family(tx, service, held.sign_in_id, now)
    if standing is None:
        return None
    if held.used_at is None:
        nonce = new_secret()
        sign_ins.use_token(tx, held.id, nonce, now)
        successor = successor_of(token, nonce)
        expires = min(now + REFRESH_LIFE, standing.sign_in_ends)
        sign_ins.add_token(tx, held.sign_in_id, held.generation + 1, successor, expires)
        return SignedIn(standing, successor)
    if now - held.used_at <= SAME_SUCCESSOR:
        return SignedIn(standing, successor_of(token, held.nonce or ""))
    sign_ins.end(tx, held.sign_in_id, reason="refresh token used twice", now=now)
    audit.record(tx, "account.refresh_reuse", f"sign_in:{held.sign_in_id}", by=standing.actor, now=now)
    return None


def successor_of(token: str, nonce: str) -> str:
    """The token after this one: derived from both, so that neither the database nor an old token gives it away."""
    return urlsafe_b64encode(hmac.digest(token.encode(), nonce.encode(), sha256)).rstrip(b"=").decode()
