"""Whole acts on accounts, for JSON controllers and pages alike: read, hash outside the transaction, write, tell.

Each takes a `Context` (`ContextDep`). They raise refusals; what is told to the owner goes out by mail afterwards.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from configuration.kit.errors import Refusal
from configuration.kit.features import audit
from configuration.kit.features.accounts import mails
from configuration.kit.features.accounts.answers import Verdict
from configuration.kit.features.accounts.context import Context
from configuration.kit.features.accounts.domain import Decision, Purpose, password_faults
from configuration.kit.features.accounts.errors import (
    AccountNotActive,
    CodeRefused,
    PasswordRefused,
    RefreshRefused,
    SignInRefused,
    SignUpClosed,
    TooManyTries,
    WrongPassword,
)
from configuration.kit.features.accounts.model import (
    Application,
    Attempt,
    CodeIssued,
    CodeUse,
    Registration,
    SignedIn,
    Submitted,
)
from configuration.kit.features.accounts.requests import SignUp
from configuration.kit.features.accounts.use_cases import (
    applying,
    passwords,
    refreshing,
    registering,
    signing_in,
    staffing,
)
from configuration.kit.security import tokens
from configuration.kit.security.actor import Actor, Service
from configuration.kit.security.sessions import SessionCookie
from configuration.kit.security.standing import Standing


def _free(context: Context, attempt: Attempt) -> None:
    if attempt.free_at is not None:
        raise TooManyTries(attempt.free_at, context.now)


def _strong(password: str, user_name: str, pointer: str = "/password") -> None:
    if faults := password_faults(password, user_name, pointer):
        raise PasswordRefused(faults)


async def sign_in(context: Context, user_name: str, password: str, kind: str) -> SignedIn:
    """Sign in with a password; `kind` is `api` or `browser`. The same answer and work for unknown names."""
    db, now = context.database, context.now
    attempt = await db.write(signing_in.begin, user_name, context.address, campus=context.campus, now=now)
    _free(context, attempt)
    verified = await context.hasher.verify(attempt.known, password)
    verdict = await db.write(
        signing_in.finish, context.config.service, attempt, verified, kind, agent=context.agent, now=now
    )
    if isinstance(verdict, SignedIn):
        return verdict
    raise SignInRefused() if verdict == "refused" else AccountNotActive(verdict)


async def sign_in_for_browser(context: Context, user_name: str, password: str) -> SessionCookie:
    """Sign in and answer the cookie to set (`sessions.set_cookie`, with `context.cookie_path` and `context.secure`)."""
    signed = await sign_in(context, user_name, password, "browser")
    return SessionCookie(context.config.service, signed.secret)


async def sign_out(context: Context, by: Actor) -> None:
    """End the sign-in the actor came with; at home this counts at once."""
    await context.database.write(staffing.sign_out, by=by, now=context.now)


def access_token(
    context: Context, standing: Standing, audience: tuple[Service, ...] = tokens.SERVICES
) -> tuple[str, int]:
    """An access token for a live sign-in, and for how many seconds it holds."""
    token, expires = tokens.issue_access(
        context.authenticator.keyring,
        standing.actor,
        context.now,
        version=standing.version,
        audience=audience,
        until=standing.until,
    )
    return token, math.floor((expires - context.now).total_seconds())


async def refresh(context: Context, token: str) -> SignedIn:
    """The next refresh token of a sign-in."""
    signed = await context.database.write(refreshing.refresh, context.config.service, token, now=context.now)
    if signed is None:
        raise RefreshRefused()
    return signed


async def change_password(context: Context, by: Actor, old: str, new: str) -> None:
    """Change one's own password; other sessions end, and the owner is told."""
    assert by.account_id is not None
    db, now = context.database, context.now
    owner, attempt = await db.write(
        passwords.begin_change, by.account_id, context.address, campus=context.campus, now=now
    )
    _free(context, attempt)
    _strong(new, owner.user_name, "/new_password")
    if not await context.hasher.verify(attempt.known, old):
        raise WrongPassword()
    fresh = await context.hasher.hash(new)
    if not await db.write(passwords.finish_change, attempt, fresh, by=by, now=now):
        raise WrongPassword()
    context.mail(owner.email, mails.password_changed(owner.display_name))


def ask_reset(context: Context, user_name: str) -> None:
    """Mail a code to the owner, once the answer is out: it is the same, and as fast, for unknown names."""
    context.tasks.add_task(_mail_reset, context, user_name)


