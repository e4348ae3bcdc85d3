"""What the first pages tell: what is to grade, what is due, how each assignment stands for a student."""

from decimal import Decimal

from faculty_mgt.models.data.overview import Task
from faculty_mgt.models.request.assignments import OverrideCreate
from faculty_mgt.models.request.marks import MarkCreate, MarkWithoutWork
from faculty_mgt.services import assignments, marks, overrides, overview
from tests.faculty_mgt.handing_in import hand_in
from tests.faculty_mgt.school import ANN, BEN, CAL, DAY, GRADER, LEAD, STRANGER, ZONE, School


def task_of(school: School, assignment_id: int) -> Task:
    """How an assignment stands for Ann now."""
    return next(one for one in school.read(overview.tasks, ANN) if one.id == assignment_id)


def standing(school: School, assignment_id: int) -> str:
    return task_of(school, assignment_id).standing(school.now)


class TestToGrade:
    def test_the_longest_waiting_comes_first_until_it_is_marked(self, school: School) -> None:
        one, other = school.assignment(), school.assignment()
        first = hand_in(school, other, BEN)
        school.now += DAY
        hand_in(school, one)
        hand_in(school, other)

        found = school.read(overview.to_grade, LEAD)
        assert [(each.id, each.waiting, each.first_id) for each in found] == [(other.id, 2, first.id), (one.id, 1, 2)]
        assert school.read(overview.to_grade, GRADER) == found
        school.write(marks.mark, first.id, MarkCreate(raw=Decimal(50)), seen=None, by=LEAD)

        assert [(each.id, each.waiting) for each in school.read(overview.to_grade, LEAD)] == [
            (one.id, 1),
            (other.id, 1),
        ]

    def test_nobody_sees_what_they_do_not_teach(self, school: School) -> None:
        hand_in(school, school.assignment())

        assert school.read(overview.to_grade, STRANGER) == school.read(overview.to_grade, ANN) == []

    def test_deadlines_are_those_to_come(self, school: School) -> None:
        later, sooner = school.assignment(), school.assignment(due_at=school.now + DAY)
        school.assignment(published=False)
        assert [one.id for one in school.read(overview.deadlines, LEAD)] == [sooner.id, later.id]

        school.now += 2 * DAY

        assert [one.id for one in school.read(overview.deadlines, LEAD)] == [later.id]


class TestHowATaskStands:
    def test_what_is_overdue_is_pinned_and_the_rest_comes_by_its_due_time(self, school: School) -> None:
        later = school.assignment()
        overdue = school.assignment(due_at=school.now + DAY, locks_at=school.now + 9 * DAY)
        sooner = school.assignment(due_at=school.now + 3 * DAY)
        gone = school.assignment(due_at=school.now + DAY / 2, locks_at=school.now + DAY)
        school.now += 2 * DAY

        found = school.read(overview.tasks, ANN)

        assert [one.id for one in found] == [overdue.id, sooner.id, later.id, gone.id]
        assert [one.standing(school.now) for one in found] == ["overdue", "to_do", "to_do", "missed"]
        assert school.read(overview.tasks, CAL) == []

    def test_a_mark_shows_when_it_is_released_and_a_draft_never(self, school: School) -> None:
        draft = school.assignment(published=False)
        task = school.assignment()
        work = hand_in(school, task)
        school.write(marks.mark, work.id, MarkCreate(raw=Decimal(80)), seen=None, by=LEAD)
        assert standing(school, task.id) == "handed_in"
        assert task_of(school, task.id).final is None

        school.write(marks.release, task.id, by=LEAD)

        assert standing(school, task.id) == "marked"
        assert task_of(school, task.id).final == Decimal(80)
        assert draft.id not in [one.id for one in school.read(overview.tasks, ANN)]

    def test_what_is_granted_counts_for_its_student_alone_and_as_long_as_it_holds(self, school: School) -> None:
        task = school.assignment(due_at=school.now + DAY, locks_at=school.now + DAY)
        grant = OverrideCreate(student_number=1001, due_at=school.now + 5 * DAY, reason="Was ill.")
        made = school.write(overrides.grant, task.id, grant, by=LEAD, zone=ZONE)
        school.now += 2 * DAY

        assert standing(school, task.id) == "to_do"
        (bens,) = school.read(overview.tasks, BEN)
        assert bens.standing(school.now) == "missed"
        seen = school.read(assignments.seen, task.id, ANN)
        assert task_of(school, task.id).window == (seen.window)
        school.write(overrides.end, task.id, made.id, by=LEAD)
        assert standing(school, task.id) == "missed"


class TestWithoutWork:
    def test_who_handed_nothing_in_is_listed_until_something_is_said_of_them(self, school: School) -> None:
        task = school.assignment()
        hand_in(school, task)
        assert [one.student_number for one in school.read(overview.without_work, task.id, LEAD)] == [1002]

        school.write(marks.mark_without_work, task.id, 1002, MarkWithoutWork(missing=True), seen=None, by=LEAD)

        assert school.read(overview.without_work, task.id, LEAD) == []
