"""Signed tokens: of people (access), of a service that acts for one of its people (delegated), of a service (service).

Ed25519 only, and every token says what it is in `typ`, so that none passes for another. Names of claims: `iss` the
service that vouches, `sub` the person reference, `grants` roles with their scopes, `persons` the other references of
the same human, `acc`, `fam` and `ver` the account, the sign-in and the account's version at home.
"""

import json
import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from joserfc import jwt
from joserfc.errors import JoseError

from configuration.kit.errors import NotSignedIn
from configuration.kit.security.actor import UNIVERSITY, Actor, Service
from configuration.kit.security.keys import KeyRing, PublicKey
from configuration.kit.security.trust import SCOPES

Kind = Literal["at+jwt", "delegated+jwt", "service+jwt", "link+jwt"]

ALGORITHM = "Ed25519"
SERVICES: tuple[Service, ...] = get_args(Service)
ACCESS_LIFE = timedelta(minutes=10)
SHORT_LIFE = timedelta(seconds=60)
LINK_LIFE = timedelta(minutes=10)
LIVES: Mapping[str, timedelta] = {
    "at+jwt": ACCESS_LIFE,
    "delegated+jwt": SHORT_LIFE,
    "service+jwt": SHORT_LIFE,
    "link+jwt": LINK_LIFE,
}
SKEW = timedelta(seconds=30)
"""How far ahead of ours another service's clock may run."""
LONGEST = 4096
PERSON = re.compile(r"(student|faculty|library):[1-9][0-9]{0,17}")
SCOPE = re.compile(r"university|(department|section):[A-Za-z0-9_.-]{1,64}")


