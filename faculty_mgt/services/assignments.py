"""Assignments: set by those who teach, seen by those who attend, open for as long as they say."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.days import beginning, deadline
from configuration.kit.errors import Blocker, VersionMismatch
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.assigning import FOLLOWING, SHOWN, State, Window, effective
from faculty_mgt.domain.hats import number_as
from faculty_mgt.errors import (
    AssignmentLocked,
    AssignmentNotFound,
    AssignmentNotOpen,
    SpaceAmbiguous,
    SpaceNotFound,
    TeachingRefused,
    illegal,
)
from faculty_mgt.models.data.assignments import Assignment, Override
from faculty_mgt.models.request.assignments import AssignmentChange, AssignmentCreate, BookAssignmentCreate
from faculty_mgt.repository import assignments, attending, sections
from faculty_mgt.services.teaching import require_editor, require_teacher, teaches

_PLAIN = frozenset(AssignmentChange.model_fields) - {"opens_at", "due_at", "locks_at"}


@dataclass(frozen=True, slots=True)
class Open:
    """An assignment that takes a student's work now: until when it is on time, until when it is taken, how often."""

    assignment: Assignment
    due_at: datetime
    locks_at: datetime
    attempts: int


def add(
    tx: Transaction,
    space_id: int,
    new: AssignmentCreate,
    *,
    by: Actor,
    now: datetime,
    zone: tzinfo,
    state: State = "draft",
) -> Assignment:
    """Set an assignment in a space that one teaches: a draft, which its students do not see."""
    require_editor(tx, space_id, by, now)
    due = deadline(new.due_at, zone)
    locks = due + timedelta(seconds=new.grace_seconds) if new.locks_at is None else deadline(new.locks_at, zone)
    values = {
        **{name: getattr(new, name) for name in _PLAIN},
        "opens_at": now if new.opens_at is None else beginning(new.opens_at, zone),
        "due_at": due,
        "locks_at": locks,
        "state": state,
        "changed_at": now,
    }
    _in_order(values)
    made = assignments.rows.add(tx, **values, space_id=space_id, version=1, created_at=now, created_by=by.person)
    audit.record(
        tx, "assignment.added", f"assignment:{made}", by=by, now=now, facts={"space": space_id, "state": state}
    )
    return found(tx, made)


def add_by_course(tx: Transaction, new: BookAssignmentCreate, *, by: Actor, now: datetime, zone: tzinfo) -> Assignment:
    """The book's way: name the course, and the assignment is there at once."""
    lecturer = number_as(by, "faculty")
    spaces = [] if lecturer is None else sections.taught_in_course(tx, new.course, lecturer, now=now)
    if new.space_id is not None:
        spaces = [space for space in spaces if space == new.space_id]
    if not spaces:
        raise SpaceNotFound(f"You teach no section of {new.course} at present.")
    if len(spaces) > 1:
        detail = f"You teach {new.course} in several teaching spaces; say which by space_id."
        facts = {"space_ids": spaces}
        raise SpaceAmbiguous(detail, blockers=[Blocker(SpaceAmbiguous.code, detail, "/space_id", facts=facts)])
    whole = AssignmentCreate(number=new.number, title=new.title, due_at=new.due_at, points=new.points)
    return add(tx, spaces[0], whole, by=by, now=now, zone=zone, state="published")


