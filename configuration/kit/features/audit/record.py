"""Writing the audit, and forgetting who acted."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, delete, insert, select

from configuration.kit.database import Database, Statement, Transaction, insert_into
from configuration.kit.errors import Refusal
from configuration.kit.features.audit.tables import audit, audit_actor
from configuration.kit.security.actor import Actor

Outcome = Literal["done", "refused"]

SUBJECT_LENGTH = 200
"""A refused act may be about whatever was typed; of that, this much is kept."""

_SEALED_LATER = ("position", "link", "sealed_at")
_INSERT = Statement(insert_into(audit, returning=("id",), omit=("id", *_SEALED_LATER)))
_INSERT_ACTOR = Statement(insert_into(audit_actor, omit=()))

_row = insert_into(audit, returning=("id",), omit=("id", *_SEALED_LATER)).cte("row")
_INSERT_BOTH = Statement(
    insert(audit_actor).from_select(
        ["audit_id", "person", "salt"],
        select(
            _row.c.id,
            bindparam("person", type_=audit_actor.c.person.type),
            bindparam("salt", type_=audit_actor.c.salt.type),
        ),
    )
)
_FORGET = Statement(delete(audit_actor).where(audit_actor.c.person == bindparam("person")))
_ON_SUBJECT = audit_actor.c.audit_id.in_(select(audit.c.id).where(audit.c.subject == bindparam("subject")))
_FORGET_SUBJECT = Statement(delete(audit_actor).where(_ON_SUBJECT))
_FORGET_ON_SUBJECT = Statement(
    delete(audit_actor).where(_ON_SUBJECT, audit_actor.c.person == bindparam("person", type_=audit_actor.c.person.type))
)
_PERSON = re.compile(r"(student|faculty|library):\d+")


def record(
    tx: Transaction,
    action: str,
    subject: str,
    *,
    by: Actor,
    now: datetime,
    outcome: Outcome = "done",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add a row in the transaction of the act itself.

    `subject` names a thing such as `loan:12`. Subject and facts outlive the people they concern, so a person reference
    in them is an error of the program.
    """
    told = dict(facts or {})
    if any(isinstance(value, str) and _PERSON.fullmatch(value) for value in (subject, *told.values())):
        raise ValueError(f"the audit of {action} would name a person for ever: {subject} {told}")
    salt = secrets.token_hex(16)
    row = {
        "at": now,
        "action": action,
        "subject": subject[:SUBJECT_LENGTH],
        "outcome": outcome,
        "via": by.via,
        "facts": told,
        "actor_digest": actor_digest(salt, by.person),
    }
    if tx.dialect == "postgresql":
        tx.run(_INSERT_BOTH, **row, person=by.person, salt=salt)
    else:
        tx.run(_INSERT_ACTOR, audit_id=tx.scalar(_INSERT, **row), person=by.person, salt=salt)


async def refused(db: Database, refusal: Refusal, action: str, subject: str, by: Actor, now: datetime) -> None:
    """Audit a refused act. Its own transaction was rolled back, so this is a second write."""
    codes = [refusal.code, *(blocker.code for blocker in refusal.blockers if blocker.code != refusal.code)]
    await db.write(record, action, subject, by=by, now=now, outcome="refused", facts={"codes": codes})


def forget(tx: Transaction, person: str) -> int:
    """Forget that this person acted, everywhere; answers in how many rows."""
    return tx.run(_FORGET, person=person)


def forget_subject(tx: Transaction, subject: str, persons: Sequence[str] | None = None) -> int:
    """Forget who acted on one thing, for instance on a loan that was returned long ago: everybody, or these persons."""
    if persons is None:
        return tx.run(_FORGET_SUBJECT, subject=subject)
    return sum(tx.run(_FORGET_ON_SUBJECT, subject=subject, person=person) for person in persons)


def actor_digest(salt: str, person: str) -> str:
    """What stays of the person in the row: useless without the salt, which is deleted with the person."""
    return hashlib.sha256(f"{salt}:{person}".encode()).hexdigest()
