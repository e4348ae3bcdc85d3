"""Forged tokens: each looks like one that would be believed, and differs in the one thing it is named after.

`forge(name, rings, here, now)` makes one for the service `here`, with the keys of all three services at hand: a forger
who has stolen one service's key is among them.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from configuration.kit.security.keys import KeyRing
from configuration.kit.security.tokens import SERVICES

ROLE = {"student": "registrar", "faculty": "dean", "library": "librarian"}


@dataclass
class Bench:
    """A forger's bench. `issuer` is a service other than `here`: its tokens are believed without looking further."""

    rings: Mapping[str, KeyRing]
    here: str
    now: datetime

    @property
    def issuer(self) -> str:
        return next(service for service in SERVICES if service != self.here)

    @property
    def other(self) -> str:
        return next(service for service in SERVICES if service not in (self.here, self.issuer))

    @property
    def ring(self) -> KeyRing:
        return self.rings[self.issuer]

    def stamp(self, **delta: float) -> int:
        return int((self.now + timedelta(**delta)).timestamp())

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of an access token that would be believed."""
        return {
            "iss": self.issuer,
            "aud": list(SERVICES),
            "sub": f"{self.issuer}:7",
            "name": "Mallory",
            "grants": {ROLE[self.issuer]: ["university"]},
            "persons": [],
            "acc": 1,
            "fam": 1,
            "ver": 1,
            "iat": self.stamp(),
            "exp": self.stamp(minutes=10),
            "jti": "0123456789abcdef",
            **changes,
        }

    def without(self, *names: str) -> dict[str, Any]:
        return {name: value for name, value in self.claims().items() if name not in names}

    def delegated(self, **changes: Any) -> dict[str, Any]:
        """Claims of a delegated token that would be believed."""
        return {
            **self.without("acc", "fam", "ver"),
            "aud": self.here,
            "act": {"sub": f"service:{self.issuer}"},
            "exp": self.stamp(seconds=60),
            **changes,
        }

    def service(self, **changes: Any) -> dict[str, Any]:
        """Claims of a bare service token that would be believed."""
        return {
            "iss": self.issuer,
            "aud": self.here,
            "sub": f"service:{self.issuer}",
            "scope": "facts",
            "iat": self.stamp(),
            "exp": self.stamp(seconds=60),
            "jti": "0123456789abcdef",
            **changes,
        }

    def sign(self, claims: dict[str, Any], typ: str = "at+jwt", *, key: OKPKey | None = None, **header: Any) -> str:
        """A token signed with Ed25519, by the issuer's own key unless another is given."""
        head = {"alg": "Ed25519", "typ": typ, "kid": self.ring.signing.public.kid, **header}
        return raw(head, claims, lambda text: ed25519(key or self.ring.signing.secret, text))


def ed25519(key: OKPKey, text: bytes) -> bytes:
    private: Any = key.private_key
    signature: bytes = private.sign(text)
    return signature


