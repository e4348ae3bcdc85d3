"""What the first pages tell, asked for by whoever it belongs to."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.hats import number_as
from faculty_mgt.models.data.overview import Deadline, Task, ToGrade, by_urgency
from faculty_mgt.models.data.roster import Attendee
from faculty_mgt.repository import overview
from faculty_mgt.services.assignments import to_teach
from faculty_mgt.services.teaching import require_teacher


def to_grade(tx: Transaction, by: Actor, *, now: datetime) -> list[ToGrade]:
    """What waits for a lecturer's marks, the oldest first."""
    lecturer = number_as(by, "faculty")
    return [] if lecturer is None else overview.to_grade(tx, lecturer, now=now)


def deadlines(tx: Transaction, by: Actor, *, now: datetime) -> list[Deadline]:
    """What falls due next in a lecturer's spaces."""
    lecturer = number_as(by, "faculty")
    return [] if lecturer is None else overview.deadlines(tx, lecturer, now=now)


def tasks(tx: Transaction, by: Actor, *, now: datetime) -> list[Task]:
    """A student's assignments: overdue ones first, then by their due times."""
    student = number_as(by, "student")
    return [] if student is None else by_urgency(overview.tasks(tx, student), now)


def people(tx: Transaction, space_id: int, by: Actor, *, now: datetime) -> list[Attendee]:
    """Who attends a space that one teaches."""
    require_teacher(tx, space_id, number_as(by, "faculty"), now)
    return overview.people_of(tx, space_id)


def without_work(tx: Transaction, assignment_id: int, by: Actor, *, now: datetime) -> list[Attendee]:
    """Who has handed nothing in for an assignment that one teaches, and has no mark for it either."""
    row = to_teach(tx, assignment_id, by, now)
    done = overview.with_work(tx, assignment_id)
    return [one for one in overview.people_of(tx, row.space_id) if one.student_number not in done]
