"""The book's sign-up, alike at both services whose people apply: applied for, decided by staff, signed in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from configuration.kit.security.actor import Service
from tests.apps import Erp, erp_settings, open_erp
from tests.conftest import MigratedUrl
from tests.people import PASSWORD, Someone, signed_in


@dataclass(frozen=True)
class Desk:
    """One of the services, and whoever decides there."""

    erp: Erp
    service: Service
    number: str
    other: str
    role: str
    decider: Someone

    def application(self, **changes: object) -> dict[str, object]:
        """Ben applies."""
        return {self.number: 1234, "username": "ben", "password": PASSWORD, **changes}

    async def apply(self, **changes: object) -> httpx.Response:
        """Ben sends the application."""
        return await self.post("/account/signup", json=self.application(**changes))

    async def post(self, path: str, *, staff: bool = False, **body: object) -> httpx.Response:
        """Send something to the service, as nobody or as the one who decides."""
        headers = self.decider.headers if staff else {}
        return await self.erp.client.post(f"/ch04/{self.service}{path}", headers=headers, **body)  # type: ignore[arg-type]

    async def approve(self, applied: httpx.Response) -> httpx.Response:
        """The one who decides approves."""
        body = {"sign_id": applied.json()["sign_id"]}
        return await self.post("/account/signup/approved", staff=True, json=body)

    async def get(self, path: str, token: str | None = None) -> httpx.Response:
        """Ask the service."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.erp.client.get(f"/ch04/{self.service}{path}", headers=headers)

    def facts_token(self) -> str:
        """With it the library asks for facts here."""
        library = self.erp.app("library").state
        token: str = library.authenticator.service_token("facts", self.service, library.clock())
        return token


DESKS: dict[Service, tuple[str, str, str, str]] = {
    "student": ("stud_id", "faculty_id", "student", "registrar"),
    "faculty": ("faculty_id", "stud_id", "lecturer", "dean"),
}


@pytest.fixture(params=DESKS)
async def desk(request: pytest.FixtureRequest, tmp_path: Path, migrated_url: MigratedUrl) -> AsyncIterator[Desk]:
    """Each of the two in turn, in a running university."""
    service: Service = request.param
    number, other, role, decider = DESKS[service]
    async with open_erp("mounted", erp_settings(tmp_path / "var", migrated_url)) as erp:
        yield Desk(erp, service, number, other, role, await signed_in(erp.app(service), decider))


class TestSignUp:
    """POST /account/signup."""

    async def test_somebody_applies_is_approved_and_signs_in(self, desk: Desk) -> None:
        applied = await desk.apply(fname="Ben", lname="Blue")
        approved = await desk.approve(applied)
        signed = await desk.post("/login/account", data={"username": "ben", "password": PASSWORD})
        me = (await desk.get("/account/me", signed.json()["access_token"])).json()

        assert applied.status_code == 201
        assert (applied.json()[desk.number], applied.json()["username"]) == (1234, "ben")
        decided = approved.json()
        assert (approved.status_code, decided[desk.number], decided["state"]) == (200, 1234, "approved")
        assert (me["person"], me["display_name"]) == (f"{desk.service}:1234", "Ben Blue")
        assert me["roles"] == {desk.role: ["university"]}

    async def test_nobody_signs_in_before_the_decision(self, desk: Desk) -> None:
        await desk.apply()

        answer = await desk.post("/login/account", data={"username": "ben", "password": PASSWORD})

        assert answer.status_code == 401

    async def test_a_taken_name_is_a_conflict(self, desk: Desk) -> None:
        await desk.apply()

        answer = await desk.apply(**{"username": "BEN", desk.number: 1})

        assert (answer.status_code, answer.json()["code"]) == (409, "USER_NAME_TAKEN")

    async def test_approving_twice_is_a_conflict(self, desk: Desk) -> None:
        applied = await desk.apply()

        answers = [await desk.approve(applied) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 409]

    async def test_approval_is_no_longer_a_get(self, desk: Desk) -> None:
        answer = await desk.get("/account/signup/approved?sign_id=1", desk.decider.token)

        assert answer.status_code == 405

    async def test_facts_a_client_must_not_set_are_refused_with_the_reason(self, desk: Desk) -> None:
        for field in ("sign_id", "user_id", "status", "approved_by", "approved_date"):
            answer = await desk.apply(**{field: 1})

            (error,) = answer.json()["errors"]
            assert (answer.status_code, error["pointer"]) == (422, f"/{field}")
            assert len(error["detail"]) > 20

    async def test_nonsense_is_refused(self, desk: Desk) -> None:
        wrong = [("password", "short"), ("password", 5), ("username", "a b"), ("username", "x" * 65), (desk.other, 1)]
        wrong += [(desk.number, value) for value in ("1234", True, 0, 10**18)]
        wrong += [("fname", "a\u0000b"), ("email", "nobody")]

        answers = {change: (await desk.apply(**dict([change]))).status_code for change in wrong}

        assert answers == dict.fromkeys(wrong, 422)

    async def test_whoever_decides_does_not_decide_their_own(self, desk: Desk) -> None:
        applied = await desk.post("/account/signup", staff=True, json=desk.application())

        answer = await desk.approve(applied)

        assert (answer.status_code, answer.json()["code"]) == (403, "OWN_APPLICATION")

    async def test_a_selection_is_decided_with_a_verdict_each(self, desk: Desk) -> None:
        applied = [
            await desk.post("/account/signup", json={"username": name, "password": PASSWORD}) for name in ("ben", "cas")
        ]
        ids = [answer.json()["sign_id"] for answer in applied]

        answer = await desk.post(
            "/account/applications/decisions", staff=True, json={"ids": [*ids, 999], "decision": "approve"}
        )

        assert [item["outcome"] for item in answer.json()["items"]] == ["decided", "decided", "refused"]
        assert answer.json()["items"][2]["code"] == "APPLICATION_NOT_FOUND"

    async def test_the_applicant_is_told(self, desk: Desk) -> None:
        applied = await desk.apply(email="ben@example.org")

        await desk.post(
            f"/account/applications/{applied.json()['sign_id']}/decide",
            staff=True,
            json={"decision": "reject", "reason": "not enrolled"},
        )

        (mail,) = (desk.erp.settings.var / "mail").glob("*.eml")
        assert "ben@example.org" in mail.read_text() and "not enrolled" in mail.read_text()


class TestStandingOverHttp:
    """GET /persons/{number}/standing is for services."""

    async def test_another_service_learns_the_standing(self, desk: Desk) -> None:
        someone = await signed_in(desk.erp.app(desk.service), desk.role, number=1001)

        answer = await desk.get("/persons/1001/standing", desk.facts_token())

        assert answer.status_code == 200
        assert answer.json().keys() == {"person", "display_name", "group", "active", "until", "as_of"}
        assert (answer.json()["person"], answer.json()["active"]) == (someone.actor.person, True)

    async def test_an_unknown_number_is_not_found(self, desk: Desk) -> None:
        answer = await desk.get("/persons/4711/standing", desk.facts_token())

        assert (answer.status_code, answer.json()["code"]) == (404, "PERSON_NOT_FOUND")


class TestIndex:
    """GET /index says what the book says."""

    async def test_it_shows_the_configuration(self, desk: Desk) -> None:
        servers = {"student": {"development_server", "dev_port"}, "faculty": {"production_server", "prod_port"}}

        answer = await desk.get("/index")

        assert {"project_name", "webmaster", "created"} | servers[desk.service] <= answer.json().keys()
