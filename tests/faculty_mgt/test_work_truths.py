"""The truths about work and marks see what breaks them."""

import pytest
from sqlalchemy import text

from configuration.kit.database import Statement, Transaction
from configuration.kit.features.audit import check
from faculty_mgt.models.request.marks import MarkCreate
from faculty_mgt.repository.invariants import INVARIANTS
from faculty_mgt.services import marks
from tests.faculty_mgt.handing_in import hand_in
from tests.faculty_mgt.school import BEN, LEAD, School

FAULTS = {
    "attempts-contiguous": "UPDATE work SET attempts = attempts + 1 WHERE student_number = 1001",
    "marks-contiguous": "UPDATE work SET marks = marks + 1 WHERE student_number = 1001",
    "mark-of-its-work": (
        "INSERT INTO mark (assignment_id, student_number, submission_id, version, previous, deduction, excused,"
        " missing, comment, marked_by, marked_at)"
        " SELECT assignment_id, student_number, (SELECT max(id) FROM submission), 2, 1, 0, excused, missing, '', 'x',"
        " marked_at FROM mark"
    ),
}


class _Undo(Exception):
    """Takes a planted fault back, with what it made."""


@pytest.fixture
def marked(school: School) -> School:
    """Two students' work, one of them excused."""
    task = school.assignment()
    made = hand_in(school, task)
    hand_in(school, task, BEN)
    school.write(marks.mark, made.id, MarkCreate(excused=True), seen=None, by=LEAD)
    return school


def test_all_hold(marked: School) -> None:
    assert marked.database.read_sync(check, INVARIANTS) == []


@pytest.mark.parametrize("truth", FAULTS)
def test_each_sees_its_fault(marked: School, truth: str) -> None:
    def run(tx: Transaction) -> None:
        tx.run(Statement(text(FAULTS[truth])))
        raise _Undo([violation.name for violation in check(tx, INVARIANTS)])

    with pytest.raises(_Undo) as found:
        marked.database.write_sync(run)

    assert truth in found.value.args[0]
