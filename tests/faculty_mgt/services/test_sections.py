"""Courses, sections, teaching lists and rosters."""

from datetime import date, timedelta
from typing import Any

import pytest

from configuration.kit.errors import VersionMismatch, VersionRequired
from configuration.kit.features.people.errors import ExternalIdGiven
from faculty_mgt.errors import (
    CodeGiven,
    IllegalTransition,
    RosterNotFound,
    SectionNotFound,
    SpaceNotFound,
    TeachesAlready,
    TeachingNotFound,
    TeachingRefused,
)
from faculty_mgt.models.request.courses import CourseCreate, TermCreate
from faculty_mgt.models.request.sections import SectionChange, SectionCreate, TeachingEnd
from faculty_mgt.services import courses, roster, sections, teaching
from tests.faculty_mgt.school import ANN, BEN, CAL, DAY, DEAN, GRADER, LEAD, NOW, STRANGER, ZONE, School


class TestCoursesAndTerms:
    def test_codes_and_external_ids_are_given_once(self, school: School) -> None:
        school.write(courses.add_course, CourseCreate(code="CS-102", title="Sets", credits=6, external_id="x"), by=DEAN)

        for fault, body in (
            (CodeGiven, CourseCreate(code="CS-101", title="Sets", credits=6)),
            (ExternalIdGiven, CourseCreate(code="CS-103", title="Sets", credits=6, external_id="x")),
            (TeachingRefused, CourseCreate(code="CS-103", title="Sets", credits=6, department_id=99)),
        ):
            with pytest.raises(fault):
                school.write(courses.add_course, body, by=DEAN)
        with pytest.raises(CodeGiven):
            school.write(courses.add_term, term("2026-1"), by=DEAN)

    def test_deadlines_nobody_named_are_the_last_day_s(self, school: School) -> None:
        made = school.write(courses.add_term, term("2026-2", withdraw_by=date(2026, 11, 1)), by=DEAN)

        assert (made.add_by, made.drop_by, made.withdraw_by) == (date(2026, 11, 1),) * 3
        assert made.grades_due == made.ends_on

    @pytest.mark.parametrize(
        "said",
        [
            {"ends_on": "2026-08-31"},
            {"add_by": "2026-12-19"},
            {"withdraw_by": "2026-12-19"},
            {"drop_by": "2026-11-02", "withdraw_by": "2026-11-01"},
            {"grades_due": "2026-08-01"},
            {"starts_on": "0001-01-01"},
            {"starts_on": 20_000},
        ],
    )
    def test_dates_out_of_order_or_out_of_the_world_are_malformed(self, said: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="1 validation error"):
            term("2026-2", **said)


def term(code: str, **said: Any) -> TermCreate:
    whole = {"code": code, "name": "Autumn", "starts_on": "2026-09-01", "ends_on": "2026-12-18", **said}
    return TermCreate.model_validate(whole)


class TestSections:
    def test_a_section_has_a_space_of_its_own_or_shares_one(self, school: School) -> None:
        assert school.a.space_id == school.b.space_id
        assert school.section("C", []).space_id != school.space

    def test_what_is_unknown_is_told_at_once_and_a_code_is_given_once(self, school: School) -> None:
        unknown = SectionCreate(course_id=98, term_id=98, code="A", capacity=1, space_id=98)
        again = SectionCreate(course_id=school.course.id, term_id=school.term.id, code="A", capacity=1)

        with pytest.raises(TeachingRefused) as refused:
            school.write(sections.add, unknown, by=DEAN)
        with pytest.raises(CodeGiven):
            school.write(sections.add, again, by=DEAN)

        assert [blocker.pointer for blocker in refused.value.blockers] == ["/course_id", "/term_id", "/space_id"]

    def test_states_follow_one_another_and_what_is_cancelled_stays_so(self, school: School) -> None:
        opened = school.write(sections.change, school.a.id, SectionChange(state="open"), version=1, by=DEAN)
        school.write(sections.change, school.a.id, SectionChange(state="cancelled", capacity=0), version=2, by=DEAN)

        assert (opened.state, opened.capacity, opened.version) == ("open", 30, 2)
        with pytest.raises(IllegalTransition):
            school.write(sections.change, school.a.id, SectionChange(state="open"), version=3, by=DEAN)
        with pytest.raises(VersionMismatch):
            school.write(sections.change, school.a.id, SectionChange(capacity=1), version=1, by=DEAN)
        with pytest.raises(SectionNotFound):
            school.write(sections.change, 987654, SectionChange(capacity=1), version=1, by=DEAN)


