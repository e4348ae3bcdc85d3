"""What staff do with accounts over HTTP, and that it counts at once."""

import pytest

from tests.apps import Erp
from tests.people import PASSWORD, Someone, signed_in

STUDENT = "/ch04/student"


@pytest.fixture
async def registrar(erp: Erp) -> Someone:
    return await signed_in(erp.app("student"), "registrar")


@pytest.fixture
async def student(erp: Erp) -> Someone:
    return await signed_in(erp.app("student"), "student", number=1001)


class TestInvitations:
    """An invited person activates their account with a code on paper or by mail."""

    async def test_the_code_on_paper_activates_the_account(self, erp: Erp, registrar: Someone) -> None:
        invited = await erp.client.post(
            f"{STUDENT}/account/invitations",
            headers=registrar.headers,
            json={"user_name": "mia", "roles": ["student"], "given_name": "Mia"},
        )
        code = invited.json()["code"]
        activated = await erp.client.post(
            f"{STUDENT}/account/activate", json={"user_name": "mia", "code": code.lower(), "password": PASSWORD}
        )
        signed = await erp.client.post(f"{STUDENT}/login/account", data={"username": "mia", "password": PASSWORD})

        assert invited.status_code == 201
        assert invited.headers["Cache-Control"] == "no-store"
        assert len(code.replace("-", "")) == 16
        assert (activated.status_code, signed.status_code) == (200, 200)

    async def test_a_mailed_code_is_not_answered(self, erp: Erp, registrar: Someone) -> None:
        invited = await erp.client.post(
            f"{STUDENT}/account/invitations",
            headers=registrar.headers,
            json={"user_name": "mia", "roles": ["student"], "email": "mia@example.org", "by_mail": True},
        )

        (mail,) = (erp.settings.var / "mail").glob("*.eml")
        assert invited.json()["code"] is None
        assert "Activation code: " in mail.read_text()

    async def test_a_second_letter_can_be_printed(self, erp: Erp, registrar: Someone) -> None:
        body = {"user_name": "mia", "roles": ["student"]}
        invited = await erp.client.post(f"{STUDENT}/account/invitations", headers=registrar.headers, json=body)
        number = invited.json()["account"]["id"]

        again = await erp.client.post(f"{STUDENT}/account/{number}/invite", headers=registrar.headers, json={})

        assert again.status_code == 201
        assert again.json()["code"] != invited.json()["code"]


class TestStates:
    """Disabling counts at once where the account lives."""

    async def test_a_disabled_student_is_out_with_the_next_request(
        self, erp: Erp, registrar: Someone, student: Someone
    ) -> None:
        path = f"{STUDENT}/account/{student.account.id}"
        before = await erp.client.get(f"{STUDENT}/account/me", headers=student.headers)
        disabled = await erp.client.post(f"{path}/disable", headers=registrar.headers, json={"reason": "lost papers"})
        after = await erp.client.get(f"{STUDENT}/account/me", headers=student.headers)
        enabled = await erp.client.post(f"{path}/enable", headers=registrar.headers, json={"reason": "found again"})

        assert [before.status_code, disabled.status_code, after.status_code] == [200, 200, 401]
        assert (enabled.json()["state"], enabled.json()["state_reason"]) == ("active", "found again")

    async def test_a_reason_is_needed(self, erp: Erp, registrar: Someone, student: Someone) -> None:
        for body in ({}, {"reason": ""}, {"reason": "x"}):
            path = f"{STUDENT}/account/{student.account.id}/lock"
            assert (await erp.client.post(path, headers=registrar.headers, json=body)).status_code == 422

    async def test_nobody_disables_their_own_account(self, erp: Erp, registrar: Someone) -> None:
        answer = await erp.client.post(
            f"{STUDENT}/account/{registrar.account.id}/disable",
            headers=registrar.headers,
            json={"reason": "tired of it"},
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "OWN_ACCOUNT")


class TestGrants:
    """A granted role counts with the next refresh; an ended one at once."""

    async def test_a_student_becomes_a_registrar_and_is_one_no_more(
        self, erp: Erp, registrar: Someone, student: Someone
    ) -> None:
        path = f"{STUDENT}/account/{student.account.id}/grants"
        made = await erp.client.post(
            path, headers=registrar.headers, json={"role": "registrar", "reason": "joins the office"}
        )
        old = await erp.client.get(f"{STUDENT}/accounts", headers=student.headers)
        renewed = await erp.client.post(f"{STUDENT}/login/refresh", data={"refresh_token": student.signed.secret})
        headers = {"Authorization": f"Bearer {renewed.json()['access_token']}"}
        new = await erp.client.get(f"{STUDENT}/accounts", headers=headers)
        ended = await erp.client.post(
            f"{path}/{made.json()['id']}/end", headers=registrar.headers, json={"reason": "left the office"}
        )
        over = await erp.client.get(f"{STUDENT}/accounts", headers=headers)

        assert (made.status_code, old.status_code, new.status_code) == (201, 401, 200)
        assert (ended.status_code, over.status_code) == (200, 401)

    async def test_a_scope_must_be_one(self, erp: Erp, registrar: Someone, student: Someone) -> None:
        for scope in ("everything", "department:", "section:a b", "university "):
            answer = await erp.client.post(
                f"{STUDENT}/account/{student.account.id}/grants",
                headers=registrar.headers,
                json={"role": "registrar", "scope": scope, "reason": "joins the office"},
            )
            assert answer.status_code == 422, scope


class TestDesk:
    """A code printed at a desk."""

    async def test_the_code_sets_a_password_and_the_owner_is_told(
        self, erp: Erp, registrar: Someone, student: Someone
    ) -> None:
        printed = await erp.client.post(f"{STUDENT}/account/{student.account.id}/reset-code", headers=registrar.headers)
        body = {"user_name": student.account.user_name, "code": printed.json()["code"]}
        used = await erp.client.post(
            f"{STUDENT}/login/password/reset", json={**body, "password": "eleven herons over the lake"}
        )

        assert (printed.status_code, used.status_code) == (201, 200)
        assert (await erp.client.get(f"{STUDENT}/account/me", headers=student.headers)).status_code == 401


class TestPages:
    """Lists go on from a cursor."""

    async def test_accounts_are_paged(self, erp: Erp, registrar: Someone) -> None:
        for _ in range(4):
            await signed_in(erp.app("student"), "student")

        seen, path = [], f"{STUDENT}/accounts?limit=2&state=active"
        while path:
            answer = await erp.client.get(path, headers=registrar.headers)
            seen += [item["id"] for item in answer.json()["items"]]
            link = answer.headers.get("Link", "")
            path = link[1:].partition(">")[0] if link else ""

        assert len(seen) == 5 == len(set(seen))

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=nonsense", "state=happy", "unknown=1"])
    async def test_other_parameters_are_refused(self, erp: Erp, registrar: Someone, query: str) -> None:
        answer = await erp.client.get(f"{STUDENT}/accounts?{query}", headers=registrar.headers)

        assert answer.status_code == 422
