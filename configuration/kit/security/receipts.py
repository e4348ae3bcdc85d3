"""Receipts: what a service states once, in signed text that anybody can verify for ever, without asking it.

A receipt is a compact JWS of type `receipt+jws`, which is none of the types of tokens, so it opens no door. The key it
was signed with stays in the service's JWKS after its retirement, with the time it retired: what claims to be signed
later than that is not believed.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from configuration.kit.security.keys import KeyRing, PublicKey
from configuration.kit.security.tokens import ALGORITHM

TYPE = "receipt+jws"
LONGEST = 64 * 1024
FOLLOWED_WITHIN = timedelta(minutes=1)
"""How long after a rotation a worker may still sign with the former key."""

Sign = Callable[[Mapping[str, Any], datetime], str]


class ReceiptRefused(Exception):
    """The text is no receipt of this university; the message says why."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was believed: who signed it, when, with which key, and what it states."""

    issuer: str
    signed_at: datetime
    kid: str
    states: Mapping[str, Any]


def signer(ring: KeyRing) -> Sign:
    """A function that signs with the present key. It reads nothing, so a unit of work may call it."""
    key, issuer = ring.signing, ring.service

    def sign(states: Mapping[str, Any], at: datetime) -> str:
        whole = {"iss": issuer, "signed_at": at.astimezone(UTC).isoformat(), "states": dict(states)}
        payload = json.dumps(whole, separators=(",", ":"), sort_keys=True)
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.public.kid}
        return jws.serialize_compact(header, payload, key.secret, [ALGORITHM])

    return sign


def verify(text: str, keys: Iterable[PublicKey]) -> Receipt:
    """The receipt in a text, if one of the keys signed it. Raises `ReceiptRefused`."""
    text = "".join(text.split())
    if not text or len(text) > LONGEST or not text.isascii():
        raise ReceiptRefused("This is not a receipt.")
    try:
        seen = jws.extract_compact(text.encode("ascii"))
        header, whole = seen.headers(), json.loads(seen.payload)
        issuer, states = whole["iss"], whole["states"]
        signed_at = datetime.fromisoformat(whole["signed_at"])
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise ReceiptRefused("This is not a receipt.") from None
    if header.keys() != {"alg", "typ", "kid"} or header["alg"] != ALGORITHM or header["typ"] != TYPE:
        raise ReceiptRefused("This is signed text, but not a receipt.")
    if signed_at.tzinfo is None or not isinstance(states, dict) or not isinstance(issuer, str):
        raise ReceiptRefused("This is not a receipt.")
    key = next((key for key in keys if key.kid == header["kid"]), None)
    if key is None:
        raise ReceiptRefused("It names a key that the service never published.")
    try:
        valid = jws.validate_compact(seen, key.key, [ALGORITHM])
    except (JoseError, ValueError):
        valid = False
    if not valid:
        raise ReceiptRefused("Its signature is not right: the text was changed, or the service did not sign it.")
    if key.retired_at is not None and signed_at > key.retired_at + FOLLOWED_WITHIN:
        raise ReceiptRefused(f"It claims to be signed after its key retired ({key.retired_at.isoformat()}).")
    return Receipt(issuer, signed_at, key.kid, states)
