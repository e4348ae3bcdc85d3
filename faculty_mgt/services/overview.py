"""What the first pages tell, asked for by whoever it belongs to."""

from collections.abc import Iterable
from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.features.people import repository as people_on_record
from configuration.kit.security.actor import Actor
from faculty_mgt.domain.hats import number_as
from faculty_mgt.domain.sections import EDITORS
from faculty_mgt.models.data.marks import Mark
from faculty_mgt.models.data.offer import Space
from faculty_mgt.models.data.overview import Deadline, Task, ToGrade, by_urgency
from faculty_mgt.models.data.roster import Attendee
from faculty_mgt.repository import marks, overview, sections
from faculty_mgt.services.assignments import to_teach
from faculty_mgt.services.teaching import require_teacher, teaches


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


def space(tx: Transaction, space_id: int, by: Actor, *, now: datetime) -> Space:
    """A teaching space, for whoever teaches or attends it."""
    teaches(tx, space_id, by, now)
    found = sections.spaces.find(tx, space_id)
    assert found is not None
    return found


def arranges(tx: Transaction, space_id: int, by: Actor, *, now: datetime) -> bool:
    """Whether somebody arranges what stands in a space that they teach; a grader marks only."""
    return bool(require_teacher(tx, space_id, number_as(by, "faculty"), now) & EDITORS)


def own_mark(tx: Transaction, assignment_id: int, by: Actor) -> Mark | None:
    """One's own mark for an assignment, if it was released."""
    student = number_as(by, "student")
    return None if student is None else marks.released(tx, assignment_id, student)


def known_names(tx: Transaction, students: Iterable[int]) -> dict[int, str]:
    """What students are called on a roster that there is or was, as far as they are known."""
    names = {number: overview.known_name(tx, number) for number in students}
    return {number: name for number, name in names.items() if name is not None}


def names_of(tx: Transaction, persons: Iterable[str]) -> dict[str, str]:
    """What people of the faculty are called, by their references."""
    found = {}
    for reference in set(persons):
        home, _, number = reference.partition(":")
        person = people_on_record.find(tx, int(number)) if home == "faculty" else None
        if person is not None:
            found[reference] = person.display_name
    return found
