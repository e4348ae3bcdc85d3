"""Assignments through the faculty service, for students."""

import pytest

from tests.peers.lessons import Lessons, lessons_of
from tests.peers.readers import Readers

STUDENT = "/ch04/student"


@pytest.fixture
async def lessons(readers: Readers) -> Lessons:
    """A course that the student attends."""
    return await lessons_of(readers)


class TestReading:
    async def test_a_student_sees_what_is_published_where_they_attend(self, lessons: Lessons) -> None:
        made = await lessons.assignment(7)
        space = lessons.section["space_id"]
        draft = {"title": "Later", "points": 10, "due_at": made["due_at"]}
        await lessons.act("lecturer", f"/spaces/{space}/assignments", draft)

        listed = await lessons.readers.call("student", "GET", f"{STUDENT}/assignments/list")
        book = await lessons.readers.call("student", "GET", f"{STUDENT}/assignment/list")
        one = await lessons.readers.call("student", "GET", f"{STUDENT}/assignments/{made['id']}")

        [found] = listed.json()["items"]
        assert book.json() == listed.json()
        assert one.json() == found
        assert (found["id"], found["assgn_id"], found["title"]) == (made["id"], 7, made["title"])
        assert (found["date_due"], found["points"]) == (made["due_at"], made["points"])

    async def test_who_does_not_attend_sees_nothing(self, lessons: Lessons) -> None:
        made = await lessons.assignment()
        section = lessons.section
        seen = await lessons.readers.call("dean", "GET", f"/ch04/faculty/sections/{section['id']}/roster")
        away = await lessons.readers.call(
            "dean", "PUT", f"/ch04/faculty/sections/{section['id']}/roster", {"students": []},
            If_Match=seen.headers["etag"],
        )  # fmt: skip
        assert away.status_code == 200, away.text

        listed = await lessons.readers.call("student", "GET", f"{STUDENT}/assignments/list")
        one = await lessons.readers.call("student", "GET", f"{STUDENT}/assignments/{made['id']}")

        assert listed.json() == {"items": [], "next": None}
        assert (one.status_code, one.json()["code"]) == (404, "ASSIGNMENT_NOT_FOUND")
        assert one.json()["service"] == "faculty"

    async def test_staff_of_the_student_service_have_no_assignments(self, lessons: Lessons) -> None:
        answer = await lessons.readers.call("lecturer", "GET", f"{STUDENT}/assignments/list")

        assert answer.status_code == 403
