"""Assignments: who sets them, who sees them, and when they take work."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from configuration.kit.database import Statement
from configuration.kit.errors import Refusal, VersionMismatch
from configuration.kit.features.audit.tables import audit
from configuration.kit.security.actor import Actor
from faculty_mgt.errors import (
    AssignmentLocked,
    AssignmentNotFound,
    AssignmentNotOpen,
    AssignmentNumberGiven,
    EditorsOnly,
    IllegalTransition,
    OverrideNotFound,
    SpaceAmbiguous,
    SpaceNotFound,
    TeachingRefused,
)
from faculty_mgt.models.data.assignments import Override
from faculty_mgt.models.request.assignments import (
    AssignmentChange,
    AssignmentCreate,
    BookAssignmentCreate,
    OverrideCreate,
)
from faculty_mgt.models.request.sections import SectionChange, TeachingEnd
from faculty_mgt.services import assignments, overrides, sections, teaching
from tests.faculty_mgt.school import ANN, BEN, CAL, DAY, DEAN, GRADER, LEAD, NOW, STRANGER, ZONE, School


def codes(refusal: Refusal) -> set[str]:
    return {blocker.code for blocker in refusal.blockers}


def grant(school: School, assignment_id: int, student: int = 1001, by: Actor = LEAD, **said: Any) -> Override:
    body = OverrideCreate(student_number=student, reason="Was ill.", **said)
    return school.write(overrides.grant, assignment_id, body, by=by, zone=ZONE)


class TestSetting:
    def test_a_day_ends_with_its_last_second_in_the_university_s_zone(self, school: School) -> None:
        made = school.assignment(due_at=date(2026, 3, 20), locks_at=None, grace_seconds=3600)

        assert made.due_at == datetime(2026, 3, 20, 22, 59, 59, tzinfo=UTC)
        assert made.locks_at == made.due_at + timedelta(hours=1)
        assert made.opens_at == NOW

    def test_every_date_out_of_order_is_told(self, school: School) -> None:
        with pytest.raises(TeachingRefused) as refused:
            school.assignment(opens_at=date(2026, 3, 9), due_at=date(2026, 3, 8), locks_at=date(2026, 3, 7))

        assert codes(refused.value) == {"DUE_BEFORE_OPEN", "LOCKED_BEFORE_DUE"}

    @pytest.mark.parametrize(
        ("by", "refusal"), [(GRADER, EditorsOnly), (STRANGER, SpaceNotFound), (ANN, SpaceNotFound)]
    )
    def test_only_a_lead_or_an_assistant_may(self, school: School, by: Actor, refusal: type[Refusal]) -> None:
        body = AssignmentCreate(title="Exercise", points=10, due_at=date(2026, 3, 20))

        with pytest.raises(refusal):
            school.write(assignments.add, school.space, body, by=by, zone=ZONE)

    def test_a_number_is_given_once(self, school: School) -> None:
        school.assignment(number=5)

        with pytest.raises(AssignmentNumberGiven):
            school.assignment(number=5)

    def test_whoever_teaches_no_longer_does_not_find_it_and_a_substitute_does(self, school: School) -> None:
        made = school.assignment()
        line = school.read(_lines, school.a.id)[0]

        school.write(teaching.end, school.a.id, line.id, TeachingEnd(), by=DEAN, zone=ZONE)
        school.appoint(school.a, 9, "assistant")

        with pytest.raises(AssignmentNotFound):
            school.read(assignments.seen, made.id, LEAD)
        assert school.write(assignments.close, made.id, by=STRANGER).state == "closed"


def _lines(tx: Any, section_id: int, *, now: datetime) -> Any:
    return teaching.teaching_list(tx, section_id, after=0, limit=10)


class TestTheBook:
    @pytest.fixture
    def body(self) -> BookAssignmentCreate:
        return BookAssignmentCreate.model_validate(
            {"assgn_id": 11, "title": "Exercise", "date_due": "2026-03-20T12:00:00", "course": "CS-101"}
        )

    def test_an_assignment_is_published_where_the_course_is_taught(
        self, school: School, body: BookAssignmentCreate
    ) -> None:
        made = school.write(assignments.add_by_course, body, by=LEAD, zone=ZONE)

        assert (made.number, made.space_id, made.state) == (11, school.space, "published")
        assert made.due_at == made.locks_at == datetime(2026, 3, 20, 11, tzinfo=UTC)
        assert [one.id for one in school.read(assignments.mine, ANN, after=0, limit=9)] == [made.id]

    def test_a_course_taught_in_two_spaces_needs_the_space(self, school: School, body: BookAssignmentCreate) -> None:
        other = school.section("C", [])
        school.appoint(other, 7, "lead")

        with pytest.raises(SpaceAmbiguous):
            school.write(assignments.add_by_course, body, by=LEAD, zone=ZONE)

        said = body.model_copy(update={"space_id": other.space_id})
        assert school.write(assignments.add_by_course, said, by=LEAD, zone=ZONE).space_id == other.space_id

    def test_a_course_one_does_not_teach_is_not_there(self, school: School, body: BookAssignmentCreate) -> None:
        with pytest.raises(SpaceNotFound):
            school.write(assignments.add_by_course, body, by=STRANGER, zone=ZONE)


class TestChanging:
    def test_what_is_left_out_stays_and_the_audit_names_the_fields(self, school: School) -> None:
        made = school.assignment()

        changed = school.write(
            assignments.change, made.id, AssignmentChange(title="New"), version=made.version, by=LEAD, zone=ZONE
        )

        assert (changed.title, changed.due_at, changed.version) == ("New", made.due_at, made.version + 1)

    def test_a_version_that_is_gone_is_refused(self, school: School) -> None:
        made = school.assignment(published=False)
        school.write(assignments.publish, made.id, by=LEAD)

        with pytest.raises(VersionMismatch):
            school.write(
                assignments.change, made.id, AssignmentChange(title="New"), version=made.version, by=LEAD, zone=ZONE
            )

    def test_a_grader_arranges_nothing(self, school: School) -> None:
        made = school.assignment()

        for act in (assignments.close, assignments.publish):
            with pytest.raises(EditorsOnly):
                school.write(act, made.id, by=GRADER)

    def test_nothing_needed_is_emptied_and_dates_stay_in_order(self, school: School) -> None:
        made = school.assignment()
        emptied = AssignmentChange.model_validate({"title": None, "points": None})
        early = AssignmentChange(locks_at=made.due_at - DAY)

        with pytest.raises(TeachingRefused) as refused:
            school.write(assignments.change, made.id, emptied, version=made.version, by=LEAD, zone=ZONE)
        with pytest.raises(TeachingRefused) as disordered:
            school.write(assignments.change, made.id, early, version=made.version, by=LEAD, zone=ZONE)

        assert len(refused.value.blockers) == 2
        assert codes(disordered.value) == {"LOCKED_BEFORE_DUE"}

    def test_what_students_have_seen_is_never_a_draft_again(self, school: School) -> None:
        made = school.assignment()

        with pytest.raises(IllegalTransition):
            school.write(assignments.publish, made.id, by=LEAD)

        assert school.write(assignments.close, made.id, by=LEAD).state == "closed"
        assert school.write(assignments.publish, made.id, by=LEAD).state == "published"


class TestSeeing:
    def test_students_of_every_section_of_the_space_see_what_is_published(self, school: School) -> None:
        made, draft = school.assignment(), school.assignment(published=False)

        assert [one.id for one in school.read(assignments.mine, LEAD, after=0, limit=9)] == [made.id, draft.id]
        assert [one.id for one in school.read(assignments.mine, GRADER, after=0, limit=9)] == [made.id, draft.id]
        for student in (ANN, BEN):
            assert [one.id for one in school.read(assignments.mine, student, after=0, limit=9)] == [made.id]
            assert school.read(assignments.of_space, school.space, student, after=0, limit=9) == [made]
            assert school.read(assignments.seen, made.id, student) == made
            with pytest.raises(AssignmentNotFound):
                school.read(assignments.seen, draft.id, student)
        assert school.read(assignments.of_space, school.space, GRADER, after=0, limit=9) == [made, draft]
        for outsider in (CAL, STRANGER, DEAN):
            assert school.read(assignments.mine, outsider, after=0, limit=9) == []
            with pytest.raises(AssignmentNotFound):
                school.read(assignments.seen, made.id, outsider)

    def test_no_text_is_told_before_it_opens(self, school: School) -> None:
        made = school.assignment(body="The question", opens_at=NOW + DAY)

        assert school.read(assignments.seen, made.id, LEAD).body == "The question"
        assert school.read(assignments.seen, made.id, ANN).body == ""
        assert school.read(assignments.of_space, school.space, ANN, after=0, limit=9)[0].body == ""
        assert school.read(assignments.seen, made.id, ANN, now=NOW + DAY).body == "The question"

    def test_each_student_sees_their_own_dates_in_lists_too(self, school: School) -> None:
        made, other = school.assignment(), school.assignment()
        grant(school, made.id, due_at=made.due_at + 5 * DAY, attempts=3)

        listed = school.read(assignments.mine, ANN, after=0, limit=9)

        assert [(one.due_at, one.locks_at, one.attempts) for one in listed] == [
            (made.due_at + 5 * DAY, made.due_at + 5 * DAY, 3),
            (other.due_at, other.locks_at, 1),
        ]
        assert school.read(assignments.seen, made.id, BEN).due_at == made.due_at

    def test_who_left_the_roster_or_whose_section_is_cancelled_sees_nothing(self, school: School) -> None:
        school.assignment()
        school.enrol(school.a, [], version=1)
        school.write(sections.change, school.b.id, SectionChange(state="cancelled"), version=1, by=DEAN)

        assert school.read(assignments.mine, ANN, after=0, limit=9) == []
        assert school.read(assignments.mine, BEN, after=0, limit=9) == []


class TestOpenFor:
    def test_work_is_taken_from_opening_to_lock_both_included(self, school: School) -> None:
        made = school.assignment(opens_at=NOW + DAY)

        with pytest.raises(AssignmentNotOpen):
            school.read(assignments.open_for, made.id, student=1001)
        for now in (made.opens_at, made.due_at, made.locks_at):
            opened = school.read(assignments.open_for, made.id, student=1001, now=now)
            assert (opened.assignment.id, opened.due_at, opened.attempts) == (made.id, made.due_at, 1)
        with pytest.raises(AssignmentLocked):
            school.read(assignments.open_for, made.id, student=1001, now=made.locks_at + timedelta(microseconds=1))

    def test_what_was_granted_holds_for_that_student_until_it_ends(self, school: School) -> None:
        made = school.assignment()
        later = made.locks_at + DAY
        given = grant(school, made.id, locks_at=later)

        assert school.read(assignments.open_for, made.id, student=1001, now=later).locks_at == later
        with pytest.raises(AssignmentLocked):
            school.read(assignments.open_for, made.id, student=1002, now=later)

        ended = school.write(overrides.end, made.id, given.id, by=LEAD)
        assert (ended.ended_at, ended.ended_by) == (NOW, LEAD.person)
        with pytest.raises(AssignmentLocked):
            school.read(assignments.open_for, made.id, student=1001, now=later)
        with pytest.raises(OverrideNotFound):
            school.write(overrides.end, made.id, given.id, by=LEAD)

    def test_a_closed_one_takes_nothing_and_a_draft_is_not_there(self, school: School) -> None:
        made, draft = school.assignment(), school.assignment(published=False)
        school.write(assignments.close, made.id, by=LEAD)

        with pytest.raises(AssignmentLocked):
            school.read(assignments.open_for, made.id, student=1001)
        for assignment_id, student in ((draft.id, 1001), (made.id, 1003), (987654, 1001)):
            with pytest.raises(AssignmentNotFound):
                school.read(assignments.open_for, assignment_id, student=student)


class TestGranting:
    def test_only_to_students_of_the_space_and_only_by_editors(self, school: School) -> None:
        made = school.assignment()

        with pytest.raises(TeachingRefused) as refused:
            grant(school, made.id, student=1003, due_at=NOW - DAY, locks_at=NOW - 2 * DAY)
        with pytest.raises(EditorsOnly):
            grant(school, made.id, by=GRADER, attempts=2)
        with pytest.raises(AssignmentNotFound):
            grant(school, made.id, by=ANN, attempts=2)

        assert codes(refused.value) == {"STUDENT_UNKNOWN", "LOCKED_BEFORE_DUE", "DUE_BEFORE_OPEN"}

    def test_the_audit_names_the_override_and_not_the_student(self, school: School) -> None:
        made = school.assignment()
        given = grant(school, made.id, attempts=2)
        told = Statement(select(audit.c.subject, audit.c.facts).where(audit.c.action == "override.granted"))

        rows = school.database.read_sync(lambda tx: tx.all(told))

        assert [(row.subject, row.facts) for row in rows] == [(f"assignment:{made.id}", {"override": given.id})]
