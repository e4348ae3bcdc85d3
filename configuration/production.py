"""What an installation that real people depend on must not be."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from configuration.kit.security.keys import key_faults

if TYPE_CHECKING:
    from configuration.settings import Settings


def production_faults(settings: "Settings", *, serving: bool, alone: str | None = None) -> list[str]:
    """Every development setting that production refuses, one sentence each.

    `serving` looks at the keys too, of what this process serves: the service that stands `alone`, or all that are
    local.
    """
    faults = [*_faults(settings)]
    if serving:
        served = [own for own in settings.services if (own.service == alone if alone else own.url == "local")]
        faults += [fault for own in served for fault in key_faults(own.service, own.keys_dir)]
    return faults


def _faults(settings: "Settings") -> Iterator[str]:
    if not (settings.public_url or "").startswith("https://"):
        yield "ERP_PUBLIC_URL: production needs the https address people use."
    if not settings.secure_cookies:
        yield "ERP_SECURE_COOKIES: production needs true, so that sessions never travel unencrypted."
    if settings.smtp_url is None:
        yield "ERP_SMTP_URL: production needs a mail server; without one nobody gets a reset code."
    if settings.log_level == "DEBUG":
        yield "ERP_LOG_LEVEL: production refuses DEBUG."
    if (settings.var / "demo-sign-ins.txt").exists():
        yield "ERP_VAR: the folder holds a demo university; production starts from an empty one."
    for own in settings.services:
        if own.webmaster.endswith("@localhost"):
            yield f"ERP_{own.service.upper()}_WEBMASTER: production needs an address that somebody reads."
