"""Assignments through the faculty service, for students: from the list to the mark."""

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest
from httpx import Response

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


class TestHandingIn:
    async def test_a_text_goes_in_by_the_book_and_comes_back_with_its_mark(self, lessons: Lessons) -> None:
        call = lessons.readers.call
        made = await lessons.assignment(7)

        handed_in = await call("student", "POST", f"{STUDENT}/assignment/submit", {"assgn_id": 7, "text": "42"})
        work = handed_in.json()
        await lessons.act("lecturer", f"/submissions/{work['id']}/marks", {"raw": "80"})
        before = await call("student", "GET", f"{STUDENT}/marks/mine")
        await lessons.act("lecturer", f"/assignments/{made['id']}/marks/release", {})
        [mark] = (await call("student", "GET", f"{STUDENT}/marks/mine")).json()["items"]
        [mine] = (await call("student", "GET", f"{STUDENT}/submissions/mine?assignment_id={made['id']}")).json()[
            "items"
        ]

        assert handed_in.status_code == 201, handed_in.text
        assert (work["assignment_id"], work["attempt"], work["text"], work["seconds_late"]) == (made["id"], 1, "42", 0)
        assert work["receipt"]
        assert before.json()["items"] == [], "what is not released is not there"
        assert (mark["assgn_id"], mark["final"], mark["submission_id"]) == (7, "80.00", work["id"])
        assert mine == work

    async def test_the_faculty_s_refusals_stay_what_they_are(self, lessons: Lessons) -> None:
        call = lessons.readers.call
        await lessons.assignment(7)
        path = f"{STUDENT}/assignment/submit"

        nothing = await call("student", "POST", path, {"assgn_id": 7})
        absent = await call("student", "POST", path, {"assgn_id": 8, "text": "42"})
        foreign = await call("student", "POST", path, {"assgn_id": 7, "text": "42", "bin_id": 99})
        dated = await call("student", "POST", path, {"assgn_id": 7, "text": "42", "date_due": "2999-01-01"})
        first = await call("student", "POST", path, {"assgn_id": 7, "text": "42"})
        second = await call("student", "POST", path, {"assgn_id": 7, "text": "43"})

        assert (nothing.status_code, nothing.json()["service"]) == (422, "faculty")
        assert (absent.status_code, absent.json()["code"]) == (404, "ASSIGNMENT_NOT_FOUND")
        assert foreign.status_code == 404
        assert (dated.status_code, dated.json()["errors"][0]["code"]) == (422, "NOT_YOURS_TO_SET")
        assert (first.status_code, second.status_code) == (201, 409)
        assert second.json()["code"] == "ATTEMPTS_EXHAUSTED"

    async def test_a_repeated_one_is_one_attempt(self, lessons: Lessons) -> None:
        await lessons.assignment(7)
        body, path = {"assgn_id": 7, "text": "42"}, f"{STUDENT}/assignment/submit"

        first = await lessons.readers.call("student", "POST", path, body, Idempotency_Key="k")
        again = await lessons.readers.call("student", "POST", path, body, Idempotency_Key="k")

        assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
        assert again.headers["idempotency-replayed"] == "true"


class TestUploads:
    async def test_files_are_carried_on_as_they_are(self, lessons: Lessons) -> None:
        made = await lessons.assignment(7)
        content = b"%PDF-1.7\n" + bytes(range(256)) * 8192

        sent = await upload(lessons, made["id"], {"files": ("work.pdf", content)}, Idempotency_Key="k")
        again = await upload(lessons, made["id"], {"files": ("work.pdf", content)}, Idempotency_Key="k")
        other = await upload(lessons, made["id"], {"files": ("work.pdf", content + b" ")}, Idempotency_Key="k")

        assert sent.status_code == 201, sent.text
        [file] = sent.json()["files"]
        assert (file["name"], file["size"], file["sha256"]) == ("work.pdf", len(content), sha256(content).hexdigest())
        assert (again.status_code, again.json()) == (201, sent.json())
        assert other.status_code == 422, "the key belongs to the other file"

    async def test_what_is_not_taken_is_refused_as_the_faculty_refuses_it(self, lessons: Lessons) -> None:
        made = await lessons.assignment(7)

        empty = await upload(lessons, made["id"], {"files": ("work.pdf", b"")})
        absent = await upload(lessons, 404, {"files": ("work.pdf", b"%PDF-1.7")})
        unread = await lessons.readers.erp.client.post(
            f"{STUDENT}/assignments/{made['id']}/submissions",
            content=b"--x",
            headers={**lessons.readers.people["student"].headers, "Content-Type": "multipart/form-data; boundary=x"},
        )

        assert (empty.status_code, empty.json()["service"]) == (422, "faculty")
        assert (absent.status_code, absent.json()["code"]) == (404, "ASSIGNMENT_NOT_FOUND")
        assert unread.status_code == 422

    async def test_a_body_of_unknown_length_passes(self, lessons: Lessons) -> None:
        made = await lessons.assignment(7)

        async def pieces() -> AsyncIterator[bytes]:
            yield b'{"text": "The answer'
            yield b' is 42."}'

        headers = {**lessons.readers.people["student"].headers, "Content-Type": "application/json"}
        sent = await lessons.readers.erp.client.post(
            f"{STUDENT}/assignments/{made['id']}/submissions", content=pieces(), headers=headers
        )

        assert (sent.status_code, sent.json()["text"]) == (201, "The answer is 42.")


async def upload(lessons: Lessons, assignment_id: int, files: dict[str, tuple[str, bytes]], **headers: str) -> Response:
    """Hand in files."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= lessons.readers.people["student"].headers
    path = f"{STUDENT}/assignments/{assignment_id}/submissions"
    return await lessons.readers.erp.client.post(path, files=files, headers=sent)
