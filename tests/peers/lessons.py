"""A course with a lecturer and a student, set up over HTTP by those who may."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.peers.readers import Readers
from tests.people import signed_in

FACULTY = "/ch04/faculty"


@dataclass(frozen=True)
class Lessons:
    """The section that the student of `readers` attends and the lecturer teaches."""

    readers: Readers
    section: dict[str, Any]

    async def act(self, who: str, path: str, body: Any, **headers: str) -> dict[str, Any]:
        """An act at the faculty service that has to succeed."""
        return await acted(self.readers, who, "POST", path, body, **headers)

    async def assignment(self, number: int = 1, *, course: str = "CS-101", **said: Any) -> dict[str, Any]:
        """A published assignment, due in a week."""
        due = self.readers.erp.app("faculty").state.clock() + timedelta(days=7)
        body = {"assgn_id": number, "title": f"Exercise {number}", "course": course, "date_due": due.isoformat()}
        return await self.act("lecturer", "/assignments/faculty", body | said)


async def acted(readers: Readers, who: str, method: str, path: str, body: Any, **headers: str) -> dict[str, Any]:
    """An act at the faculty service that has to succeed; what it answered."""
    answer = await readers.call(who, method, f"{FACULTY}{path}", body, **headers)
    assert answer.status_code in (200, 201), answer.text
    told: dict[str, Any] = answer.json()
    return told


async def lessons_of(readers: Readers, *students: str) -> Lessons:
    """A section of CS-101 with a roster; the dean joins the people."""
    dean = await signed_in(readers.erp.app("faculty"), "dean")
    everybody = Readers(readers.erp, {**readers.people, "dean": dean})
    today = readers.erp.app("faculty").state.clock().date()
    days = {"starts_on": str(today - timedelta(days=7)), "ends_on": str(today + timedelta(days=90))}

    async def act(method: str, path: str, body: Any, **headers: str) -> dict[str, Any]:
        return await acted(everybody, "dean", method, path, body, **headers)

    course = await act("POST", "/courses", {"code": "CS-101", "title": "Logic", "credits": 6})
    term = await act("POST", "/terms", {"code": "now", "name": "Now", **days})
    section = await act(
        "POST", "/sections", {"course_id": course["id"], "term_id": term["id"], "code": "A", "capacity": 30}
    )
    people = [readers.people[name] for name in students or ("student",)]
    roster = [{"student_number": one.account.person_no, "display_name": one.actor.name} for one in people]
    await act("PUT", f"/sections/{section['id']}/roster", {"students": roster})
    lead = {"person": readers.people["lecturer"].account.person_no, "role": "lead"}
    await act("POST", f"/sections/{section['id']}/teaching", lead)
    return Lessons(everybody, section)
