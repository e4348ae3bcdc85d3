"""Teaching over HTTP: from a course to an assignment that a student sees, through the book's addresses and ours."""

from typing import Any

import httpx
import pytest

from configuration.kit.security.actor import Actor
from configuration.kit.security.tokens import delegated_token
from tests.apps import Erp
from tests.people import Someone, signed_in

BASE = "/ch04/faculty"


@pytest.fixture
async def lecturer(erp: Erp) -> Someone:
    return await signed_in(erp.app("faculty"), "lecturer", number=7)


@pytest.fixture
async def student(erp: Erp) -> Someone:
    return await signed_in(erp.app("student"), "student", number=1001)


class Class:
    """Calls in one line each."""

    def __init__(self, client: httpx.AsyncClient, dean: Someone) -> None:
        self.client, self.dean = client, dean

    async def ask(
        self, method: str, path: str, by: Someone | dict[str, str], status: int, body: Any = None, **headers: str
    ) -> Any:
        held = by if isinstance(by, dict) else by.headers
        answer = await self.client.request(method, BASE + path, json=body, headers={**held, **headers})
        assert answer.status_code == status, answer.text
        self.etag = answer.headers.get("etag", "")
        self.link = answer.headers.get("link", "")
        return answer.json() if answer.content else None

    async def taught(self, number: int) -> dict[str, Any]:
        """A section that the lecturer teaches and student 1001 attends."""
        course = await self.ask(
            "POST", "/courses", self.dean, 201, {"code": "CS-101", "title": "Logic", "credits": "6.5"}
        )
        term = {"code": "2026-1", "name": "Spring", "starts_on": "2026-02-02", "ends_on": "2026-06-26"}
        term = await self.ask("POST", "/terms", self.dean, 201, term)
        new = {"course_id": course["id"], "term_id": term["id"], "code": "A", "capacity": 30}
        section: dict[str, Any] = await self.ask("POST", "/sections", self.dean, 201, new)
        path = f"/sections/{section['id']}"
        await self.ask("POST", f"{path}/teaching", self.dean, 201, {"person": number, "role": "lead"})
        await self.ask("PUT", f"{path}/roster", self.dean, 200, roster(1001))
        assert course["credits"] == "6.50"
        return section


def roster(*numbers: int) -> dict[str, Any]:
    return {"students": [{"student_number": number, "display_name": f"Student {number}"} for number in numbers]}


@pytest.fixture
def lesson(erp: Erp, dean: Someone) -> Class:
    return Class(erp.client, dean)


