"""SQL about courses and terms."""

from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction
from configuration.kit.database.rows import Pages, Rows
from faculty_mgt.models.data.offer import Course, Term, course, term
from faculty_mgt.models.data.reference import department

courses = Rows(course, Course)
course_pages = Pages(select(*(course.c[name] for name in Course.__dataclass_fields__)), course.c.id, Course)
terms = Rows(term, Term)
term_pages = Pages(select(*(term.c[name] for name in Term.__dataclass_fields__)), term.c.id, Term)
_BY_CODE = Statement(
    select(*(course.c[name] for name in Course.__dataclass_fields__)).where(course.c.code == bindparam("code")), Course
)
_DEPARTMENT: Statement[Any] = Statement(select(department.c.id).where(department.c.id == bindparam("id")))


def course_of(tx: Transaction, code: str) -> Course | None:
    """The course with the code."""
    return tx.first(_BY_CODE, code=code)


def department_known(tx: Transaction, department_id: int) -> bool:
    """Whether there is such a department."""
    return tx.first(_DEPARTMENT, id=department_id) is not None
