"""Files with codes or passwords for people: readable by their owner alone, never shown on a terminal."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def random_password() -> str:
    """A password of more than 100 bits that can be read from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(6)) for _ in range(3))


def write_private(path: Path, lines: Iterable[str]) -> Path:
    """Write a file with mode 600, whole or not at all, in the place of an earlier one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path