class TokenRefused(NotSignedIn):
    """A token that this service does not believe. The answer never says why."""

    code = "TOKEN_REFUSED"
    title = "This token is not valid here"

    def __init__(self) -> None:
        challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        super().__init__("The token is not valid here, or no longer. Sign in again.", headers=challenge)


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that was believed: who it speaks for, and what the home service still has to look up."""

    kind: Kind
    actor: Actor
    expires: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Unverified:
    """What a token says of itself, before anybody believes it."""

    kind: Kind
    issuer: Service
    kid: str
    text: str


def _sign(ring: KeyRing, kind: Kind, claims: Mapping[str, Any], now: datetime, expires: datetime) -> str:
    key = ring.signing
    issued = int(now.timestamp())
    body = {**claims, "iss": ring.service, "iat": issued, "exp": int(expires.timestamp()), "jti": secrets.token_hex(12)}
    return jwt.encode({"alg": ALGORITHM, "typ": kind, "kid": key.public.kid}, body, key.secret, [ALGORITHM])


def issue_access(
    ring: KeyRing,
    actor: Actor,
    now: datetime,
    *,
    version: int,
    audience: tuple[Service, ...] = SERVICES,
    until: datetime | None = None,
) -> tuple[str, datetime]:
    """An access token for one of our own people and when it ends: ten minutes, or at `until` if that is sooner."""
    expires = now + ACCESS_LIFE if until is None else min(now + ACCESS_LIFE, until)
    claims = {
        "aud": list(audience),
        "sub": actor.person,
        "name": actor.name,
        "grants": {role: sorted(scopes) for role, scopes in actor.grants.items()},
        "persons": sorted(actor.persons - {actor.person}),
        "acc": actor.account_id,
        "fam": actor.family_id,
        "ver": version,
    }
    return _sign(ring, "at+jwt", claims, now, expires), expires


def delegated_token(ring: KeyRing, actor: Actor, audience: Service, now: datetime) -> str:
    """A token with which our service acts for one of its own people at exactly one other service."""
    if actor.issuer != ring.service or not PERSON.fullmatch(actor.person):
        raise ValueError(f"{ring.service} cannot act for {actor.person}: a service delegates only for its own people")
    claims = {
        "aud": audience,
        "sub": actor.person,
        "name": actor.name,
        "grants": {role: sorted(scopes) for role, scopes in actor.grants.items()},
        "persons": sorted(actor.persons - {actor.person}),
        "act": {"sub": f"service:{ring.service}"},
    }
    return _sign(ring, "delegated+jwt", claims, now, now + SHORT_LIFE)


def service_token_for(ring: KeyRing, scope: Literal["facts", "events"], audience: Service, now: datetime) -> str:
    """A token of the service itself, for one scope at one other service."""
    claims = {"aud": audience, "sub": f"service:{ring.service}", "scope": scope}
    return _sign(ring, "service+jwt", claims, now, now + SHORT_LIFE)


def link_statement(ring: KeyRing, actor: Actor, audience: Service, now: datetime, *, answers: str | None = None) -> str:
    """Our word, for another service, that `actor` is signed in with us; `answers` is who they say they are there."""
    claims = {
        "aud": audience,
        "sub": actor.person,
        "name": actor.name,
        "persons": sorted(actor.persons - {actor.person}),
        "answers": answers,
    }
    return _sign(ring, "link+jwt", claims, now, now + LINK_LIFE)


def peek(token: str, trusted: Mapping[Service, frozenset[str]]) -> Unverified:
    """Which key a token asks for. Anything unusual in its header is refused here, before any key is looked up."""
    if len(token) > LONGEST or not token.isascii():
        raise TokenRefused()
    parts = token.split(".")
    if len(parts) != 3:
        raise TokenRefused()
    header, claims = _json(parts[0]), _json(parts[1])
    if header.keys() != {"alg", "typ", "kid"} or header["alg"] != ALGORITHM or header["typ"] not in LIVES:
        raise TokenRefused()
    kid = header["kid"]
    issuer = next((service for service in trusted if service == claims.get("iss")), None)
    if not isinstance(kid, str) or issuer is None:
        raise TokenRefused()
    return Unverified(header["typ"], issuer, kid, token)


def _json(segment: str) -> dict[str, Any]:
    try:
        value = json.loads(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (ValueError, RecursionError):
        raise TokenRefused() from None
    if not isinstance(value, dict):
        raise TokenRefused()
    return value


def read_claims(seen: Unverified, key: PublicKey, here: Service, now: datetime) -> dict[str, Any]:
    """The claims of a token, once its signature, times, issuer and audience are right."""
    try:
        claims = jwt.decode(seen.text, key.key, [ALGORITHM]).claims
    except (JoseError, ValueError):
        raise TokenRefused() from None
    issued, expires, instant = claims.get("iat"), claims.get("exp"), now.timestamp()
    if type(issued) is not int or type(expires) is not int or not isinstance(claims.get("jti"), str):
        raise TokenRefused()
    if not (
        issued <= instant + SKEW.total_seconds() and instant < expires <= issued + LIVES[seen.kind].total_seconds()
    ):
        raise TokenRefused()
    if "nbf" in claims and (type(claims["nbf"]) is not int or claims["nbf"] > instant + SKEW.total_seconds()):
        raise TokenRefused()
    if claims.get("iss") != seen.issuer or not key.verifies(now):
        raise TokenRefused()
    audience = claims.get("aud")
    right = here in audience if isinstance(audience, list) and seen.kind == "at+jwt" else audience == here
    if not right:
        raise TokenRefused()
    return claims


def understand(
    seen: Unverified, claims: Mapping[str, Any], here: Service, trusted: Mapping[Service, frozenset[str]]
) -> Verified:
    """Who the token speaks for. A service is believed about its own people and its own roles, and nothing else."""
    if seen.kind == "service+jwt":
        actor = _service(seen.issuer, claims)
    elif seen.kind in ("at+jwt", "delegated+jwt"):
        actor = _person(seen, claims, trusted[seen.issuer])
    else:
        raise TokenRefused()
    if actor.via in ("service", "delegated") and seen.issuer == here:
        raise TokenRefused()
    return Verified(seen.kind, actor, claims["exp"], claims.get("ver"))


def _service(issuer: Service, claims: Mapping[str, Any]) -> Actor:
    scope = claims.get("scope")
    if claims.get("sub") != f"service:{issuer}" or scope not in SCOPES:
        raise TokenRefused()
    grants = {f"service:{scope}": frozenset({UNIVERSITY})}
    return Actor(f"service:{issuer}", issuer, f"{issuer} service", grants, via="service", behalf_of_service=issuer)


def _person(seen: Unverified, claims: Mapping[str, Any], assertable: frozenset[str]) -> Actor:
    person, name = claims.get("sub"), claims.get("name")
    if not isinstance(person, str) or not isinstance(name, str) or not is_person(person, seen.issuer):
        raise TokenRefused()
    persons = frozenset({person, *linked_persons(claims)})
    grants = _grants(claims.get("grants"), assertable)
    if seen.kind == "delegated+jwt":
        if claims.get("act") != {"sub": f"service:{seen.issuer}"}:
            raise TokenRefused()
        return Actor(person, seen.issuer, name, grants, persons, via="delegated", behalf_of_service=seen.issuer)
    account, family = claims.get("acc"), claims.get("fam")
    if type(account) is not int or type(family) is not int or type(claims.get("ver")) is not int:
        raise TokenRefused()
    return Actor(person, seen.issuer, name, grants, persons, account, family)


def is_person(reference: str, issuer: str) -> bool:
    """Whether the reference is well formed and names one of the issuer's people."""
    return PERSON.fullmatch(reference) is not None and reference.startswith(f"{issuer}:")


def linked_persons(claims: Mapping[str, Any]) -> list[str]:
    """The other references of the same human."""
    persons = claims.get("persons")
    if not isinstance(persons, list) or not all(isinstance(p, str) and PERSON.fullmatch(p) for p in persons):
        raise TokenRefused()
    return persons


def _grants(given: Any, assertable: frozenset[str]) -> dict[str, frozenset[str]]:
    if not isinstance(given, dict) or not given.keys() <= assertable:
        raise TokenRefused()
    grants = {}
    for role, scopes in given.items():
        if not isinstance(scopes, list) or not all(isinstance(s, str) and SCOPE.fullmatch(s) for s in scopes):
            raise TokenRefused()
        grants[role] = frozenset(scopes)
    return grants
