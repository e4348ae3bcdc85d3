"""The teaching of the demo university: a term half way through, with work on time, late, marked and missing."""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

from configuration.commands import Demo
from configuration.commands.demo_people import DemoPerson
from configuration.kit.database import Transaction
from configuration.kit.days import end_of_day, local_day
from configuration.kit.features.files import Arrived, FileStore
from configuration.kit.security.keys import KeyRing
from configuration.kit.security.receipts import Sign, signer
from faculty_mgt.models.data.assignments import Assignment
from faculty_mgt.models.data.offer import SectionView, Term
from faculty_mgt.models.request.assignments import AssignmentCreate, OverrideCreate
from faculty_mgt.models.request.courses import CourseCreate, TermCreate
from faculty_mgt.models.request.marks import MarkCreate, MarkWithoutWork
from faculty_mgt.models.request.postings import AnnouncementCreate, MaterialCreate
from faculty_mgt.models.request.sections import AttendeeIn, RosterSet, SectionChange, SectionCreate, TeachingCreate
from faculty_mgt.services import (
    announcements,
    assignments,
    courses,
    marks,
    materials,
    overrides,
    roster,
    sections,
    submissions,
    teaching,
)

T = TypeVar("T")
COURSES = (("CS-101", "Programming I"), ("MA-110", "Linear Algebra"), ("HI-205", "History of Science"))
MOST_WHO_WORK = 40
"""How many students of a space hand something in, however many there are."""
ESSAY = "Of the making of many programs there is no end.\n" * 20


def furnish(demo: Demo) -> None:
    """Furnish the faculty, in one unit of work: all of it is there, or nothing and the next run begins anew."""
    settings = demo.settings.of("faculty")
    sign = signer(KeyRing("faculty", settings.keys_dir, demo.clock()))
    essay = _stored(FileStore(settings.files_dir), "essay.txt", ESSAY.encode())
    demo.database.write_sync(_teach, demo, sign, essay)


def _stored(store: FileStore, name: str, content: bytes) -> Arrived:
    """Put a file into the store; without a row, after an interruption, the sweep takes it away."""
    arriving = store.begin(name)
    try:
        arriving.write(content)
        arriving.finish()
        return store.keep(arriving)
    finally:
        arriving.close()


