"""The book's sign-up: applied for, approved by the registrar, signed in."""

import pytest

from tests.apps import Erp
from tests.people import PASSWORD, Someone, signed_in

STUDENT = "/ch04/student"


def application(**changes: object) -> dict[str, object]:
    return {"stud_id": 1234, "username": "ben", "password": PASSWORD, **changes}


class TestSignUp:
    """POST /account/signup."""

    async def test_a_student_applies_is_approved_and_signs_in(self, erp: Erp, registrar: Someone) -> None:
        applied = await erp.client.post(f"{STUDENT}/account/signup", json=application(fname="Ben", lname="Blue"))
        approved = await erp.client.post(
            f"{STUDENT}/account/signup/approved",
            headers=registrar.headers,
            json={"sign_id": applied.json()["sign_id"]},
        )
        signed = await erp.client.post(f"{STUDENT}/login/account", data={"username": "ben", "password": PASSWORD})
        me = await erp.client.get(
            f"{STUDENT}/account/me", headers={"Authorization": f"Bearer {signed.json()['access_token']}"}
        )

        assert applied.status_code == 201
        assert (applied.json()["stud_id"], applied.json()["username"]) == (1234, "ben")
        assert (approved.status_code, approved.json()["stud_id"], approved.json()["state"]) == (200, 1234, "approved")
        assert me.json()["person"] == "student:1234"
        assert me.json()["display_name"] == "Ben Blue"
        assert me.json()["roles"] == {"student": ["university"]}

    async def test_nobody_signs_in_before_the_decision(self, erp: Erp) -> None:
        await erp.client.post(f"{STUDENT}/account/signup", json=application())

        answer = await erp.client.post(f"{STUDENT}/login/account", data={"username": "ben", "password": PASSWORD})

        assert answer.status_code == 401

    async def test_a_taken_name_is_a_conflict(self, erp: Erp) -> None:
        await erp.client.post(f"{STUDENT}/account/signup", json=application())

        answer = await erp.client.post(f"{STUDENT}/account/signup", json=application(username="BEN", stud_id=1))

        assert (answer.status_code, answer.json()["code"]) == (409, "USER_NAME_TAKEN")

    async def test_approving_twice_is_a_conflict(self, erp: Erp, registrar: Someone) -> None:
        applied = await erp.client.post(f"{STUDENT}/account/signup", json=application())
        body = {"sign_id": applied.json()["sign_id"]}

        answers = [
            await erp.client.post(f"{STUDENT}/account/signup/approved", headers=registrar.headers, json=body)
            for _ in range(2)
        ]

        assert [answer.status_code for answer in answers] == [200, 409]

    async def test_approval_is_no_longer_a_get(self, erp: Erp, registrar: Someone) -> None:
        answer = await erp.client.get(f"{STUDENT}/account/signup/approved?sign_id=1", headers=registrar.headers)

        assert answer.status_code == 405

    @pytest.mark.parametrize("field", ["sign_id", "user_id", "status", "approved_by", "approved_date"])
    async def test_facts_a_client_must_not_set_are_refused_with_the_reason(self, erp: Erp, field: str) -> None:
        answer = await erp.client.post(f"{STUDENT}/account/signup", json=application(**{field: 1}))

        (error,) = answer.json()["errors"]
        assert answer.status_code == 422
        assert error["pointer"] == f"/{field}"
        assert len(error["detail"]) > 20

    @pytest.mark.parametrize(
        "change",
        [
            {"faculty_id": 1},
            {"password": "short"},
            {"password": 5},
            {"username": "a b"},
            {"username": "x" * 65},
            {"stud_id": "1234"},
            {"stud_id": True},
            {"stud_id": 0},
            {"stud_id": 10**18},
            {"fname": "a\u0000b"},
            {"email": "nobody"},
        ],
    )
    async def test_nonsense_is_refused(self, erp: Erp, change: dict[str, object]) -> None:
        answer = await erp.client.post(f"{STUDENT}/account/signup", json=application(**change))

        assert answer.status_code == 422

    async def test_a_signed_in_registrar_does_not_decide_their_own(self, erp: Erp, registrar: Someone) -> None:
        applied = await erp.client.post(f"{STUDENT}/account/signup", headers=registrar.headers, json=application())

        answer = await erp.client.post(
            f"{STUDENT}/account/signup/approved",
            headers=registrar.headers,
            json={"sign_id": applied.json()["sign_id"]},
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "OWN_APPLICATION")

    async def test_a_selection_is_decided_with_a_verdict_each(self, erp: Erp, registrar: Someone) -> None:
        ids = []
        for name in ("ben", "cas"):
            applied = await erp.client.post(f"{STUDENT}/account/signup", json={"username": name, "password": PASSWORD})
            ids.append(applied.json()["sign_id"])

        answer = await erp.client.post(
            f"{STUDENT}/account/applications/decisions",
            headers=registrar.headers,
            json={"ids": [*ids, 999], "decision": "approve"},
        )

        assert [item["outcome"] for item in answer.json()["items"]] == ["decided", "decided", "refused"]
        assert answer.json()["items"][2]["code"] == "APPLICATION_NOT_FOUND"

    async def test_the_applicant_is_told(self, erp: Erp, registrar: Someone) -> None:
        applied = await erp.client.post(f"{STUDENT}/account/signup", json=application(email="ben@example.org"))

        await erp.client.post(
            f"{STUDENT}/account/applications/{applied.json()['sign_id']}/decide",
            headers=registrar.headers,
            json={"decision": "reject", "reason": "not enrolled"},
        )

        (mail,) = (erp.settings.var / "mail").glob("*.eml")
        assert "ben@example.org" in mail.read_text() and "not enrolled" in mail.read_text()


class TestStandingOverHttp:
    """GET /persons/{number}/standing is for services."""

    async def test_another_service_learns_the_standing(self, erp: Erp) -> None:
        someone = await signed_in(erp.app("student"), "student", number=1001)
        library = erp.app("library").state
        token = library.authenticator.service_token("facts", "student", library.clock())

        answer = await erp.client.get(f"{STUDENT}/persons/1001/standing", headers={"Authorization": f"Bearer {token}"})

        assert answer.status_code == 200
        assert answer.json().keys() == {"person", "display_name", "group", "active", "until", "as_of"}
        assert (answer.json()["person"], answer.json()["active"]) == (someone.actor.person, True)

    async def test_an_unknown_number_is_not_found(self, erp: Erp) -> None:
        library = erp.app("library").state
        token = library.authenticator.service_token("facts", "student", library.clock())

        answer = await erp.client.get(f"{STUDENT}/persons/4711/standing", headers={"Authorization": f"Bearer {token}"})

        assert (answer.status_code, answer.json()["code"]) == (404, "PERSON_NOT_FOUND")

    async def test_the_index_says_what_the_book_says(self, erp: Erp) -> None:
        answer = await erp.client.get(f"{STUDENT}/index")

        assert {"project_name", "webmaster", "created", "development_server", "dev_port"} <= answer.json().keys()
