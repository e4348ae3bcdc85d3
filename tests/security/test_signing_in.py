"""Signing in over HTTP: the same answer and work for known and unknown names, slowed, never locked out."""

import asyncio

import httpx
import pytest

from configuration.kit.security.hashing import shared_hasher
from tests.apps import Erp
from tests.people import PASSWORD, add_account, roles_of

SIGN_IN = "/ch04/student/login/account"
NEW_PASSWORD = "eleven herons over the lake"


async def sign_in(erp: Erp, name: str, password: str, address: str = "192.0.2.1") -> httpx.Response:
    async with erp.new_client() as client:
        client._transport.client = (address, 1234)  # type: ignore[attr-defined]
        return await client.post(SIGN_IN, data={"username": name, "password": password})


@pytest.fixture
async def ann(erp: Erp) -> str:
    """A student's user name."""
    app = erp.app("student")
    await app.state.database.write(
        add_account, roles_of("student"), "student", user_name="ann", email="ann@example.org", now=app.state.clock()
    )
    return "ann"


class TestAlike:
    """Whether a name exists cannot be learnt."""

    async def test_known_and_unknown_names_get_the_same_answer(self, erp: Erp, ann: str) -> None:
        known, unknown = [await sign_in(erp, name, "wrong wrong wrong") for name in (ann, "nobody")]

        assert known.status_code == unknown.status_code == 401
        said = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in (known, unknown)]
        assert said[0] == said[1]

    async def test_known_and_unknown_names_cost_the_same_work(self, erp: Erp, ann: str) -> None:
        """Argon2 is nearly all of the time: one verification each, and as many writes."""
        work = []
        database = erp.app("student").state.database
        for name in (ann, "nobody"):
            before = (shared_hasher().verifications, database.describe().get("units_written", 0))
            await sign_in(erp, name, "wrong wrong wrong")
            after = (shared_hasher().verifications, database.describe().get("units_written", 0))
            work.append((after[0] - before[0], after[1] - before[1]))

        assert work[0] == work[1]
        assert work[0][0] == 1

    async def test_a_forgotten_password_of_nobody_is_answered_alike(self, erp: Erp, ann: str) -> None:
        path = "/ch04/student/login/password/forgot"
        answers = [await erp.client.post(path, json={"user_name": name}) for name in (ann, "nobody")]

        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[0].content == answers[1].content

    async def test_codes_for_nobody_are_refused_alike(self, erp: Erp, ann: str) -> None:
        path = "/ch04/student/login/password/reset"
        body = {"code": "ABCDE23456", "password": NEW_PASSWORD}
        answers = [await erp.client.post(path, json={"user_name": name, **body}) for name in (ann, "nobody")]

        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "CODE_REFUSED")] * 2


class TestSlowed:
    """Guessing is slowed for the pair of account and address."""

    async def test_many_guesses_are_told_to_wait_and_the_owner_elsewhere_is_not(self, erp: Erp, ann: str) -> None:
        guesses = [await sign_in(erp, ann, "wrong wrong wrong") for _ in range(7)]

        assert [answer.status_code for answer in guesses[:5]] == [401] * 5
        assert guesses[-1].status_code == 429
        assert int(guesses[-1].headers["Retry-After"]) >= 1
        assert (await sign_in(erp, ann, PASSWORD, "192.0.2.99")).status_code == 200

    async def test_parallel_guesses_get_no_more_tries(self, erp: Erp, ann: str) -> None:
        answers = await asyncio.gather(*(sign_in(erp, ann, f"wrong wrong {n}") for n in range(24)))

        assert sum(answer.status_code == 401 for answer in answers) == 5
        assert {answer.status_code for answer in answers} == {401, 429}


class TestTokens:
    """Access and refresh tokens over HTTP."""

    async def test_the_answer_is_that_of_oauth2_and_is_kept_by_nobody(self, erp: Erp, ann: str) -> None:
        answer = await sign_in(erp, ann, PASSWORD)

        assert answer.status_code == 200
        assert answer.json().keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
        assert answer.json()["token_type"] == "bearer"
        assert 590 <= answer.json()["expires_in"] <= 600
        assert answer.headers["Cache-Control"] == "no-store"

    async def test_sixty_four_clients_with_one_refresh_token_get_one_successor(self, erp: Erp, ann: str) -> None:
        token = (await sign_in(erp, ann, PASSWORD)).json()["refresh_token"]

        answers = await asyncio.gather(
            *(erp.client.post("/ch04/student/login/refresh", data={"refresh_token": token}) for _ in range(64))
        )

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1

    async def test_signing_out_ends_access_and_refresh_at_once(self, erp: Erp, ann: str) -> None:
        tokens = (await sign_in(erp, ann, PASSWORD)).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await erp.client.get("/ch04/student/account/me", headers=headers)).status_code == 200

        assert (await erp.client.post("/ch04/student/logout", headers=headers)).status_code == 204

        assert (await erp.client.get("/ch04/student/account/me", headers=headers)).status_code == 401
        again = await erp.client.post("/ch04/student/login/refresh", data={"refresh_token": tokens["refresh_token"]})
        assert again.status_code == 401

    async def test_a_password_is_changed_with_the_present_one(self, erp: Erp, ann: str) -> None:
        tokens = (await sign_in(erp, ann, PASSWORD)).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        path = "/ch04/student/login/password/change"

        wrong = await erp.client.post(
            path, headers=headers, json={"old_password": "wrong", "new_password": NEW_PASSWORD}
        )
        weak = await erp.client.post(path, headers=headers, json={"old_password": PASSWORD, "new_password": "short"})
        right = await erp.client.post(path, headers=headers, json={"old_password": PASSWORD, "newpass": NEW_PASSWORD})

        assert (wrong.status_code, wrong.json()["code"]) == (422, "WRONG_PASSWORD")
        assert (weak.status_code, weak.json()["errors"][0]["code"]) == (422, "PASSWORD_TOO_SHORT")
        assert right.status_code == 200
        assert (await sign_in(erp, ann, PASSWORD)).status_code == 401
        assert (await sign_in(erp, ann, NEW_PASSWORD)).status_code == 200

    async def test_a_mailed_code_sets_the_password(self, erp: Erp, ann: str) -> None:
        await erp.client.post("/ch04/student/login/password/forgot", json={"user_name": ann})
        (mail,) = (erp.settings.var / "mail").glob("*.eml")
        text = mail.read_text()
        code = text.partition("your code is ")[2].partition(".")[0]

        answer = await erp.client.post(
            "/ch04/student/login/password/reset", json={"user_name": ann, "code": code, "password": NEW_PASSWORD}
        )

        assert answer.status_code == 200
        assert (await sign_in(erp, ann, NEW_PASSWORD)).status_code == 200
        assert mail.stat().st_mode & 0o777 == 0o600

    async def test_who_acts_is_not_a_field_of_the_body(self, erp: Erp, ann: str) -> None:
        tokens = (await sign_in(erp, ann, PASSWORD)).json()
        answer = await erp.client.post(
            "/ch04/student/login/password/change",
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
            json={"user_id": 2, "old_password": PASSWORD, "newpass": NEW_PASSWORD},
        )

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/user_id"
