"""What the flows of accounts need of a request and its service, gathered once."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import BackgroundTasks, Depends
from starlette.requests import Request

from configuration.kit.database import Database
from configuration.kit.features.accounts.mails import Mail
from configuration.kit.features.accounts.model import Roles
from configuration.kit.mail import Mailer
from configuration.kit.security.authenticator import Authenticator
from configuration.kit.security.hashing import Hasher, shared_hasher


@dataclass(frozen=True, slots=True)
class Context:
    """The service's parts, and where the request comes from."""

    config: Roles
    database: Database
    authenticator: Authenticator
    hasher: Hasher
    mailer: Mailer
    tasks: BackgroundTasks
    campus: tuple[str, ...]
    open_for_all: bool
    cookie_path: str
    secure: bool
    address: str
    agent: str
    now: datetime

    def mail(self, to: str | None, mail: Mail) -> None:
        """Send a mail once the answer is out; without an address, none."""
        if to:
            self.tasks.add_task(self.mailer.send, to, mail.subject, mail.text, self.now)


@lru_cache(maxsize=8)
def _mailer(folder: Path, sender: str, smtp_url: str | None) -> Mailer:
    return Mailer(folder, sender, smtp_url)


async def context_of(request: Request, tasks: BackgroundTasks) -> Context:
    """The context of a request; a dependency."""
    state, settings = request.app.state, request.app.state.settings
    return Context(
        config=state.accounts,
        database=state.database,
        authenticator=state.authenticator,
        hasher=shared_hasher(),
        mailer=_mailer(settings.var / "mail", settings.mail_from, settings.smtp_url),
        tasks=tasks,
        campus=settings.campus_networks,
        open_for_all=settings.signup_open,
        cookie_path=settings.root_prefix,
        secure=settings.secure_cookies,
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", ""),
        now=state.clock(),
    )


ContextDep = Annotated[Context, Depends(context_of)]
