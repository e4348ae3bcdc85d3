"""Outgoing mail: through an SMTP server where there is one, else as files in a folder, so that nothing is lost.

Mail holds one-time codes, so its folder and files are readable by nobody else.
"""

import asyncio
import os
import secrets
import smtplib
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from loguru import logger

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Mailer:
    """Sends plain-text mail. `smtp_url` is `smtp://user:password@host:port`, or `smtps://`; without one, files."""

    folder: Path
    sender: str = "erp@localhost"
    smtp_url: str | None = field(default=None, repr=False)

    async def send(self, to: str, subject: str, text: str, now: datetime) -> bool:
        """Send one mail and say whether it went.

        A failure is logged without address and text, and never raised: what the mail is about has happened already.
        """
        try:
            await asyncio.to_thread(self.send_now, to, subject, text, now)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            logger.error("A mail could not be sent: {}", type(error).__name__)
            return False
        return True

    def send_now(self, to: str, subject: str, text: str, now: datetime, *, name: str | None = None) -> None:
        """The same, for command lines and tasks; raises where it fails.

        A mail with a `name` may be sent again by somebody who does not know whether it went: it has the same Message-ID
        each time, and in the folder it is one file.
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Date"] = format_datetime(now)
        if name is not None:
            message["Message-ID"] = f"<{name}@{self.sender.rpartition('@')[2]}>"
        message.set_content(text)
        if self.smtp_url is None:
            self._keep(message, name or f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}")
        else:
            self._transmit(message, self.smtp_url)

    def forget(self, name: str) -> None:
        """Delete a mail that lies in the folder; what went to a server is out of our hands."""
        (self.folder / f"{name}.eml").unlink(missing_ok=True)

    def _keep(self, message: EmailMessage, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        begun = self.folder / f".{name}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(message.as_bytes())
        begun.replace(self.folder / f"{name}.eml")

    def _transmit(self, message: EmailMessage, url: str) -> None:
        parts = urlsplit(url)
        connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with connect(parts.hostname or "localhost", parts.port or 0, timeout=SECONDS) as server:
            server.ehlo()
            if parts.scheme != "smtps" and server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
