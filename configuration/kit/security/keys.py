"""The signing keys of one service: Ed25519, one file each, rotated without downtime, never lost.

A key is `active`, or retired: a retired key signs nothing, still verifies tokens that were signed before it retired
(`GRACE`), and stays published for ever, because receipts signed with it are kept.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from configuration.kit.errors import Unavailable
from configuration.kit.security.actor import Service

GRACE = timedelta(minutes=15)
"""How long after its retirement a key verifies tokens: longer than any token lives."""
LOOK_EVERY = 1.0
"""Seconds after which the folder is looked at again; far below `GRACE`."""


class KeysRefused(Exception):
    """The keys in the folder cannot be used in this environment; the message says which and why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies. `kid` is its RFC 7638 thumbprint."""

    kid: str
    key: OKPKey
    retired_at: datetime | None = None

    def verifies(self, now: datetime) -> bool:
        """Whether a token signed with this key may still be believed."""
        return self.retired_at is None or now < self.retired_at + GRACE

    def published(self) -> dict[str, Any]:
        """The key as it stands in the JWKS."""
        said = {**self.key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": "Ed25519"}
        return said if self.retired_at is None else {**said, "retired_at": self.retired_at.isoformat()}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs; kept out of every `repr`."""

    public: PublicKey
    created_at: datetime
    development: bool
    secret: OKPKey

    def __repr__(self) -> str:
        return f"SigningKey({self.public.kid})"


def read_folder(folder: Path) -> list[PublicKey]:
    """The public keys of a service whose folder is at hand, the retired ones too."""
    return [_read(path).public for path in sorted(folder.glob("*.jwk"))]


def read_published(document: Any) -> list[PublicKey]:
    """The keys of a JWKS document; what is not an Ed25519 signing key under its own thumbprint is left out."""
    entries = document.get("keys") if isinstance(document, dict) else None
    read = [_published(entry) for entry in entries] if isinstance(entries, list) else []
    return [key for key in read if key is not None]


def _published(entry: Any) -> PublicKey | None:
    if not isinstance(entry, dict) or entry.get("kty") != "OKP" or entry.get("crv") != "Ed25519":
        return None
    try:
        key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": str(entry.get("x", ""))})
        retired = entry.get("retired_at")
        known = PublicKey(key.thumbprint(), key, datetime.fromisoformat(retired) if retired else None)
    except (ValueError, TypeError, JoseError):
        return None
    return known if known.kid == entry.get("kid") else None


def make_key(folder: Path, now: datetime, *, development: bool = False, only_first: bool = False) -> None:
    """Make a new active key and retire the former one. `only_first` leaves a folder with keys alone."""
    with _locked(folder):
        present = [_read(path) for path in sorted(folder.glob("*.jwk"))]
        if present and only_first:
            return
        secret = OKPKey.generate_key("Ed25519")
        _write(folder, secret, created_at=now, development=development, retired_at=None)
        for key in present:
            if key.public.retired_at is None:
                _write(folder, key.secret, created_at=key.created_at, development=key.development, retired_at=now)


class KeyRing:
    """The keys of `service` in `folder`.

    Opening makes a development key when there is none, unless `production`: there keys are made on purpose
    (`make_key`), and development keys and files that others can read are refused, all faults at once. The folder
    is looked at again when it changes, so that every worker follows a rotation.
    """

    def __init__(self, service: Service, folder: Path, now: datetime, *, production: bool = False) -> None:
        self.service = service
        self.folder = folder
        self.generation = 0
        self._looked = 0.0
        self._active: SigningKey | None = None
        self._keys: dict[str, PublicKey] = {}
        if not production and not any(folder.glob("*.jwk")):
            make_key(folder, now, development=True, only_first=True)
        if production and (faults := key_faults(service, folder)):
            raise KeysRefused(" ".join(faults))
        self.refresh(at_once=True)

    def rotate(self, now: datetime, *, development: bool = False) -> None:
        """A new key from now on; the former one stays published."""
        make_key(self.folder, now, development=development)
        self.refresh(at_once=True)

    def refresh(self, *, at_once: bool = False) -> None:
        """Read the folder again, at most once a second; `generation` grows when it holds something new."""
        if not at_once and time.monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = time.monotonic()
        keys = [_read(path) for path in sorted(self.folder.glob("*.jwk"))]
        found = {key.public.kid: key.public for key in keys}
        if {kid: key.retired_at for kid, key in found.items()} == {k: v.retired_at for k, v in self._keys.items()}:
            return
        active = [key for key in keys if key.public.retired_at is None]
        self._active = max(active, key=lambda key: key.created_at, default=None)
        self._keys = found
        self.generation += 1

    @property
    def signing(self) -> SigningKey:
        """The key that signs now."""
        self.refresh()
        if self._active is None:
            raise Unavailable(f"The {self.service} service has no signing key.")
        return self._active

    def find(self, kid: str) -> PublicKey | None:
        """A key of ours by its thumbprint."""
        self.refresh()
        return self._keys.get(kid)

    def jwks(self) -> dict[str, Any]:
        """All public keys, the retired ones too."""
        self.refresh()
        return {"keys": [key.published() for key in self._keys.values()]}


def key_faults(service: Service, folder: Path) -> list[str]:
    """What forbids the keys in the folder for production, one sentence each."""
    paths = sorted(folder.glob("*.jwk")) if folder.is_dir() else []
    faults = [] if paths else [f"The {service} service has no signing key; make one with `erp init`."]
    for path in paths:
        if path.stat().st_mode & 0o077:
            faults.append(f"The key file {service}/{path.name} can be read by others; set its mode to 600.")
        key = _read(path)
        if key.development and key.public.retired_at is None:
            faults.append(f"The {service} service would sign with a development key; rotate it with `erp init`.")
    return faults


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Several workers may start at once: one of them makes the first key."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> SigningKey:
    held = json.loads(path.read_text(encoding="ascii"))
    secret = OKPKey.import_key({name: held[name] for name in ("kty", "crv", "x", "d")})
    retired = held.get("retired_at")
    public = OKPKey.import_key({name: held[name] for name in ("kty", "crv", "x")})
    shown = PublicKey(secret.thumbprint(), public, datetime.fromisoformat(retired) if retired else None)
    return SigningKey(shown, datetime.fromisoformat(held["created_at"]), bool(held["development"]), secret)


def _write(
    folder: Path, secret: OKPKey, *, created_at: datetime, development: bool, retired_at: datetime | None
) -> None:
    """Write whole or not at all: a reader never sees half a key."""
    content = {
        **secret.as_dict(private=True),
        "created_at": created_at.isoformat(),
        "development": development,
        "retired_at": retired_at.isoformat() if retired_at else None,
    }
    path = folder / f"{secret.thumbprint()}.jwk"
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
