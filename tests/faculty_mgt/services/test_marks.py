"""Marks: lateness taken off by the rule, versions only added, seen by their student when released; workbins."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from configuration.kit.database import Statement
from configuration.kit.errors import VersionMismatch, VersionRequired
from faculty_mgt.errors import (
    AssignmentNotFound,
    EditorsOnly,
    MarkChanged,
    MarkRefused,
    NothingToRelease,
    SubmissionNotFound,
    WorkbinNotFound,
)
from faculty_mgt.models.data.marks import Mark, mark
from faculty_mgt.models.data.workbins import Workbin
from faculty_mgt.models.request.assignments import OverrideCreate
from faculty_mgt.models.request.marks import MarkCreate, MarkWithoutWork
from faculty_mgt.services import marks, overrides, submissions, workbins
from tests.faculty_mgt.handing_in import hand_in
from tests.faculty_mgt.school import ANN, BEN, CAL, DAY, GRADER, LEAD, STRANGER, ZONE, School

LATE: dict[str, Any] = {"late_rate_bp": 1000, "late_interval_seconds": 86_400}


def give(school: School, submission_id: int, raw: int | None, *, seen: int | None = None, by: Any = LEAD) -> Mark:
    said = MarkCreate(raw=None if raw is None else Decimal(raw), excused=raw is None)
    return school.write(marks.mark, submission_id, said, seen=seen, by=by)


class TestMarking:
    @pytest.mark.parametrize(("late", "taken"), [(0, 0), (1, 10), (86_400, 10), (86_401, 20)])
    def test_lateness_is_taken_off(self, school: School, late: int, taken: int) -> None:
        task = school.assignment(**LATE)
        school.now = task.due_at + timedelta(seconds=late)
        given = give(school, hand_in(school, task).id, 80)

        assert [given.raw, given.deduction, given.final] == [Decimal(each) for each in (80, taken, 80 - taken)]

    def test_an_extension_given_afterwards_counts(self, school: School) -> None:
        task = school.assignment(**LATE)
        school.now = task.due_at + timedelta(hours=1)
        made = hand_in(school, task)
        extension = OverrideCreate(student_number=1001, due_at=task.due_at + DAY, reason="Was ill.")
        school.write(overrides.grant, task.id, extension, by=LEAD, zone=ZONE)

        assert give(school, made.id, 80).final == 80

    def test_versions_follow_one_another_and_the_second_marker_is_told_who_gave_what(self, school: School) -> None:
        made = hand_in(school, school.assignment())
        first = give(school, made.id, 80)

        with pytest.raises(VersionRequired) as unseen:
            give(school, made.id, 70, by=GRADER)
        assert unseen.value.blockers[0].facts["marked_by"] == LEAD.person
        assert unseen.value.blockers[0].facts["raw"] == "80.00"
        second = give(school, made.id, 70, seen=first.version, by=GRADER)
        with pytest.raises(VersionMismatch, match=GRADER.person):
            give(school, made.id, 90, seen=first.version)
        assert (first.version, second.version) == (1, 2)
        assert [each.raw for each in school.read(marks.history, made.id, LEAD)] == [70, 80]

    def test_not_more_than_the_points_and_not_by_strangers_or_students(self, school: School) -> None:
        made = hand_in(school, school.assignment(points=10))

        with pytest.raises(MarkRefused):
            give(school, made.id, 11)
        with pytest.raises(SubmissionNotFound):
            give(school, made.id, 5, by=STRANGER)
        with pytest.raises(AssignmentNotFound):
            give(school, made.id, 5, by=ANN)

    def test_missing_is_zero_and_excused_has_no_points(self, school: School) -> None:
        task = school.assignment()
        for student, said, raw in ((1001, {"missing": True}, 0), (1002, {"excused": True}, None)):
            told = MarkWithoutWork(**said)
            given = school.write(marks.mark_without_work, task.id, student, told, seen=None, by=LEAD)
            assert (given.raw, given.final, given.missing) == (raw, raw, raw == 0)
        with pytest.raises(AssignmentNotFound):
            school.write(marks.mark_without_work, task.id, 1003, MarkWithoutWork(missing=True), seen=None, by=LEAD)
        hand_in(school, task)
        with pytest.raises(MarkRefused):
            school.write(marks.mark_without_work, task.id, 1001, MarkWithoutWork(missing=True), seen=1, by=LEAD)


class TestReleasing:
    def test_a_student_sees_the_latest_released_version_only(self, school: School) -> None:
        task = school.assignment()
        made = hand_in(school, task)
        give(school, made.id, 80)
        assert school.database.read_sync(marks.mine, ANN, after=0, limit=10) == []
        assert school.read(submissions.seen, made.id, ANN).mark is None
        assert school.read(marks.history, made.id, ANN) == []

        assert school.write(marks.release, task.id, by=LEAD).released == 1
        give(school, made.id, 60, seen=1)

        (own,) = school.database.read_sync(marks.mine, ANN, after=0, limit=10)
        assert (own.final, own.version) == (Decimal(80), 1)
        seen = school.read(submissions.seen, made.id, ANN).mark
        assert seen is not None and seen.final == 80
        assert [each.raw for each in school.read(marks.history, made.id, ANN)] == [80]
        assert school.database.read_sync(marks.mine, BEN, after=0, limit=10) == []
        school.write(marks.release, task.id, by=LEAD)
        (own,) = school.database.read_sync(marks.mine, ANN, after=0, limit=10)
        assert own.final == 60

    def test_the_queue_follows(self, school: School) -> None:
        task = school.assignment(attempts=2)
        made = hand_in(school, task)

        def state() -> list[str]:
            lines = school.read(submissions.queue, task.id, LEAD, state=None, after=0, limit=10)
            for line in lines:
                found = school.read(submissions.queue, task.id, LEAD, state=line.state, after=0, limit=10)
                assert line in found
            return [line.state for line in lines]

        seen = [state()]
        give(school, made.id, 80)
        seen.append(state())
        school.write(marks.release, task.id, by=LEAD)
        seen.append(state())
        hand_in(school, task)
        seen.append(state())

        assert seen == [["unmarked"], ["marked"], ["released"], ["unmarked"]]

    def test_by_those_who_arrange_and_only_what_waits(self, school: School) -> None:
        task = school.assignment()
        with pytest.raises(NothingToRelease):
            school.write(marks.release, task.id, by=LEAD)
        give(school, hand_in(school, task).id, 80, by=GRADER)
        with pytest.raises(EditorsOnly):
            school.write(marks.release, task.id, by=GRADER)
        with pytest.raises(AssignmentNotFound):
            school.write(marks.release, task.id, by=STRANGER)

    @pytest.mark.parametrize(
        "changed", [{"raw": Decimal(90), "final": Decimal(90)}, {"comment": "other"}, {"released_at": None}]
    )
    def test_the_database_lets_nobody_change_a_mark(self, school: School, changed: dict[str, Any]) -> None:
        task = school.assignment()
        made = give(school, hand_in(school, task).id, 80)
        school.write(marks.release, task.id, by=LEAD)
        later = Statement(update(mark).values(**changed).where(mark.c.id == made.id))

        with pytest.raises(Exception, match="append-only"):
            school.database.write_sync(lambda tx: tx.run(later))


class TestRaces:
    async def test_of_many_who_mark_at_once_one_marks_and_the_others_are_told(self, school: School) -> None:
        made = hand_in(school, school.assignment())
        said = MarkCreate(raw=Decimal(50))
        for seen in (None, 1):
            answers = await asyncio.gather(
                *(
                    school.database.write(marks.mark, made.id, said, seen=seen, by=by, now=school.now)
                    for by in [LEAD, GRADER] * 16
                ),
                return_exceptions=True,
            )

            given = [answer for answer in answers if isinstance(answer, Mark)]
            others = [answer for answer in answers if not isinstance(answer, Mark)]
            assert [each.version for each in given] == [(seen or 0) + 1]
            assert all(isinstance(each, VersionRequired | MarkChanged) for each in others), others
            assert all(given[0].marked_by in str(each) for each in others)

    async def test_a_workbin_asked_for_at_once_is_one(self, school: School) -> None:
        answers = await asyncio.gather(
            *(
                school.database.write(workbins.make, student=1001, lecturer=7, by=by, now=school.now)
                for by in [LEAD, ANN] * 16
            )
        )

        assert len({answer.id for answer in answers}) == 1


class TestWorkbins:
    def bin_of(self, school: School, by: Any, **said: Any) -> Workbin:
        return school.write(workbins.make, **{"student": None, "lecturer": None, **said}, by=by)

    def test_holds_the_work_for_what_the_lecturer_teaches(self, school: School) -> None:
        made = hand_in(school, school.assignment())
        held = self.bin_of(school, LEAD, student=1001)
        self.bin_of(school, GRADER, student=1002)

        assert self.bin_of(school, ANN, lecturer=7) == held
        for who in (LEAD, ANN):
            lying = school.read(workbins.work, who, bin_id=held.id, after=(0, 0), limit=10)
            assert [(each.id, each.bin_id) for each in lying] == [(made.id, held.id)]
            assert school.database.read_sync(workbins.mine, who, after=0, limit=10) == [held]
        assert school.read(workbins.work, BEN, bin_id=None, after=(0, 0), limit=10) == []
        with pytest.raises(WorkbinNotFound):
            school.read(workbins.work, BEN, bin_id=held.id, after=(0, 0), limit=10)

    @pytest.mark.parametrize(
        ("by", "said"),
        [
            (LEAD, {"student": 1003}),
            (STRANGER, {"student": 1001}),
            (LEAD, {"student": 1001, "lecturer": 8}),
            (ANN, {"student": 1002, "lecturer": 7}),
            (CAL, {"lecturer": 7}),
            (ANN, {}),
        ],
    )
    def test_of_two_who_have_nothing_to_do_with_each_other_there_is_none(
        self, school: School, by: Any, said: dict[str, int]
    ) -> None:
        with pytest.raises(WorkbinNotFound):
            self.bin_of(school, by, **said)
