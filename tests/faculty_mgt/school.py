"""A small faculty on a real database: a course, a term, two sections in one space, lecturers and students."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from configuration.kit.database import Database, Transaction
from configuration.kit.features.people import repository as people
from configuration.kit.security.actor import Actor
from faculty_mgt.models.data.assignments import Assignment
from faculty_mgt.models.data.offer import SectionView
from faculty_mgt.models.request.assignments import AssignmentCreate
from faculty_mgt.models.request.courses import CourseCreate, TermCreate
from faculty_mgt.models.request.sections import AttendeeIn, RosterSet, SectionCreate, TeachingCreate
from faculty_mgt.services import assignments, courses, roster, sections, teaching

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
UNIVERSITY = frozenset({"university"})


def person(reference: str, *roles: str) -> Actor:
    """Somebody signed in."""
    issuer: Any = reference.partition(":")[0]
    return Actor(reference, issuer, f"Name of {reference}", dict.fromkeys(roles, UNIVERSITY), frozenset({reference}))


DEAN = person("faculty:1", "dean")
LEAD, GRADER, STRANGER = (person(f"faculty:{number}", "lecturer") for number in (7, 8, 9))
ANN, BEN, CAL = (person(f"student:{number}", "student") for number in (1001, 1002, 1003))
"""Ann attends section A, Ben section B of the same space, Cal neither."""


class School:
    """Acts in one line each. `space` is shared by the sections `a` and `b` of CS-101 in 2026-1."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self._codes = count(1)
        for number in (1, 7, 8, 9):
            database.write_sync(_add_person, number)
        self.course = self.write(courses.add_course, CourseCreate(code="CS-101", title="Logic", credits=6), by=DEAN)
        term = TermCreate(code="2026-1", name="Spring", starts_on=date(2026, 2, 2), ends_on=date(2026, 6, 26))
        self.term = self.write(courses.add_term, term, by=DEAN)
        self.a = self.section("A", [1001])
        self.space = self.a.space_id
        self.b = self.section("B", [1002], space_id=self.space)
        self.appoint(self.a, 7, "lead")
        self.appoint(self.b, 8, "grader")

    def write(self, use_case: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run a use case now."""
        done: T = self.database.write_sync(use_case, *args, **{"now": self.now, **options})
        return done

    def read(self, use_case: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run a question now."""
        found: T = self.database.read_sync(use_case, *args, **{"now": self.now, **options})
        return found

    def section(self, code: str, students: list[int], **said: Any) -> SectionView:
        """A section with a roster."""
        body = SectionCreate(course_id=self.course.id, term_id=self.term.id, code=code, capacity=30, **said)
        made = self.write(sections.add, body, by=DEAN)
        self.enrol(made, students)
        return made

    def enrol(self, section: SectionView, students: list[int], version: int | None = None) -> Any:
        """Set the roster."""
        body = RosterSet(students=[AttendeeIn(student_number=one, display_name=f"Student {one}") for one in students])
        return self.write(roster.set_by_hand, section.id, body, version=version, by=DEAN)

    def appoint(self, section: SectionView, number: int, role: Any, **said: Any) -> Any:
        """Put somebody onto the teaching list."""
        body = TeachingCreate(person=number, role=role, **said)
        return self.write(teaching.appoint, section.id, body, by=DEAN, zone=ZONE)

    def assignment(self, *, published: bool = True, **said: Any) -> Assignment:
        """An assignment of the space, due a week from now, locked three days later, open at once."""
        due = self.now + 7 * DAY
        body = AssignmentCreate(
            **{"title": f"Exercise {next(self._codes)}", "points": 100, "due_at": due, "locks_at": due + 3 * DAY} | said
        )
        made = self.write(assignments.add, self.space, body, by=LEAD, zone=ZONE)
        return self.write(assignments.publish, made.id, by=LEAD) if published else made


def _add_person(tx: Transaction, number: int) -> None:
    people.add(tx, number=number, display_name=f"Lecturer {number}", external_id=None, by="operator:test", now=NOW)