async def _mail_reset(context: Context, user_name: str) -> None:
    issued = await context.database.write(passwords.ask_reset, context.config.service, user_name, now=context.now)
    if issued is not None and issued.account.email:
        mail = mails.reset_code(issued.account.display_name, readable(issued.code))
        await context.mailer.send(issued.account.email, mail.subject, mail.text, context.now)


async def print_reset(context: Context, account_id: int, by: Actor) -> CodeIssued:
    """A reset code to print at a desk; the owner is told."""
    issued = await context.database.write(passwords.print_reset, context.config, account_id, by=by, now=context.now)
    context.mail(issued.account.email, mails.code_printed(issued.account.display_name))
    return replace(issued, code=readable(issued.code))


async def use_code(context: Context, purpose: Purpose, user_name: str, code: str, password: str) -> None:
    """Set a password with a one-time code (`reset`), or activate an invited account with it (`activation`)."""
    _strong(password, user_name)
    db, now = context.database, context.now
    attempt = await db.write(passwords.begin_code, purpose, user_name, context.address, campus=context.campus, now=now)
    _free(context, attempt)
    use = CodeUse(purpose, attempt.pair, user_name, code, await context.hasher.hash(password))
    owner = await db.write(passwords.finish_code, context.config.service, use, now=now)
    if owner is None:
        raise CodeRefused("The code is wrong, used, or too old; ask for another.")
    if purpose == "reset":
        context.mail(owner.email, mails.password_changed(owner.display_name))


async def apply(context: Context, body: SignUp, applicant: Actor | None) -> Submitted:
    """Submit an application."""
    if not context.open_for_all:
        raise SignUpClosed("Accounts are made by staff at present; ask at the desk.")
    password = body.password.get_secret_value()
    _strong(password, body.user_name)
    said = body.applying(await context.hasher.hash(password))
    return await context.database.write(
        applying.apply,
        context.config,
        said,
        applicant=applicant,
        open_for_all=context.open_for_all,
        now=context.now,
    )


async def decide(
    context: Context,
    application_id: int,
    decision: Decision,
    *,
    by: Actor,
    reason: str | None = None,
    attach: bool = False,
) -> Application:
    """Approve or reject an application; the applicant is told. A refused attempt is audited."""
    try:
        decided = await context.database.write(
            applying.decide,
            context.config,
            application_id,
            decision,
            by=by,
            now=context.now,
            reason=reason,
            attach=attach,
        )
    except Refusal as refusal:
        subject = f"application:{application_id}"
        await audit.refused(context.database, refusal, f"application.{decision}", subject, by, context.now)
        raise
    name = decided.given_name or decided.user_name
    context.mail(decided.email, mails.decided(name, decision == "approve", decided.reason))
    return decided


async def decide_several(
    context: Context, ids: Sequence[int], decision: Decision, *, by: Actor, reason: str | None, attach: bool
) -> list[Verdict]:
    """The same decision about several applications, each on its own: one refusal does not undo the others."""
    verdicts = []
    for application_id in dict.fromkeys(ids):
        try:
            decided = await decide(context, application_id, decision, by=by, reason=reason, attach=attach)
            verdicts.append(Verdict(id=application_id, outcome="decided", state=decided.state))
        except Refusal as refusal:
            verdicts.append(Verdict(id=application_id, outcome="refused", code=refusal.code, detail=refusal.detail))
    return verdicts


async def invite(context: Context, who: Registration, *, by: Actor, by_mail: bool) -> CodeIssued:
    """Make an account that its owner activates; the code is mailed, or answered for printing."""
    issued = await context.database.write(registering.invite, context.config, by=by, now=context.now, **who)
    return _deliver(context, issued, by_mail=by_mail)


async def invite_again(context: Context, account_id: int, *, by: Actor, by_mail: bool) -> CodeIssued:
    """A new activation code for an account that was never activated."""
    issued = await context.database.write(registering.invite_again, context.config, account_id, by=by, now=context.now)
    return _deliver(context, issued, by_mail=by_mail)


def _deliver(context: Context, issued: CodeIssued, *, by_mail: bool) -> CodeIssued:
    shown = readable(issued.code)
    if not (by_mail and issued.account.email):
        return replace(issued, code=shown)
    account = issued.account
    context.mail(account.email, mails.activation_code(account.display_name, account.user_name, shown))
    return replace(issued, code="")


def readable(code: str) -> str:
    """A code in groups of four, as it is read from paper."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