def change(
    tx: Transaction,
    assignment_id: int,
    said: AssignmentChange,
    *,
    version: int,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> Assignment:
    """Change what the change names; `version` is the one that was seen."""
    row = _to_arrange(tx, assignment_id, by, now)
    if row.version != version:
        raise VersionMismatch(f"The assignment is at version {row.version} now; look at it again.")
    given = {name: getattr(said, name) for name in said.model_fields_set}
    if emptied := sorted(name for name, value in given.items() if value is None and name != "number"):
        faults = [Blocker("REQUIRED", f"{name} cannot be emptied.", f"/{name}") for name in emptied]
        raise TeachingRefused(" ".join(fault.detail for fault in faults), blockers=faults)
    for name, instant in (("opens_at", beginning), ("due_at", deadline), ("locks_at", deadline)):
        if name in given:
            given[name] = instant(given[name], zone)
    values = {**_values(row), **given, "changed_at": now}
    _in_order(values)
    assignments.rows.change(tx, assignment_id, values)
    facts = {"fields": sorted(given), "version": row.version + 1}
    audit.record(tx, "assignment.changed", f"assignment:{assignment_id}", by=by, now=now, facts=facts)
    return found(tx, assignment_id)


def publish(tx: Transaction, assignment_id: int, *, by: Actor, now: datetime) -> Assignment:
    """Show a draft to its students, or take work for a closed one again."""
    return _move(tx, assignment_id, "published", by=by, now=now)


def close(tx: Transaction, assignment_id: int, *, by: Actor, now: datetime) -> Assignment:
    """Take no more work, whatever the dates say."""
    return _move(tx, assignment_id, "closed", by=by, now=now)


def _move(tx: Transaction, assignment_id: int, target: State, *, by: Actor, now: datetime) -> Assignment:
    row = _to_arrange(tx, assignment_id, by, now)
    if target not in FOLLOWING[row.state]:
        raise illegal("assignment", row.state, target, FOLLOWING[row.state])
    assignments.rows.change(tx, assignment_id, {**_values(row), "state": target, "changed_at": now})
    audit.record(tx, f"assignment.{target}", f"assignment:{assignment_id}", by=by, now=now)
    return found(tx, assignment_id)


def found(tx: Transaction, assignment_id: int) -> Assignment:
    """One assignment, whoever asks; `AssignmentNotFound` when there is none."""
    row = assignments.rows.find(tx, assignment_id)
    if row is None:
        raise AssignmentNotFound()
    return row


def seen(tx: Transaction, assignment_id: int, by: Actor, *, now: datetime) -> Assignment:
    """One assignment as somebody of its space sees it; a student sees their own dates."""
    row = found(tx, assignment_id)
    try:
        teacher = teaches(tx, row.space_id, by, now)
    except SpaceNotFound:
        raise AssignmentNotFound() from None
    if teacher:
        return row
    student = number_as(by, "student")
    if student is None or row.state not in SHOWN:
        raise AssignmentNotFound()
    return as_student(row, assignments.granted(tx, assignment_id, student), now)


def of_space(tx: Transaction, space_id: int, by: Actor, *, now: datetime, after: int, limit: int) -> list[Assignment]:
    """The assignments of a space one belongs to."""
    teacher = teaches(tx, space_id, by, now)
    rows = assignments.of_space(tx, space_id, drafts=teacher, after=after, limit=limit)
    return rows if teacher else _as_student(tx, rows, by, now)


def mine(tx: Transaction, by: Actor, *, now: datetime, after: int, limit: int) -> list[Assignment]:
    """A lecturer's own, drafts too; what a student is asked, everywhere."""
    student, lecturer = number_as(by, "student"), number_as(by, "faculty")
    if student is not None:
        return _as_student(tx, assignments.of_student(tx, student, after=after, limit=limit), by, now)
    if lecturer is not None:
        return assignments.of_teacher(tx, lecturer, now=now, after=after, limit=limit)
    return []


def _as_student(tx: Transaction, rows: list[Assignment], by: Actor, now: datetime) -> list[Assignment]:
    granted: dict[int, list[Override]] = {}
    for override in assignments.granted_anywhere(tx, number_as(by, "student") or 0) if rows else ():
        granted.setdefault(override.assignment_id, []).append(override)
    return [as_student(row, granted.get(row.id, []), now) for row in rows]


def as_student(row: Assignment, granted: list[Override], now: datetime) -> Assignment:
    """The assignment with one student's dates; its text is not told before it opens."""
    window = effective(row.window, granted)
    return replace(
        row,
        due_at=window.due_at,
        locks_at=window.locks_at,
        attempts=window.attempts,
        body=row.body if row.opens_at <= now else "",
    )


def open_for(tx: Transaction, assignment_id: int, *, student: int, now: datetime) -> Open:
    """What a student who hands in now is held to; a refusal when nothing is taken now.

    Who is not on a roster of the space, and what is not published, gets the same answer as what is not there.
    """
    row = assignments.rows.find(tx, assignment_id)
    if row is None or row.state not in SHOWN or not attending.attends(tx, row.space_id, student):
        raise AssignmentNotFound()
    window: Window = effective(row.window, assignments.granted(tx, assignment_id, student))
    if now < row.opens_at:
        raise AssignmentNotOpen(f"Work is taken from {row.opens_at:%Y-%m-%d %H:%M} UTC on.", opens_at=row.opens_at)
    if row.state == "closed":
        raise AssignmentLocked("The assignment is closed.")
    if now > window.locks_at:
        detail = f"Work was taken until {window.locks_at:%Y-%m-%d %H:%M:%S} UTC."
        raise AssignmentLocked(detail, locks_at=window.locks_at)
    return Open(row, window.due_at, window.locks_at, window.attempts)


def to_teach(tx: Transaction, assignment_id: int, by: Actor, now: datetime) -> Assignment:
    """An assignment of a space that somebody teaches now; to others it is not there."""
    row = found(tx, assignment_id)
    try:
        require_teacher(tx, row.space_id, number_as(by, "faculty"), now)
    except SpaceNotFound:
        raise AssignmentNotFound() from None
    return row


def _to_arrange(tx: Transaction, assignment_id: int, by: Actor, now: datetime) -> Assignment:
    """The assignment, locked, for a lead or an assistant of its space."""
    row = assignments.rows.locked(tx, assignment_id)
    if row is None:
        raise AssignmentNotFound()
    to_teach(tx, assignment_id, by, now)
    require_editor(tx, row.space_id, by, now)
    return row


def _values(row: Assignment) -> dict[str, Any]:
    return {name: getattr(row, name) for name in assignments.CHANGEABLE if name != "changed_at"}


def _in_order(values: dict[str, Any]) -> None:
    """Open, then due, then locked; each date out of order is told."""
    faults = []
    if values["opens_at"] > values["due_at"]:
        faults.append(Blocker("DUE_BEFORE_OPEN", "It would be due before it opens.", "/due_at"))
    if values["due_at"] > values["locks_at"]:
        faults.append(Blocker("LOCKED_BEFORE_DUE", "It would be locked before it is due.", "/locks_at"))
    if faults:
        raise TeachingRefused(" ".join(fault.detail for fault in faults), blockers=faults)
