"""Handing in over HTTP: files streamed in and out, keys, receipts at the command line, marks."""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from configuration.commands import compose
from configuration.kit.features.files import Swept, damages, sweep
from faculty_mgt.commands import PART
from faculty_mgt.models.data.assignments import Assignment
from faculty_mgt.services import assignments
from tests.apps import Erp
from tests.configuration.features.files.uploads import BOUNDARY, CASES, LIMIT, MOST, PDF, TYPES
from tests.faculty_mgt.school import LEAD, School
from tests.people import Someone, signed_in

FACULTY = "/ch04/faculty"


@dataclass
class Scene:
    """A running university with a school in its faculty service."""

    erp: Erp
    school: School
    ann: Someone
    ben: Someone
    lead: Someone

    async def send(self, who: Someone, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        headers = {**who.headers, **options.pop("headers", {})}
        return await self.erp.client.request(method, f"{FACULTY}{path}", headers=headers, **options)

    async def hand_in(self, task: Assignment, *files: tuple[str, bytes], **options: Any) -> httpx.Response:
        """Ann's work."""
        sent = [("files", file) for file in files]
        path = f"/assignments/{task.id}/submissions"
        return await self.send(self.ann, "POST", path, files=sent, data=options.pop("data", None), **options)


@pytest.fixture
async def scene(erp: Erp) -> Scene:
    faculty, student = erp.app("faculty"), erp.app("student")
    school = School(faculty.state.database)
    faculty.state.clock = lambda: school.now
    student.state.clock = lambda: school.now
    ann = await signed_in(student, "student", number=1001)
    ben = await signed_in(student, "student", number=1002)
    lead = await signed_in(faculty, "lecturer", number=7)
    return Scene(erp, school, ann, ben, lead)


class TestFiles:
    async def test_come_in_and_go_out_as_they_are(self, scene: Scene) -> None:
        task = scene.school.assignment()

        answer = await scene.hand_in(task, ("../résumé.pdf", PDF), ("b.html", b"<html>"), data={"text": "both"})

        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert [(file["name"], file["media_type"]) for file in made["files"]] == [
            ("résumé.pdf", "application/pdf"),
            ("b.html", "text/html"),
        ]
        for position, content in ((1, PDF), (2, b"<html>")):
            got = await scene.send(scene.lead, "GET", f"/submissions/{made['id']}/files/{position}")
            assert got.content == content
            assert got.headers["content-disposition"].startswith("attachment; ")
            assert got.headers["x-content-type-options"] == "nosniff"
            assert "html" not in got.headers["content-type"]
        path = f"/submissions/{made['id']}/files/1"
        assert (await scene.send(scene.ben, "GET", path)).status_code == 404
        assert (await scene.send(scene.lead, "GET", f"/submissions/{made['id']}/files/3")).status_code == 404

    async def test_hostile_ones_behave_as_declared_and_leave_no_attempt(self, scene: Scene) -> None:
        task = scene.school.assignment(file_types=TYPES, max_file_bytes=LIMIT, max_files=MOST, attempts=len(CASES))
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        path = f"/assignments/{task.id}/submissions"
        for case in CASES:
            if case.what == "a text that is too long":
                continue  # Texts may be longer here.
            answer = await scene.send(scene.ann, "POST", path, content=case.body, headers=kind)
            wanted = 201 if case.kept else 413 if case.code == "FILE_TOO_LARGE" else 422
            assert answer.status_code == wanted, (case.what, answer.text)

        mine = (await scene.send(scene.ann, "GET", "/submissions/mine?limit=200")).json()["items"]
        assert [file["name"] for each in mine for file in each["files"]] == [
            case.kept[0] for case in CASES if case.kept
        ]
        outside = [
            each
            for each in scene.erp.settings.var.rglob("*")
            if each.is_file() and not each.is_relative_to(scene.erp.settings.faculty.files_dir)
        ]
        assert not any("passwd" in each.name or each.read_bytes().startswith(PDF) for each in outside)

    async def test_nothing_is_read_of_what_would_be_refused_anyway(self, scene: Scene) -> None:
        async def unread() -> AsyncIterator[bytes]:
            for _ in range(1):
                yield b"x"
                read.append(True)

        read: list[bool] = []

        closed = scene.school.assignment()
        scene.school.write(assignments.close, closed.id, by=LEAD)
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        for task, who, status in (
            (scene.school.assignment(published=False), scene.ann, 404),
            (closed, scene.ann, 409),
            (closed, scene.lead, 403),
        ):
            path = f"/assignments/{task.id}/submissions"
            answer = await scene.send(who, "POST", path, content=unread(), headers=kind)
            assert answer.status_code == status, answer.text
        assert read == []

    async def test_the_same_key_hands_in_once_even_after_the_lock(self, scene: Scene) -> None:
        task = scene.school.assignment()
        key = {"Idempotency-Key": "k-1"}
        first = await scene.hand_in(task, ("a.pdf", PDF), headers=key)
        scene.school.write(assignments.close, task.id, by=LEAD)

        again = await scene.hand_in(task, ("a.pdf", PDF), headers=key)
        other = await scene.hand_in(task, ("a.pdf", PDF + b" "), headers=key)
        late = await scene.hand_in(task, ("a.pdf", PDF), headers={"Idempotency-Key": "k-2"})

        assert first.status_code == again.status_code == 201
        assert first.json() == again.json()
        assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"
        assert late.json()["code"] == "ASSIGNMENT_LOCKED"

    async def test_what_was_refused_is_swept_and_what_was_handed_in_stays(self, scene: Scene) -> None:
        task = scene.school.assignment()
        await scene.hand_in(task, ("a.pdf", PDF))
        assert (await scene.hand_in(task, ("b.pdf", PDF + b" "))).json()["code"] == "ATTEMPTS_EXHAUSTED"
        state = scene.erp.app("faculty").state

        assert sweep(state.database, state.files, older=timedelta(0)) == Swept(orphans=1)
        assert damages(state.database, state.files) == []


class TestTheWayToAMark:
    async def test_from_the_queue_to_the_student(self, scene: Scene) -> None:
        task = scene.school.assignment(number=12)
        made = (await scene.hand_in(task, ("a.pdf", PDF))).json()
        path = f"/submissions/{made['id']}"

        (line,) = (await scene.send(scene.lead, "GET", f"/assignments/{task.id}/submissions?state=unmarked")).json()[
            "items"
        ]
        assert (line["submission_id"], line["display_name"]) == (made["id"], "Student 1001")
        given = await scene.send(scene.lead, "POST", f"{path}/marks", json={"raw": "80.00"})
        assert (given.status_code, given.headers["etag"]) == (201, '"1"')
        assert (await scene.send(scene.lead, "POST", f"{path}/marks", json={"raw": 90})).status_code == 428
        stale = await scene.send(scene.lead, "POST", f"{path}/marks", json={"raw": 90}, headers={"If-Match": '"4"'})
        assert (stale.status_code, stale.json()["errors"][0]["facts"]["marked_by"]) == (412, "faculty:7")
        assert (await scene.send(scene.ann, "GET", path)).json()["mark"] is None
        released = await scene.send(scene.lead, "POST", f"/assignments/{task.id}/marks/release")
        assert released.json() == {"released": 1}
        assert (await scene.send(scene.ann, "GET", path)).json()["mark"]["final"] == "80.00"
        (own,) = (await scene.send(scene.ann, "GET", "/marks/mine")).json()["items"]
        assert (own["assignment_number"], own["final"]) == (12, "80.00")
        assert (await scene.send(scene.ben, "GET", "/marks/mine")).json()["items"] == []

    async def test_the_books_way(self, scene: Scene) -> None:
        scene.school.assignment(number=12)
        held = await scene.send(scene.lead, "POST", "/assignments/student/workbin", json={"stud_id": 1002})
        assert held.status_code == 200, held.text
        bin_id = held.json()["bin_id"]

        body = {"assgn_id": 12, "bin_id": bin_id, "text": "mine"}
        made = await scene.send(scene.ben, "POST", "/assignments/student/submit", json=body)
        assert made.status_code == 201, made.text
        refused = await scene.send(
            scene.ben, "POST", "/assignments/student/submit", json={**body, "date_due": "2026-01-01", "rating": 5}
        )
        assert refused.status_code == 422
        assert {error["pointer"] for error in refused.json()["errors"]} == {"/date_due", "/rating"}
        for who in (scene.ben, scene.lead):
            lying = await scene.send(who, "GET", f"/assignments/view/workbins?bin_id={bin_id}&limit=1")
            assert [each["submission_id"] for each in lying.json()["items"]] == [made.json()["id"]]
        assert (await scene.send(scene.ann, "GET", f"/assignments/view/workbins?bin_id={bin_id}")).status_code == 404

    async def test_on_behalf_is_shown_to_the_student(self, scene: Scene) -> None:
        task = scene.school.assignment()
        form = {
            "student_number": "1001", "attested_at": "2026-03-02T08:30:00Z", "reason": "Came by e-mail.", "text": "x",
        }  # fmt: skip
        path = f"/assignments/{task.id}/submissions/on-behalf"
        scene.school.now += timedelta(minutes=5)
        made = await scene.send(scene.lead, "POST", path, data=form, files=[("files", ("a.pdf", PDF))])

        assert made.status_code == 409, "it came before the assignment opened"
        form["attested_at"] = scene.school.now.isoformat()
        made = await scene.send(scene.lead, "POST", path, data=form, files=[("files", ("a.pdf", PDF))])
        assert made.status_code == 201, made.text
        (own,) = (await scene.send(scene.ann, "GET", "/submissions/mine")).json()["items"]
        assert (own["on_behalf_by"], own["reason"]) == ("faculty:7", "Came by e-mail.")


class TestReceiptsAtTheCommandLine:
    @pytest.fixture
    def erp_command(self) -> Callable[..., Any]:
        runner = CliRunner()
        return lambda *words: runner.invoke(compose([PART]), ["receipt", "verify", *map(str, words)])

    async def test_are_believed_offline_with_the_published_keys_also_after_rotation(
        self, scene: Scene, erp_command: Callable[..., Any], tmp_path: Path
    ) -> None:
        made = (await scene.hand_in(scene.school.assignment(), ("a.pdf", PDF))).json()
        told = await scene.send(scene.ann, "GET", f"/submissions/{made['id']}/receipt")
        receipt, keys, mine, other = (tmp_path / name for name in ("receipt.txt", "jwks.json", "mine.pdf", "other.pdf"))
        receipt.write_text(told.text)
        mine.write_bytes(PDF)
        other.write_bytes(PDF + b" ")
        scene.erp.app("faculty").state.keyring.rotate(scene.school.now + timedelta(days=1))
        keys.write_text((await scene.erp.client.get(f"{FACULTY}/.well-known/jwks.json")).text)

        believed = erp_command(receipt, "--keys", keys, "--file", mine)
        assert believed.exit_code == 0, believed.output
        assert "student:1001" in believed.output
        assert hashlib.sha256(PDF).hexdigest()[:16] in believed.output
        assert erp_command(receipt, "--keys", keys, "--file", other).exit_code == 1
        receipt.write_text(told.text.replace(told.text[60], "A" if told.text[60] != "A" else "B", 1))
        assert erp_command(receipt, "--keys", keys).exit_code == 1
        assert erp_command(tmp_path / "nowhere", "--keys", keys).exit_code == 2
