"""Applying for an account, and deciding: by somebody else, once, with a reason."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.features.accounts.domain import Decision
from configuration.kit.features.accounts.errors import (
    AlreadyDecided,
    ApplicationNotFound,
    OwnApplication,
    ReasonNeeded,
    SignUpClosed,
    UserNameTaken,
)
from configuration.kit.features.accounts.model import Account, Application, Applying, Roles, Submitted
from configuration.kit.features.accounts.repository import accounts, applications
from configuration.kit.features.accounts.use_cases.granting import must_manage
from configuration.kit.features.accounts.use_cases.registering import register
from configuration.kit.security.actor import Actor
from configuration.kit.security.sessions import new_secret

REASON_NEEDED = "A rejection needs a reason; the applicant reads it."


def apply(
    tx: Transaction, config: Roles, said: Applying, *, applicant: Actor | None, open_for_all: bool, now: datetime
) -> Submitted:
    """Submit an application. The receipt is shown once; with it the applicant asks after it, or withdraws it."""
    if not open_for_all or config.applicant_role is None:
        raise SignUpClosed("Accounts are made by staff at present; ask at the desk.")
    if accounts.by_user_name(tx, said.user_name) is not None:
        raise UserNameTaken()
    receipt = new_secret()
    person = applicant.person if applicant is not None else None
    made = applications.add(tx, said, applicant=person, receipt=receipt, now=now)
    return Submitted(made, "submitted", now, receipt)


def decide(
    tx: Transaction,
    config: Roles,
    application_id: int,
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
    reason: str | None = None,
    attach: bool = False,
) -> Application:
    """Approve or reject an application. Approval makes the person and the account, exactly once.

    `attach` says that the number applied with is that of a person on record, whose account this becomes.
    """
    found = applications.lock(tx, application_id)
    if found is None:
        raise ApplicationNotFound()
    must_manage(config, (), by)
    _must_be_another(config, found, by)
    if found.state != "submitted":
        raise AlreadyDecided(f"This application was {found.state}.", state=found.state)
    if decision == "reject" and not (reason or "").strip():
        raise ReasonNeeded(REASON_NEEDED, blockers=[Blocker(ReasonNeeded.code, REASON_NEEDED, pointer="/reason")])
    made = None
    if decision == "approve":
        made = _admit(tx, config, found, by=by, now=now, attach=attach)
    state = "approved" if decision == "approve" else "rejected"
    applications.close(tx, application_id, state, by=by.person, reason=reason, made=made, now=now)
    audit.record(tx, f"application.{decision}", f"application:{application_id}", by=by, now=now)
    decided = applications.find(tx, application_id)
    assert decided is not None
    return decided


def _admit(tx: Transaction, config: Roles, found: Application, *, by: Actor, now: datetime, attach: bool) -> Account:
    assert config.applicant_role is not None
    return register(
        tx,
        config,
        by=by,
        now=now,
        user_name=found.user_name,
        roles=[config.applicant_role],
        person_no=found.person_no,
        given_name=found.given_name,
        middle_name=found.middle_name,
        family_name=found.family_name,
        email=found.email,
        details=found.details,
        password_hash=found.password_hash,
        attach=attach,
    )


def _must_be_another(config: Roles, found: Application, by: Actor) -> None:
    """The person who decides is not the one who applied, nor the one the application says it is from."""
    claimed = f"{config.service}:{found.person_no}" if found.person_no is not None else None
    if any(person is not None and by.is_person(person) for person in (found.applicant, claimed)):
        raise OwnApplication()


def look_at(tx: Transaction, config: Roles, application_id: int) -> tuple[Application, str | None]:
    """An application, and the name of the person on record whose number it names."""
    found = applications.find(tx, application_id)
    if found is None:
        raise ApplicationNotFound()
    on_record = config.people.find(tx, found.person_no) if found.person_no is not None else None
    return found, on_record.display_name if on_record else None


def status_of(tx: Transaction, application_id: int, receipt: str) -> Application:
    """The application, for whoever has its receipt."""
    found = applications.by_receipt(tx, application_id, receipt)
    if found is None:
        raise ApplicationNotFound()
    return found


def withdraw(tx: Transaction, application_id: int, receipt: str, *, now: datetime) -> Application:
    """Take an application back before it is decided; its user name is free again."""
    found = status_of(tx, application_id, receipt)
    if not applications.close(tx, found.id, "withdrawn", by=None, reason=None, made=None, now=now):
        raise AlreadyDecided(f"This application was {found.state}.", state=found.state)
    return status_of(tx, application_id, receipt)
