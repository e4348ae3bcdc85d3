"""What an installation that real people depend on must not be."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from configuration.settings import Settings


def production_faults(settings: "Settings") -> list[str]:
    """Every development setting that production refuses, one sentence each."""
    return [*_faults(settings)]


def _faults(settings: "Settings") -> Iterator[str]:
    if not (settings.public_url or "").startswith("https://"):
        yield "ERP_PUBLIC_URL: production needs the https address people use."
    if not settings.secure_cookies:
        yield "ERP_SECURE_COOKIES: production needs true, so that sessions never travel unencrypted."
    if settings.smtp_url is None:
        yield "ERP_SMTP_URL: production needs a mail server; without one nobody gets a reset code."
    if settings.log_level == "DEBUG":
        yield "ERP_LOG_LEVEL: production refuses DEBUG."
    if (settings.var / "demo").exists():
        yield "ERP_VAR: the folder holds a demo university; production starts from an empty one."
    for own in settings.services:
        if own.webmaster.endswith("@localhost"):
            yield f"ERP_{own.service.upper()}_WEBMASTER: production needs an address that somebody reads."
        yield from _open_files(own.keys_dir)


def _open_files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"{path.name} of {folder.parent.name}/{folder.name} can be read by others; chmod 600 it."
