"""Files as materials over HTTP: in by those who teach, out to everybody of the space."""

from typing import Any

import httpx
import pytest

from configuration.kit.features.files import damages, sweep
from tests.apps import Erp
from tests.configuration.features.files.uploads import PDF
from tests.faculty_mgt.school import School
from tests.people import Someone, signed_in

FACULTY = "/ch04/faculty"


class Scene:
    def __init__(self, erp: Erp, school: School, lead: Someone, student: Someone) -> None:
        self.erp, self.school, self.lead, self.student = erp, school, lead, student

    async def send(self, who: Someone, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**who.headers, **options.pop("headers", {})}
        return await self.erp.client.request(method, FACULTY + path, headers=headers, **options)

    async def post(self, who: Someone, *files: tuple[str, bytes], **options: Any) -> httpx.Response:
        sent = [("files", file) for file in files]
        return await self.send(who, "POST", f"/spaces/{self.school.space}/materials/files", files=sent, **options)


@pytest.fixture
async def scene(erp: Erp) -> Scene:
    faculty = erp.app("faculty")
    school = School(faculty.state.database)
    school.now = faculty.state.clock()
    school.enrol(school.a, [1001, 1004], version=1)
    faculty.state.clock = lambda: school.now
    lead = await signed_in(faculty, "lecturer", number=7)
    return Scene(erp, school, lead, await signed_in(erp.app("student"), "student", number=1004))


class TestMaterialFiles:
    async def test_a_file_goes_in_once_per_key_and_out_as_it_is(self, scene: Scene) -> None:
        key = {"Idempotency-Key": "one"}
        answers = [
            await scene.post(scene.lead, ("notes.pdf", PDF), data={"body": "Read it."}, headers=key) for _ in "12"
        ]
        made = answers[0].json()
        got = await scene.send(scene.student, "GET", f"/materials/{made['id']}/file")
        listed = await scene.send(scene.student, "GET", f"/spaces/{scene.school.space}/materials")

        assert [answer.status_code for answer in answers] == [201, 201]
        assert (made["kind"], made["title"], made["body"]) == ("file", "notes.pdf", "Read it.")
        assert listed.json()["items"] == [made]
        assert got.content == PDF
        assert got.headers["content-disposition"].startswith("attachment; ")
        assert got.headers["x-content-type-options"] == "nosniff"

    async def test_what_is_hidden_taken_down_or_no_file_is_not_there(self, scene: Scene) -> None:
        hidden = (await scene.post(scene.lead, ("a.txt", b"a"), data={"visible_from": "2999-01-01"})).json()
        shown = (await scene.post(scene.lead, ("a.txt", b"a"))).json()
        path = f"/materials/{shown['id']}"
        removed = await scene.send(scene.lead, "DELETE", path, headers={"If-Match": '"1"'})
        text = {"kind": "text", "title": "Notes"}
        plain = (await scene.send(scene.lead, "POST", f"/spaces/{scene.school.space}/materials", json=text)).json()

        assert removed.status_code == 204
        for material in (hidden, shown, plain):
            got = await scene.send(scene.student, "GET", f"/materials/{material['id']}/file")
            assert got.status_code == 404
        assert (await scene.send(scene.lead, "GET", f"/materials/{hidden['id']}/file")).content == b"a"
        state = scene.erp.app("faculty").state
        assert sweep(state.database, state.files).orphans == 0
        assert damages(state.database, state.files) == []

    async def test_what_does_not_fit_is_refused_and_leaves_nothing(self, scene: Scene) -> None:
        refused = {
            "a student": await scene.post(scene.student, ("a.txt", b"a")),
            "two files": await scene.post(scene.lead, ("a.txt", b"a"), ("b.txt", b"b")),
            "an empty file": await scene.post(scene.lead, ("a.txt", b"")),
            "an unknown field": await scene.post(scene.lead, ("a.txt", b"a"), data={"kind": "link"}),
            "no file": await scene.post(scene.lead, data={"title": "x"}),
            "no day": await scene.post(scene.lead, ("a.txt", b"a"), data={"visible_from": "soon"}),
        }

        statuses = {name: answer.status_code for name, answer in refused.items()}
        assert statuses == {"a student": 403} | dict.fromkeys(list(refused)[1:], 422)
        listed = await scene.send(scene.lead, "GET", f"/spaces/{scene.school.space}/materials")
        assert listed.json()["items"] == []
        assert [*scene.erp.app("faculty").state.files.incoming.iterdir()] == []