def _teach(tx: Transaction, demo: Demo, sign: Sign, essay: Arrived) -> None:
    if courses.list_terms(tx, after=0, limit=1):
        return
    faculty = _Faculty(tx, demo.settings.of("faculty").zone_info, demo.clock(), demo.people, sign)
    students, lecturers = faculty.of("student"), faculty.of("lecturer")
    term = faculty.term()
    halves = (students[::2], students[1::2])
    rosters = (students, students[: len(students) * 2 // 3], students[len(students) // 3 :])
    for place, (code, title) in enumerate(COURSES):
        lecturer, helper = lecturers[place % len(lecturers)], lecturers[(place + 1) % len(lecturers)]
        groups = halves if place == 0 else (rosters[place],)
        first = faculty.course(term, code, title, groups, lecturer, helper)
        faculty.post(first, lecturer)
        _assign(faculty, first, lecturer, rosters[place], essay)


def _assign(
    faculty: "_Faculty", section: SectionView, lecturer: DemoPerson, attending: Sequence[DemoPerson], essay: Arrived
) -> None:
    """One that is marked and released, one overdue with work to grade, one that is due, and a draft."""
    chance = random.Random(section.course)  # noqa: S311 - marks of nobody
    active = list(attending[:MOST_WHO_WORK])
    past = faculty.assignment(section, lecturer, "Exercise 1", due_in=-14, set_in=-28)
    for student in active[:-1]:
        late = chance.random() < 0.2
        faculty.hand_in(student, past, days_ago=12.5 if late else 15 + chance.random() * 5, files=[essay])
    for student in active[:-1]:
        faculty.mark(lecturer, past, student, chance.randint(50, 100), "Well argued; mind the units.", days_ago=9)
    faculty.at(9, marks.mark_without_work, past.id, active[-1].number, MarkWithoutWork(missing=True), seen=None,
               by=lecturer.actor)  # fmt: skip
    faculty.at(8, marks.release, past.id, by=lecturer.actor)
    now_due = faculty.assignment(section, lecturer, "Exercise 2", due_in=-2, set_in=-16)
    for student in active[::2]:
        faculty.hand_in(student, now_due, days_ago=chance.choice((0.5, 3, 4, 6)))
    faculty.mark(lecturer, now_due, active[0], 72, "A good start.", days_ago=0.2)
    coming = faculty.assignment(section, lecturer, "Essay", due_in=6, set_in=-7)
    faculty.hand_in(active[1], coming, days_ago=1, files=[essay])
    more = OverrideCreate(student_number=active[-1].number, due_at=faculty.day(9), reason="Was ill last week.")
    faculty.at(1, overrides.grant, coming.id, more, by=lecturer.actor, zone=faculty.zone)
    faculty.assignment(section, lecturer, "Project", due_in=30, set_in=-1, published=False)


class _Faculty:
    """The dean, the lecturers and the students of the demo, inside one unit of work."""

    def __init__(self, tx: Transaction, zone: tzinfo, now: datetime, people: Sequence[DemoPerson], sign: Sign) -> None:
        self.tx, self.zone, self.now, self.people, self.sign = tx, zone, now, people, sign
        self.dean = self.of("dean")[0].actor

    def of(self, role: str) -> list[DemoPerson]:
        """The people with a role."""
        return [person for person in self.people if role in person.roles]

    def day(self, days: int) -> date:
        """So many days from today."""
        return local_day(self.now, self.zone) + timedelta(days=days)

    def at(self, days_ago: float, use_case: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run a use case as of some days ago."""
        done: T = use_case(self.tx, *args, now=self.now - timedelta(days=days_ago), **options)
        return done

    def term(self) -> Term:
        """The term that is half way through."""
        begins = self.day(-42)
        new = TermCreate(
            code=f"{begins.year}-{begins.month:02d}", name="The present term", starts_on=begins, ends_on=self.day(70)
        )
        return self.at(60, courses.add_term, new, by=self.dean)

    def course(
        self,
        term: Term,
        code: str,
        title: str,
        groups: Iterable[Sequence[DemoPerson]],
        lecturer: DemoPerson,
        helper: DemoPerson,
    ) -> SectionView:
        """A course with a section for each group, all in one space; answers the first section."""
        course = self.at(60, courses.add_course, CourseCreate(code=code, title=title, credits=Decimal(6)), by=self.dean)
        made: list[SectionView] = []
        for place, group in enumerate(groups):
            new = SectionCreate(
                course_id=course.id,
                term_id=term.id,
                code="AB"[place],
                capacity=max(30, len(group)),
                space_id=made[0].space_id if made else None,
            )
            section = self.at(58, sections.add, new, by=self.dean)
            for version, state in enumerate(("open", "in_progress"), start=1):
                change = SectionChange(state=state)
                self.at(50, sections.change, section.id, change, version=version, by=self.dean)
            lead = TeachingCreate(person=lecturer.number, role="lead")
            self.at(50, teaching.appoint, section.id, lead, by=self.dean, zone=self.zone)
            names = [AttendeeIn(student_number=one.number, display_name=one.display_name) for one in group]
            self.at(45, roster.set_by_hand, section.id, RosterSet(students=names), version=None, by=self.dean)
            made.append(section)
        if helper != lecturer:
            grader = TeachingCreate(person=helper.number, role="grader")
            self.at(50, teaching.appoint, made[-1].id, grader, by=self.dean, zone=self.zone)
        return made[0]

    def post(self, section: SectionView, lecturer: DemoPerson) -> None:
        """Something to read and something said."""
        by = lecturer.actor
        words = MaterialCreate(kind="text", title="How this course works", body="Two exercises, an essay, a project.")
        self.at(40, materials.add, section.space_id, words, by=by, zone=self.zone)
        link = MaterialCreate(kind="link", title="Reading for week 1", url="https://example.org/reading", position=1)
        self.at(40, materials.add, section.space_id, link, by=by, zone=self.zone)
        news = AnnouncementCreate(title="Marks of exercise 1", body="They are released; ask me on Friday.")
        self.at(8, announcements.add, section.space_id, news, by=by, zone=self.zone)

    def assignment(
        self,
        section: SectionView,
        lecturer: DemoPerson,
        title: str,
        *,
        due_in: int,
        set_in: int,
        published: bool = True,
    ) -> Assignment:
        """An assignment that was set some days ago; late work loses a tenth for each day."""
        due = end_of_day(self.day(due_in), self.zone)
        new = AssignmentCreate(
            title=title,
            body="Explain what you did and why, in your own words.",
            points=Decimal(100),
            due_at=due,
            locks_at=due + timedelta(days=5),
            late_rate_bp=1000,
            late_floor_bp=3000,
            attempts=2,
        )
        by = lecturer.actor
        made = self.at(-set_in, assignments.add, section.space_id, new, by=by, zone=self.zone)
        return self.at(-set_in, assignments.publish, made.id, by=by) if published else made

    def hand_in(
        self, student: DemoPerson, assignment: Assignment, *, days_ago: float, files: Sequence[Arrived] = ()
    ) -> None:
        """An attempt."""
        work = submissions.Work(f"What I found, by {student.given}.", files)
        self.at(days_ago, submissions.submit, assignment.id, work, by=student.actor, sign=self.sign)

    def mark(
        self,
        lecturer: DemoPerson,
        assignment: Assignment,
        student: DemoPerson,
        raw: int,
        comment: str,
        *,
        days_ago: float,
    ) -> None:
        """Mark a student's work, if there is any."""
        by = student.actor
        for one in submissions.mine(self.tx, by, assignment_id=assignment.id, after=0, limit=1):
            said = MarkCreate(raw=Decimal(raw), comment=comment)
            self.at(days_ago, marks.mark, one.id, said, seen=None, by=lecturer.actor)
