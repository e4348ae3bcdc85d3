"""One human, two accounts: signed in to both, linked in both."""

from typing import Any

import pytest

from configuration.kit.features.accounts.model import Applying
from configuration.kit.features.accounts.use_cases import applying
from tests.apps import Erp
from tests.people import Someone, known_hash, roles_of, signed_in


async def statement(erp: Erp, of: Someone, audience: str) -> str:
    answer = await erp.client.post(
        f"/ch04/{of.actor.issuer}/account/links/statement", headers=of.headers, json={"audience": audience}
    )
    assert answer.status_code == 200
    said: str = answer.json()["statement"]
    return said


async def hand_in(erp: Erp, at: Someone, said: str) -> Any:
    return await erp.client.post(f"/ch04/{at.actor.issuer}/account/links", headers=at.headers, json={"statement": said})


@pytest.fixture
async def registrar(erp: Erp) -> Someone:
    """A registrar, who also teaches."""
    return await signed_in(erp.app("student"), "registrar")


@pytest.fixture
async def lecturer(erp: Erp) -> Someone:
    """The same human, as a lecturer."""
    return await signed_in(erp.app("faculty"), "lecturer")


class TestLinking:
    """Each service keeps the other's signed word."""

    async def test_both_services_know_both_persons(self, erp: Erp, registrar: Someone, lecturer: Someone) -> None:
        said = await statement(erp, registrar, "faculty")
        there = await hand_in(erp, lecturer, said)
        back = await hand_in(erp, registrar, there.json()["answer"])

        assert (there.status_code, back.status_code) == (201, 201)
        assert [link["person"] for link in there.json()["links"]] == [registrar.actor.person]
        assert [link["person"] for link in back.json()["links"]] == [lecturer.actor.person]

    async def test_rules_compare_the_persons_from_then_on(
        self, erp: Erp, registrar: Someone, lecturer: Someone
    ) -> None:
        app = erp.app("student")
        said = Applying("ben", known_hash())
        mine = await app.state.database.write(
            applying.apply,
            roles_of("student"),
            said,
            applicant=lecturer.actor,
            open_for_all=True,
            now=app.state.clock(),
        )
        there = await hand_in(erp, lecturer, await statement(erp, registrar, "faculty"))
        await hand_in(erp, registrar, there.json()["answer"])
        refreshed = await erp.client.post(
            "/ch04/student/login/refresh", data={"refresh_token": registrar.signed.secret}
        )
        headers = {"Authorization": f"Bearer {refreshed.json()['access_token']}"}

        answer = await erp.client.post(
            "/ch04/student/account/signup/approved", headers=headers, json={"sign_id": mine.id}
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "OWN_APPLICATION")

    async def test_a_statement_is_used_once(self, erp: Erp, registrar: Someone, lecturer: Someone) -> None:
        other = await signed_in(erp.app("faculty"), "lecturer")
        said = await statement(erp, registrar, "faculty")
        await hand_in(erp, lecturer, said)

        again = await hand_in(erp, other, said)

        assert (again.status_code, again.json()["code"]) == (409, "LINK_EXISTS")

    async def test_a_statement_is_for_one_service(self, erp: Erp, registrar: Someone, lecturer: Someone) -> None:
        said = await statement(erp, registrar, "library")

        assert (await hand_in(erp, lecturer, said)).status_code == 401

    async def test_an_answer_to_somebody_else_is_refused(self, erp: Erp, registrar: Someone, lecturer: Someone) -> None:
        mallory = await signed_in(erp.app("student"), "student")
        there = await hand_in(erp, lecturer, await statement(erp, registrar, "faculty"))

        stolen = await hand_in(erp, mallory, there.json()["answer"])

        assert (stolen.status_code, stolen.json()["code"]) == (422, "LINK_REFUSED")

    async def test_an_access_token_is_no_statement_and_a_statement_no_token(
        self, erp: Erp, registrar: Someone, lecturer: Someone
    ) -> None:
        said = await statement(erp, registrar, "faculty")

        assert (await hand_in(erp, lecturer, registrar.token)).status_code == 401
        headers = {"Authorization": f"Bearer {said}"}
        assert (await erp.client.get("/ch04/faculty/index", headers=headers)).status_code == 401
