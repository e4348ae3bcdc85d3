"""Courses and terms: what may be taught, and when."""

from datetime import datetime

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.errors import CourseNotFound, TeachingRefused, TermNotFound
from faculty_mgt.models.data.offer import Course, Term
from faculty_mgt.models.request.courses import CourseCreate, TermCreate
from faculty_mgt.repository import courses


def add_course(tx: Transaction, new: CourseCreate, *, by: Actor, now: datetime) -> Course:
    """Put a course into the catalogue."""
    if new.department_id is not None and not courses.department_known(tx, new.department_id):
        detail = "There is no such department."
        raise TeachingRefused(detail, blockers=[Blocker("DEPARTMENT_UNKNOWN", detail, "/department_id")])
    course_id = courses.courses.add(tx, **new.model_dump(), created_at=now, created_by=by.person)
    audit.record(tx, "course.added", f"course:{course_id}", by=by, now=now, facts={"code": new.code})
    return course(tx, course_id)


def course(tx: Transaction, course_id: int) -> Course:
    """One course."""
    found = courses.courses.find(tx, course_id)
    if found is None:
        raise CourseNotFound()
    return found


def course_of(tx: Transaction, code: str) -> Course:
    """The course with the code."""
    found = courses.course_of(tx, code)
    if found is None:
        raise CourseNotFound(f"No course has the code {code}.")
    return found


def add_term(tx: Transaction, new: TermCreate, *, by: Actor, now: datetime) -> Term:
    """Put a term into the calendar. Deadlines that nobody named are the last day's."""
    values = new.model_dump()
    values["withdraw_by"] = new.withdraw_by or new.ends_on
    values["add_by"] = new.add_by or values["withdraw_by"]
    values["drop_by"] = new.drop_by or values["withdraw_by"]
    values["grades_due"] = new.grades_due or new.ends_on
    term_id = courses.terms.add(tx, **values, created_at=now, created_by=by.person)
    audit.record(tx, "term.added", f"term:{term_id}", by=by, now=now, facts={"code": new.code})
    return term(tx, term_id)


def term(tx: Transaction, term_id: int) -> Term:
    """One term."""
    found = courses.terms.find(tx, term_id)
    if found is None:
        raise TermNotFound()
    return found


def list_courses(tx: Transaction, *, after: int, limit: int) -> list[Course]:
    """The catalogue."""
    return courses.course_pages.page(tx, after=after, limit=limit)


def list_terms(tx: Transaction, *, after: int, limit: int) -> list[Term]:
    """The calendar."""
    return courses.term_pages.page(tx, after=after, limit=limit)
