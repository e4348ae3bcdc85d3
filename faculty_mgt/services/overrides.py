"""What is granted to single students: more time, more attempts. Recorded with its reason, and ended, never removed."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import deadline
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.errors import OverrideNotFound, TeachingRefused
from faculty_mgt.models.data.assignments import Override
from faculty_mgt.models.request.assignments import OverrideCreate
from faculty_mgt.repository import assignments, attending
from faculty_mgt.services.assignments import to_teach
from faculty_mgt.services.teaching import require_editor


def of_assignment(
    tx: Transaction, assignment_id: int, by: Actor, *, now: datetime, after: int, limit: int
) -> list[Override]:
    """Every override of an assignment that one teaches, those that ended too."""
    to_teach(tx, assignment_id, by, now)
    return assignments.overrides_of(tx, assignment_id, after=after, limit=limit)


def grant(
    tx: Transaction, assignment_id: int, said: OverrideCreate, *, by: Actor, now: datetime, zone: tzinfo
) -> Override:
    """Grant a student of the space something of their own."""
    row = to_teach(tx, assignment_id, by, now)
    require_editor(tx, row.space_id, by, now)
    due = None if said.due_at is None else deadline(said.due_at, zone)
    locks = None if said.locks_at is None else deadline(said.locks_at, zone)
    faults = []
    if not attending.attends(tx, row.space_id, said.student_number):
        detail = f"No student with the number {said.student_number} attends this space."
        faults.append(Blocker("STUDENT_UNKNOWN", detail, "/student_number"))
    if due is not None and locks is not None and locks < due:
        faults.append(Blocker("LOCKED_BEFORE_DUE", "It would be locked before it is due.", "/locks_at"))
    if due is not None and due < row.opens_at:
        faults.append(Blocker("DUE_BEFORE_OPEN", "It would be due before it opens.", "/due_at"))
    if faults:
        raise TeachingRefused(" ".join(fault.detail for fault in faults), blockers=faults)
    made = assignments.overrides.add(
        tx,
        assignment_id=assignment_id,
        student_number=said.student_number,
        due_at=due,
        locks_at=locks,
        attempts=said.attempts,
        reason=said.reason,
        created_at=now,
        created_by=by.person,
        ended_at=None,
        ended_by=None,
    )
    audit.record(tx, "override.granted", f"assignment:{assignment_id}", by=by, now=now, facts={"override": made})
    return _found(tx, made)


def end(tx: Transaction, assignment_id: int, override_id: int, *, by: Actor, now: datetime) -> Override:
    """Take back what was granted; what was handed in while it held stays as it is."""
    row = to_teach(tx, assignment_id, by, now)
    require_editor(tx, row.space_id, by, now)
    held = assignments.overrides.find(tx, override_id)
    if held is None or held.assignment_id != assignment_id:
        raise OverrideNotFound()
    if not assignments.end_override(tx, override_id, by=by.person, now=now):
        raise OverrideNotFound("The override has ended already.")
    audit.record(tx, "override.ended", f"assignment:{assignment_id}", by=by, now=now, facts={"override": override_id})
    return _found(tx, override_id)


def _found(tx: Transaction, override_id: int) -> Override:
    found = assignments.overrides.find(tx, override_id)
    assert found is not None
    return found
