"""The pages as a browser asks for them: whose they are, and forms that are sent more than once."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from configuration.kit.security.csrf import form_token
from configuration.kit.security.sessions import COOKIE
from faculty_mgt.models.data.assignments import Assignment
from tests.apps import Erp
from tests.faculty_mgt.school import School
from tests.people import Someone, signed_in

BASE = "/ch04/faculty"
TEXT = "All men are mortal."


class Browser:
    """Somebody with a session."""

    def __init__(self, erp: Erp, someone: Someone) -> None:
        self.client, self.token = erp.client, form_token(someone.signed.secret)
        self.headers = {
            "Cookie": f"{COOKIE}={someone.actor.issuer}.{someone.signed.secret}",
            "Accept": "text/html",
            "Sec-Fetch-Site": "same-origin",
        }

    async def open(self, path: str) -> httpx.Response:
        return await self.client.get(BASE + path, headers=self.headers)

    async def send(self, path: str, key: str, file: str = "", **fields: str) -> httpx.Response:
        data = {"form_token": self.token, "form_key": key, **fields}
        files = {"files": ("proof.txt", file.encode())} if file else None
        return await self.client.post(BASE + path, headers=self.headers, data=data, files=files)


async def browser(erp: Erp, role: str, number: int) -> Browser:
    home = "student" if role == "student" else "faculty"
    return Browser(erp, await signed_in(erp.app(home), role, number=number, kind="browser"))


@pytest.fixture
async def task(erp: Erp) -> Assignment:
    """An assignment that takes two attempts; student 1001 attends, lecturer 7 teaches."""
    app = erp.app("faculty")

    def furnish() -> Assignment:
        school = School(app.state.database)
        school.now = app.state.clock()
        return school.assignment(attempts=2, opens_at=school.now - timedelta(days=1))

    return await asyncio.to_thread(furnish)


class TestWhosePagesTheyAre:
    async def test_each_sees_their_own(self, erp: Erp, task: Assignment) -> None:
        student, other = await browser(erp, "student", 1001), await browser(erp, "student", 1003)
        mine, theirs = f"/my/assignments/{task.id}", f"/teaching/assignments/{task.id}"

        assert (await student.open(mine)).status_code == 200
        assert (await other.open(mine)).status_code == 404
        assert (await other.open(f"/my/spaces/{task.space_id}")).status_code == 404
        assert (await student.open(theirs)).status_code == 403
        assert (await student.open("/offer/sections")).status_code == 403
        visitor = await erp.client.get(BASE + mine, headers={"Accept": "text/html"})
        assert visitor.headers["location"] == f"/ch04/sign-in?next={BASE}{mine}"

    async def test_what_one_does_not_teach_is_not_there_and_a_grader_arranges_nothing(
        self, erp: Erp, task: Assignment
    ) -> None:
        stranger, grader = await browser(erp, "lecturer", 9), await browser(erp, "lecturer", 8)
        page, space = f"/teaching/assignments/{task.id}", f"/teaching/spaces/{task.space_id}"

        for path in (page, f"{page}/edit", space, f"{space}/assignments/new"):
            assert (await stranger.open(path)).status_code == 404
        for path in ("publish", "close", "release", "overrides"):
            assert (await stranger.send(f"{page}/{path}", "a")).status_code in (404, 422)
        assert (await grader.open(page)).status_code == 200
        assert "/release" not in (await grader.open(page)).text
        assert (await grader.open(f"{page}/edit")).status_code == 403


class TestHandInMoreThanOnce:
    async def test_a_form_sent_twice_is_one_attempt_and_another_file_is_another(
        self, erp: Erp, task: Assignment
    ) -> None:
        student = await browser(erp, "student", 1001)
        path = f"/my/assignments/{task.id}/hand-in"

        twice = await asyncio.gather(*(student.send(path, "k1", TEXT, text="Thus.") for _ in range(2)))
        other = await student.send(path, "k1", TEXT + "!", text="Thus.")
        third = await student.send(path, "k2", text="Once more.")

        assert [answer.status_code for answer in (*twice, other)] == [303] * 3
        assert third.status_code == 409
        assert "All 2 attempts were used." in third.text
        page = (await student.open(f"/my/assignments/{task.id}")).text
        assert page.count("proof.txt") == 2

    async def test_what_is_refused_is_said_and_what_was_typed_stays(self, erp: Erp, task: Assignment) -> None:
        student = await browser(erp, "student", 1001)

        nothing = await student.send(f"/my/assignments/{task.id}/hand-in", "k1")
        forged = await erp.client.post(
            f"{BASE}/my/assignments/{task.id}/hand-in",
            headers={**student.headers, "Sec-Fetch-Site": "cross-site"},
            data={"form_token": student.token, "text": "not mine"},
        )

        assert nothing.status_code == 422
        assert "neither a text nor a file" in nothing.text
        assert forged.status_code == 403


class TestHandInForSomebody:
    async def test_it_counts_from_when_it_came_and_says_by_whom(self, erp: Erp, task: Assignment) -> None:
        lead, student = await browser(erp, "lecturer", 7), await browser(erp, "student", 1001)
        path, now = f"/teaching/assignments/{task.id}/hand-in", erp.app("faculty").state.clock()
        said = {"student_number": "1001", "reason": "Came by e-mail."}

        later = await lead.send(path, "k1", TEXT, attested_at=f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}", **said)
        done = await lead.send(path, "k2", TEXT, attested_at=f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}", **said)

        assert later.status_code == 422
        assert "cannot have come in the future" in later.text
        assert done.status_code == 303
        page = (await student.open(f"/my/assignments/{task.id}")).text
        assert "Handed in for you by faculty:7: Came by e-mail." in page