def encode(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(header: Any, claims: Any, sign: Callable[[bytes], bytes]) -> str:
    """A compact JWS, whatever it says."""
    text = f"{encode(header)}.{encode(claims)}"
    return f"{text}.{encode(sign(text.encode()))}"


def unsigned(bench: Bench, alg: str) -> str:
    return raw({"alg": alg, "typ": "at+jwt", "kid": bench.ring.signing.public.kid}, bench.claims(), lambda _: b"")


def hs256_with_public_key(bench: Bench) -> str:
    public: Any = bench.ring.signing.public.key.public_key
    secret = public.public_bytes_raw()
    head = {"alg": "HS256", "typ": "at+jwt", "kid": bench.ring.signing.public.kid}
    return raw(head, bench.claims(), lambda text: hmac.digest(secret, text, sha256))


def own_key(bench: Bench) -> OKPKey:
    return OKPKey.generate_key("Ed25519")


def embedded_jwk(bench: Bench) -> str:
    key = own_key(bench)
    return bench.sign(bench.claims(), key=key, kid=key.thumbprint(), jwk=key.as_dict(private=False))


def tampered(bench: Bench) -> str:
    head, _, signature = bench.sign(bench.claims()).split(".")
    return f"{head}.{encode(bench.claims(sub=f'{bench.issuer}:8'))}.{signature}"


def tampered_header(bench: Bench) -> str:
    _, body, signature = bench.sign(bench.delegated(), "delegated+jwt").split(".")
    return f"{encode({'alg': 'Ed25519', 'typ': 'at+jwt', 'kid': bench.ring.signing.public.kid})}.{body}.{signature}"


def flipped_signature(bench: Bench) -> str:
    head, body, signature = bench.sign(bench.claims()).split(".")
    return f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def by_retired_key(bench: Bench) -> str:
    """Signed with a key that was retired longer ago than any token lives."""
    former = bench.ring.signing
    bench.ring.rotate(bench.now - timedelta(hours=1))
    return bench.sign(bench.claims(), key=former.secret, kid=former.public.kid)


def duplicate_claim(bench: Bench) -> str:
    claims = json.dumps(bench.claims(sub=f"{bench.other}:7"))[:-1] + f', "sub": "{bench.other}:8"}}'
    head = {"alg": "Ed25519", "typ": "at+jwt", "kid": bench.ring.signing.public.kid}
    return raw(head, claims.encode(), lambda text: ed25519(bench.ring.signing.secret, text))


def with_joserfc(bench: Bench) -> str:
    """The same as `believed`, through the library, to show that the bench signs as the services do."""
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": bench.ring.signing.public.kid}
    return jwt.encode(header, bench.claims(), bench.ring.signing.secret, ["Ed25519"])


BELIEVED: Mapping[str, Callable[[Bench], str]] = {
    "access": lambda b: b.sign(b.claims()),
    "access through the library": with_joserfc,
    "delegated": lambda b: b.sign(b.delegated(), "delegated+jwt"),
    "service": lambda b: b.sign(b.service(), "service+jwt"),
}
"""What the forgeries differ from; if these were refused, a refusal of the others would show nothing."""

FORGERIES: Mapping[str, Callable[[Bench], str]] = {
    "alg none": lambda b: unsigned(b, "none"),
    "alg None": lambda b: unsigned(b, "None"),
    "Ed25519 without a signature": lambda b: unsigned(b, "Ed25519"),
    "HS256 with the public key as secret": hs256_with_public_key,
    "alg EdDSA": lambda b: b.sign(b.claims(), alg="EdDSA"),
    "alg is a list": lambda b: b.sign(b.claims(), alg=["Ed25519"]),
    "an unknown kid": lambda b: b.sign(b.claims(), key=(k := own_key(b)), kid=k.thumbprint()),
    "own key under a known kid": lambda b: b.sign(b.claims(), key=own_key(b)),
    "kid of another service": lambda b: b.sign(b.claims(), kid=b.rings[b.other].signing.public.kid),
    "kid is a path": lambda b: b.sign(b.claims(), kid="../../keys/student"),
    "kid is a number": lambda b: b.sign(b.claims(), kid=1),
    "embedded jwk": embedded_jwk,
    "jku": lambda b: b.sign(b.claims(), jku="http://127.0.0.1:9/jwks.json"),
    "x5u": lambda b: b.sign(b.claims(), x5u="http://127.0.0.1:9/x.pem"),
    "crit": lambda b: b.sign(b.claims(), crit=["exp"]),
    "b64 false": lambda b: b.sign(b.claims(), b64=False, crit=["b64"]),
    "typ JWT": lambda b: b.sign(b.claims(), "JWT"),
    "typ missing": lambda b: raw(
        {"alg": "Ed25519", "kid": b.ring.signing.public.kid}, b.claims(), lambda t: ed25519(b.ring.signing.secret, t)
    ),
    "a delegated token as an access token": lambda b: b.sign(b.delegated()),
    "a service token as an access token": lambda b: b.sign(b.service()),
    "an access token as a delegated one": lambda b: b.sign(b.claims(), "delegated+jwt"),
    "an access token as a service token": lambda b: b.sign(b.claims(), "service+jwt"),
    "a link statement": lambda b: b.sign(b.claims(aud=b.here, answers=None), "link+jwt"),
    "an unknown issuer": lambda b: b.sign(b.claims(iss="mallory")),
    "the issuer of another key": lambda b: b.sign(b.claims(iss=b.other, sub=f"{b.other}:7", grants={})),
    "no issuer": lambda b: b.sign(b.without("iss")),
    "expired": lambda b: b.sign(b.claims(iat=b.stamp(minutes=-11), exp=b.stamp(minutes=-1))),
    "no expiry": lambda b: b.sign(b.without("exp")),
    "expiry as text": lambda b: b.sign(b.claims(exp=str(b.stamp(minutes=10)))),
    "expiry true": lambda b: b.sign(b.claims(exp=True)),
    "living for a day": lambda b: b.sign(b.claims(exp=b.stamp(days=1))),
    "issued tomorrow": lambda b: b.sign(b.claims(iat=b.stamp(days=1), exp=b.stamp(days=1, minutes=5))),
    "not before tomorrow": lambda b: b.sign(b.claims(nbf=b.stamp(days=1))),
    "no audience": lambda b: b.sign(b.without("aud")),
    "another audience": lambda b: b.sign(b.claims(aud=[b.other])),
    "a delegated token for another audience": lambda b: b.sign(b.delegated(aud=b.other), "delegated+jwt"),
    "a delegated token for all": lambda b: b.sign(b.delegated(aud=list(SERVICES)), "delegated+jwt"),
    "a delegated token that lives ten minutes": lambda b: b.sign(b.delegated(exp=b.stamp(minutes=10)), "delegated+jwt"),
    "acting for another service": lambda b: b.sign(b.delegated(act={"sub": f"service:{b.other}"}), "delegated+jwt"),
    "delegated for another service's person": lambda b: b.sign(
        b.delegated(sub=f"{b.here}:7", grants={}), "delegated+jwt"
    ),
    "a role of the callee asserted by another issuer": lambda b: b.sign(
        b.claims(grants={ROLE[b.here]: ["university"]})
    ),
    "a delegated role of the callee": lambda b: b.sign(
        b.delegated(grants={ROLE[b.here]: ["university"]}), "delegated+jwt"
    ),
    "a person of the callee asserted by another issuer": lambda b: b.sign(b.claims(sub=f"{b.here}:1")),
    "a malformed person": lambda b: b.sign(b.claims(sub=f"{b.issuer}:0x7")),
    "no person": lambda b: b.sign(b.without("sub")),
    "no token id": lambda b: b.sign(b.without("jti")),
    "no account": lambda b: b.sign(b.without("acc")),
    "account true": lambda b: b.sign(b.claims(acc=True)),
    "grants as a list": lambda b: b.sign(b.claims(grants=[ROLE[b.issuer]])),
    "a scope that is none": lambda b: b.sign(b.claims(grants={ROLE[b.issuer]: ["everything"]})),
    "a service token with a person's scope": lambda b: b.sign(b.service(scope="admin"), "service+jwt"),
    "a service token of another service": lambda b: b.sign(b.service(sub=f"service:{b.other}"), "service+jwt"),
    "a service token from the callee itself": lambda b: b.sign(
        b.service(iss=b.here, sub=f"service:{b.here}"),
        "service+jwt",
        key=b.rings[b.here].signing.secret,
        kid=b.rings[b.here].signing.public.kid,
    ),
    "a changed payload": tampered,
    "a changed header": tampered_header,
    "a changed signature": flipped_signature,
    "claims that are a list": lambda b: b.sign([b.claims()]),  # type: ignore[arg-type]
    "a claim said twice": duplicate_claim,
    "signed with a key retired long ago": by_retired_key,
    "four parts": lambda b: b.sign(b.claims()) + ".AAAA",
    "two parts": lambda b: b.sign(b.claims()).rpartition(".")[0],
    "no base64": lambda b: "not.a.token",
    "nothing at all": lambda b: "",
    "a long token": lambda b: b.sign(b.claims(name="x" * 5000)),
}
"""Each of these must be refused, by every service."""


def forge(name: str, rings: Mapping[str, KeyRing], here: str, now: datetime) -> str:
    """The forged token of that name, for the service `here`."""
    return FORGERIES[name](Bench(rings, here, now))
