"""How forms are read: percent and megabytes of an assignment, a pasted roster."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from configuration.kit.web.forms import Fields, read
from faculty_mgt.controllers.pages import pasting, spelling
from faculty_mgt.models.data.assignments import Assignment
from faculty_mgt.models.request.assignments import AssignmentChange, AssignmentCreate
from tests.faculty_mgt.school import ZONE

DUE = datetime(2026, 3, 29, 21, 59, 59, 123456, tzinfo=UTC)
ROW = Assignment(
    grace_seconds=90, late_interval_seconds=7200, late_rate_bp=1250, late_floor_bp=3000, id=1, number=None, version=4,
    space_id=1, title="Essay", body="", points=Decimal("12.50"), opens_at=DUE - timedelta(days=9), due_at=DUE,
    locks_at=DUE, attempts=2, file_types=["application/zip"], max_file_bytes=1000, max_files=1, state="draft",
)  # fmt: skip


def same(text: str) -> str:
    return text


class TestAnAssignmentsForm:
    def test_a_form_sent_back_as_it_was_shown_changes_nothing(self) -> None:
        values, errors = spelling.assignment_values(spelling.fields_of(ROW, ZONE), same)

        said, faults = read(AssignmentChange, spelling.unchanged(values, ROW, ZONE))

        assert (errors, faults) == ([], [])
        assert said is not None
        changed = said.model_dump(exclude_unset=True)
        assert changed == {name: getattr(ROW, name) for name in changed}
        assert not changed.keys() & {"due_at", "grace_seconds", "max_file_bytes"}

    def test_a_new_form_makes_an_assignment(self) -> None:
        values, errors = spelling.assignment_values(
            Fields(spelling.FRESH, title="Essay", due_at="2026-03-20T12:00", late_rate="12,5"), same
        )

        made, faults = read(AssignmentCreate, values)

        assert (errors, faults) == ([], [])
        assert made is not None
        assert (made.late_rate_bp, made.max_file_bytes, made.file_types) == (1250, 25 * 1024 * 1024, [])

    @pytest.mark.parametrize("text", ["much", "NaN", "Infinity", "1e99", "0.001"])
    def test_what_is_no_percentage_is_told_in_its_field(self, text: str) -> None:
        _, errors = spelling.assignment_values(Fields(spelling.FRESH, late_rate=text), same)

        assert [error.field for error in errors] == ["late_rate"]


class TestAPastedRoster:
    @pytest.mark.parametrize(
        ("line", "number", "name"),
        [
            ("1001", 1001, ""),
            (" student:1001\tAda  Reader ", 1001, "Ada Reader"),
            ("1001;Reader, Ada", 1001, "Reader, Ada"),
            ("1001, Ada,", 1001, "Ada"),
        ],
    )
    def test_a_line_is_a_number_with_or_without_a_name(self, line: str, number: int, name: str) -> None:
        assert pasting.pasted(f"\n{line}\n\n", same) == ([{"student_number": number, "display_name": name}], [])

    def test_each_line_that_cannot_be_read_is_told(self) -> None:
        _, errors = pasting.pasted("1001\nAda\n1001 Ada\n0\n12345678901234567890", same)

        assert [error.text[:7] for error in errors] == ["Line 2:", "Line 3:", "Line 4:", "Line 5:"]