class TestTeaching:
    def test_somebody_teaches_from_and_until_the_days_said(self, school: School) -> None:
        school.appoint(school.a, 9, "assistant", valid_from=date(2026, 3, 4), valid_until=date(2026, 3, 5))
        spaces = [
            [one.id for one in school.read(teaching.own_spaces, STRANGER, now=NOW + days * DAY, after=0, limit=9)]
            for days in range(5)
        ]

        assert spaces == [[], [], [school.space], [school.space], []]

    def test_nobody_stands_on_a_list_twice_without_an_end(self, school: School) -> None:
        with pytest.raises(TeachesAlready):
            school.appoint(school.a, 7, "grader")

    def test_a_stranger_to_the_faculty_and_an_end_before_the_beginning_are_refused(self, school: School) -> None:
        with pytest.raises(TeachingRefused) as refused:
            school.appoint(school.a, 777, "lead", valid_until=date(2026, 3, 1))

        assert [blocker.pointer for blocker in refused.value.blockers] == ["/person", "/valid_until"]

    def test_what_has_ended_stays_on_the_list_and_cannot_end_again(self, school: School) -> None:
        (line,) = school.database.read_sync(teaching.teaching_list, school.a.id, after=0, limit=9)
        with pytest.raises(TeachingNotFound):
            school.write(teaching.end, school.b.id, line.id, TeachingEnd(), by=DEAN, zone=ZONE)

        ended = school.write(teaching.end, school.a.id, line.id, TeachingEnd(), by=DEAN, zone=ZONE)

        assert (ended.person, ended.role, ended.valid_until) == (7, "lead", NOW)
        assert school.read(teaching.own_spaces, LEAD, after=0, limit=9) == []
        for line_id in (line.id, 9876):
            with pytest.raises(TeachingNotFound):
                school.write(teaching.end, school.a.id, line_id, TeachingEnd(), by=DEAN, zone=ZONE)

    def test_the_past_is_not_rewritten(self, school: School) -> None:
        (line,) = school.database.read_sync(teaching.teaching_list, school.a.id, after=0, limit=9)

        with pytest.raises(TeachingRefused):
            school.write(
                teaching.end, school.a.id, line.id, TeachingEnd(valid_until=date(2026, 3, 1)), by=DEAN, zone=ZONE
            )


class TestRoster:
    def test_each_version_stays_readable(self, school: School) -> None:
        school.enrol(school.a, [1001, 1003], version=1)
        school.enrol(school.a, [1003], version=2)

        assert [numbers(school, version) for version in (1, 2, 3, None)] == [[1001], [1001, 1003], [1003], [1003]]
        assert school.read(teaching.own_spaces, CAL, after=0, limit=9) != []
        assert school.read(teaching.own_spaces, ANN, after=0, limit=9) == []

    def test_a_student_may_come_back_and_a_name_may_change(self, school: School) -> None:
        school.enrol(school.a, [], version=1)
        school.enrol(school.a, [1001], version=2)

        assert [numbers(school, version) for version in (1, 2, 3)] == [[1001], [], [1001]]

    def test_setting_what_is_there_makes_no_version(self, school: School) -> None:
        assert school.enrol(school.a, [1001], version=1).version == 1

    def test_it_is_replaced_only_by_whoever_saw_it(self, school: School) -> None:
        with pytest.raises(VersionRequired):
            school.enrol(school.a, [])
        with pytest.raises(VersionMismatch):
            school.enrol(school.a, [], version=2)

    def test_the_dean_and_whoever_teaches_the_space_read_it(self, school: School) -> None:
        for by in (DEAN, LEAD, GRADER):
            assert numbers(school, None, by=by) == [1001]
        for by in (STRANGER, ANN, BEN):
            with pytest.raises(SpaceNotFound):
                numbers(school, None, by=by)
        with pytest.raises(RosterNotFound):
            numbers(school, 9)

    def test_pages_follow_the_students_numbers(self, school: School) -> None:
        school.enrol(school.a, [1005, 1001, 1003], version=1)

        _, page = school.read(roster.of_section, school.a.id, DEAN, version=None, after=1001, limit=1)

        assert [one.student_number for one in page] == [1003]


def numbers(school: School, version: int | None, by: Any = DEAN) -> list[int]:
    _, page = school.read(
        roster.of_section, school.a.id, by, version=version, now=NOW + timedelta(hours=1), after=0, limit=9
    )
    return [one.student_number for one in page]