class TestTheStory:
    async def test_a_dean_plans_a_lecturer_teaches_and_a_student_sees(
        self, lesson: Class, lecturer: Someone, student: Someone
    ) -> None:
        section = await lesson.taught(7)
        space = section["space_id"]
        new = {"title": "Exercise 1", "points": 10, "due_at": "2999-03-20", "late_rate_bp": 1000}
        made = await lesson.ask("POST", f"/spaces/{space}/assignments", lecturer, 201, new)
        path = f"/assignments/{made['id']}"

        assert (made["state"], made["points"], made["due_at"]) == ("draft", "10.00", "2999-03-20T23:59:59Z")
        assert (await lesson.ask("GET", "/assignments/list", student, 200))["items"] == []
        await lesson.ask("GET", path, student, 404)
        published = await lesson.ask("POST", f"{path}/publish", lecturer, 200)
        assert (await lesson.ask("GET", "/assignments/list", student, 200))["items"] == [published]
        await lesson.ask("GET", path, student, 200)
        assert lesson.etag == '"2"'

        await lesson.ask("PATCH", path, lecturer, 428, {"title": "Exercise one"})
        await lesson.ask("PATCH", path, lecturer, 412, {"title": "Exercise one"}, **{"If-Match": '"1"'})
        await lesson.ask("PATCH", path, lecturer, 200, {"title": "Exercise one"}, **{"If-Match": '"2"'})
        grant = {"student_number": 1001, "due_at": "2999-03-27", "reason": "Was ill."}
        await lesson.ask("POST", f"{path}/overrides", lecturer, 201, grant)
        seen = await lesson.ask("GET", path, student, 200)
        assert (seen["title"], seen["due_at"]) == ("Exercise one", "2999-03-27T23:59:59Z")
        await lesson.ask("GET", f"{path}/overrides", student, 403)

        link = {"kind": "link", "title": "Notes", "url": "https://example.org/notes"}
        await lesson.ask("POST", f"/spaces/{space}/materials", lecturer, 201, link)
        await lesson.ask("POST", f"/spaces/{space}/materials", lecturer, 201, {**link, "position": 1})
        first = await lesson.ask("GET", f"/spaces/{space}/materials?limit=1", student, 200)
        rest = await lesson.ask("GET", f"/spaces/{space}/materials?limit=1&cursor={first['next']}", student, 200)
        assert [one["position"] for one in (*first["items"], *rest["items"])] == [0, 1]
        assert rest["next"] is None
        assert (await lesson.ask("GET", "/spaces/mine", student, 200))["items"][0]["id"] == space

    async def test_a_roster_needs_the_version_that_was_seen(
        self, lesson: Class, lecturer: Someone, student: Someone
    ) -> None:
        section = await lesson.taught(7)
        path = f"/sections/{section['id']}/roster"

        await lesson.ask("PUT", path, lesson.dean, 428, roster(1002))
        await lesson.ask("PUT", path, lesson.dean, 422, roster(1002, 1002))
        await lesson.ask("PUT", path, lesson.dean, 200, roster(1002), **{"If-Match": '"1"'})
        seen = await lesson.ask("GET", path, lecturer, 200)
        assert (seen["version"], [one["student_number"] for one in seen["items"]]) == (2, [1002])
        await lesson.ask("GET", path, student, 403)
        assert (await lesson.ask("GET", "/spaces/mine", student, 200))["items"] == []


class TestTheBook:
    async def test_a_lecturer_adds_an_assignment_by_its_course(
        self, erp: Erp, lesson: Class, lecturer: Someone, student: Someone
    ) -> None:
        await lesson.taught(7)
        new = {"assgn_id": 11, "title": "Exercise", "date_due": "2999-03-20T12:00:00", "course": "CS-101"}
        made = await lesson.ask("POST", "/assignments/faculty", lecturer, 201, new, **{"Idempotency-Key": "one"})
        again = await lesson.ask("POST", "/assignments/faculty", lecturer, 201, new, **{"Idempotency-Key": "one"})
        refused = await lesson.ask("POST", "/assignments/faculty", lecturer, 409, new)

        assert made == again
        assert (made["number"], made["state"], made["due_at"]) == (11, "published", "2999-03-20T12:00:00Z")
        assert refused["code"] == "ASSIGNMENT_NUMBER_GIVEN"
        assert (await lesson.ask("GET", "/assignments/list", delegated(erp, student.actor), 200))["items"] == [made]

    @pytest.mark.parametrize("field", ["date_completed", "rating", "bin_id"])
    async def test_what_a_client_must_not_set_is_refused_with_the_reason(
        self, lesson: Class, lecturer: Someone, field: str
    ) -> None:
        new = {"assgn_id": 11, "title": "Exercise", "date_due": "2999-03-20", "course": "CS-101", field: 1}

        problem = await lesson.ask("POST", "/assignments/faculty", lecturer, 422, new)

        assert [error["pointer"] for error in problem["errors"]] == [f"/{field}"]
        assert "unknown" not in problem["errors"][0]["detail"].lower()


def delegated(erp: Erp, actor: Actor) -> dict[str, str]:
    """What the student service sends when it asks for one of its students."""
    app = erp.app("student")
    return {"Authorization": f"Bearer {delegated_token(app.state.keyring, actor, 'faculty', app.state.clock())}"}
