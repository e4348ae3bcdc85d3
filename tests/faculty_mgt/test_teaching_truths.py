"""What is always true of teaching, and that the database itself refuses the rest."""

import pytest
from sqlalchemy import text

from configuration.kit.database import Statement, Transaction
from configuration.kit.errors import Refusal
from configuration.kit.features.audit import check
from faculty_mgt.models.request.assignments import AssignmentChange, OverrideCreate
from faculty_mgt.models.request.postings import AnnouncementCreate, MaterialChange, MaterialCreate
from faculty_mgt.models.request.sections import SectionChange
from faculty_mgt.repository.teaching_invariants import INVARIANTS
from faculty_mgt.services import announcements, assignments, materials, overrides, sections
from tests.faculty_mgt.school import DEAN, LEAD, ZONE, School


class _Undo(Exception):
    """Takes a planted fault back, with what it made."""


def plant(school: School, *faults: str) -> list[str]:
    """The truths that do not hold with these faults, which are taken back at once."""

    def run(tx: Transaction) -> None:
        for fault in faults:
            tx.run(Statement(text(fault)))
        raise _Undo([violation.name for violation in check(tx, INVARIANTS)])

    with pytest.raises(_Undo) as found:
        school.database.write_sync(run)
    names: list[str] = found.value.args[0]
    return names


def refused(school: School, fault: str) -> bool:
    """Whether the database refuses this."""
    try:
        plant(school, fault)
    except pytest.fail.Exception:
        return False
    except Exception as error:  # noqa: BLE001 - each driver has its own
        return isinstance(error, Refusal) or "constraint" in str(error).lower()
    return False


@pytest.fixture
def busy(school: School) -> School:
    """A school in which everything happened once."""
    made = school.assignment()
    school.write(assignments.change, made.id, AssignmentChange(title="New"), version=2, by=LEAD, zone=ZONE)
    school.write(
        overrides.grant,
        made.id,
        OverrideCreate(student_number=1001, attempts=2, reason="Was ill."),
        by=LEAD,
        zone=ZONE,
    )
    school.write(sections.change, school.a.id, SectionChange(state="open"), version=1, by=DEAN)
    school.enrol(school.a, [1001, 1003], version=1)
    notes = school.write(materials.add, school.space, MaterialCreate(kind="text", title="Notes"), by=LEAD, zone=ZONE)
    school.write(materials.change, notes.id, MaterialChange(position=2), version=1, by=LEAD, zone=ZONE)
    said = AnnouncementCreate(title="No class", body="On Friday.")
    school.write(announcements.add, school.space, said, by=LEAD, zone=ZONE)
    return school


FAULTS = {
    "assignment_acts": ["UPDATE assignment SET version = 9"],
    "section_acts": ["UPDATE section SET version = 9"],
    "material_acts": ["UPDATE material SET version = 9"],
    "announcement_acts": ["UPDATE announcement SET version = 9"],
    "overrides_have_reasons": ["UPDATE assignment_override SET reason = ' '"],
    "roster_versions_contiguous": [
        "DELETE FROM roster_entry WHERE section_id = 2",
        "UPDATE roster SET version = 5 WHERE section_id = 2",
    ],
}
REFUSED = (
    "UPDATE assignment SET due_at = opens_at, locks_at = opens_at, opens_at = due_at",
    "UPDATE assignment SET state = 'gone'",
    "UPDATE assignment SET late_interval_seconds = 0",
    "UPDATE assignment SET late_rate_bp = 10001",
    "UPDATE assignment SET points = 0",
    "UPDATE assignment SET attempts = 0",
    "UPDATE assignment SET space_id = 987654",
    "UPDATE assignment_override SET attempts = NULL",
    "UPDATE assignment_override SET ended_by = 'faculty:7'",
    "UPDATE material SET url = 'https://example.org'",
    "UPDATE section SET capacity = -1",
    "UPDATE section SET code = 'A' WHERE code = 'B'",
    "UPDATE term SET ends_on = '1999-01-01'",
    "UPDATE roster_entry SET added_version = 77",
    "UPDATE roster_entry SET removed_version = added_version",
    "UPDATE roster_entry SET student_number = 1001 WHERE student_number = 1003",
    "UPDATE roster SET version = 0",
    "UPDATE teaching SET valid_until = '1999-01-01T00:00:00.000000Z'",
    "UPDATE teaching SET role = 'boss'",
)


class TestTruths:
    def test_they_hold_after_everything_happened_and_planted_faults_are_found(self, busy: School) -> None:
        assert plant(busy) == []
        assert {name: plant(busy, *faults) for name, faults in FAULTS.items()} == {name: [name] for name in FAULTS}


class TestGuards:
    def test_the_database_itself_refuses(self, busy: School) -> None:
        assert [fault for fault in REFUSED if not refused(busy, fault)] == []
        assert not refused(busy, "UPDATE section SET capacity = 1")
