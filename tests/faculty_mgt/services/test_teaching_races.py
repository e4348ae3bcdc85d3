"""Many at once: one wins, the others are told, and nothing is half done."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from configuration.kit.errors import Refusal
from configuration.kit.features.audit import check
from faculty_mgt.models.request.assignments import AssignmentChange
from faculty_mgt.models.request.sections import SectionCreate
from faculty_mgt.repository.teaching_invariants import INVARIANTS
from faculty_mgt.services import assignments, sections
from tests.faculty_mgt.school import DEAN, LEAD, ZONE, School

CALLERS = 12


def at_once(act: Callable[[int], Any]) -> Counter[str]:
    """What became of the callers, who all start together."""
    gate = Barrier(CALLERS)

    def call(place: int) -> str:
        gate.wait(10)
        try:
            act(place)
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(CALLERS) as pool:
        return Counter(pool.map(call, range(CALLERS)))


class TestRaces:
    def test_one_sets_the_roster_and_the_others_are_told(self, school: School) -> None:
        told = at_once(lambda place: school.enrol(school.a, [2000 + place, 3000 + place], version=1))

        assert told == {"done": 1, "VERSION_MISMATCH": CALLERS - 1}
        assert school.database.read_sync(check, INVARIANTS) == []

    def test_the_first_roster_of_a_section_is_set_once(self, school: School) -> None:
        new = SectionCreate(course_id=school.course.id, term_id=school.term.id, code="Z", capacity=3)
        made = school.write(sections.add, new, by=DEAN)

        told = at_once(lambda place: school.enrol(made, [2000 + place]))

        assert told["done"] == 1
        assert set(told) <= {"done", "VERSION_REQUIRED", "VERSION_MISMATCH"}

    def test_a_number_is_given_to_one_assignment(self, school: School) -> None:
        told = at_once(lambda _: school.assignment(number=5, published=False))

        assert told == {"done": 1, "ASSIGNMENT_NUMBER_GIVEN": CALLERS - 1}

    def test_no_change_is_lost(self, school: School) -> None:
        made = school.assignment()

        def change(place: int) -> None:
            said = AssignmentChange(title=f"By {place}")
            school.write(assignments.change, made.id, said, version=made.version, by=LEAD, zone=ZONE)

        assert at_once(change) == {"done": 1, "VERSION_MISMATCH": CALLERS - 1}
        assert school.database.read_sync(check, INVARIANTS) == []
