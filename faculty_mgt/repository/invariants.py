"""What is always true of work and marks; every row that a statement finds breaks it."""

from sqlalchemy import and_, exists, func, or_, select

from configuration.kit.database import Statement
from configuration.kit.features.audit import Invariant
from faculty_mgt.models.data.marks import mark
from faculty_mgt.models.data.submissions import submission, work

_attempts = (
    select(func.count())
    .select_from(submission)
    .where(submission.c.assignment_id == work.c.assignment_id, submission.c.student_number == work.c.student_number)
    .correlate(work)
    .scalar_subquery()
)
_versions = (
    select(func.count())
    .select_from(mark)
    .where(mark.c.assignment_id == work.c.assignment_id, mark.c.student_number == work.c.student_number)
    .correlate(work)
    .scalar_subquery()
)
_of_another = and_(
    submission.c.id == mark.c.submission_id,
    or_(submission.c.assignment_id != mark.c.assignment_id, submission.c.student_number != mark.c.student_number),
)

INVARIANTS = (
    Invariant(
        "attempts-contiguous",
        "The attempts at an assignment are numbered from one without gaps, and counted right.",
        Statement(select(work.c.id).where(work.c.attempts != _attempts)),
    ),
    Invariant(
        "marks-contiguous",
        "The versions of a mark are numbered from one without gaps, and counted right.",
        Statement(select(work.c.id).where(work.c.marks != _versions)),
    ),
    Invariant(
        "mark-of-its-work",
        "A mark belongs to the student and the assignment of the attempt it was given for.",
        Statement(select(mark.c.id).where(exists().where(_of_another))),
    ),
)
