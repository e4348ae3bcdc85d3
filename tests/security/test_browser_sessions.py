"""The browser's session: one cookie for all services, revocable, and no use to another site's page."""

import re
from pathlib import Path

import httpx
import pytest

from configuration.kit.features.accounts import change_state
from configuration.kit.security.csrf import form_token
from configuration.kit.security.sessions import COOKIE
from tests.apps import Erp, erp_settings, open_erp
from tests.conftest import MigratedUrl
from tests.people import OPERATOR, PASSWORD, Someone, add_account, roles_of, signed_in

HERE = {"Origin": "http://erp.test", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def browser(erp: Erp) -> Someone:
    """A registrar with a browser."""
    return await signed_in(erp.app("student"), "registrar", kind="browser")


def cookie(someone: Someone) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={someone.actor.issuer}.{someone.signed.secret}"}


class TestCookie:
    """Signing in by the page sets one cookie."""

    async def test_it_is_out_of_reach_of_scripts_and_other_sites(self, erp: Erp) -> None:
        app = erp.app("student")
        await app.state.database.write(
            add_account, roles_of("student"), "student", user_name="ann", now=app.state.clock()
        )
        answer = await erp.client.post(
            "/ch04/student/sign-in", data={"user_name": "ann", "password": PASSWORD}, headers=HERE
        )

        assert answer.status_code == 303
        (made,) = [value for value in answer.headers.get_list("set-cookie") if value.startswith(COOKIE)]
        assert re.match(r"erp_session=student\.[A-Za-z0-9_-]{43};", made)
        assert {"HttpOnly", "Path=/ch04", "SameSite=lax"} <= {part.strip() for part in made.split(";")}
        assert "Secure" not in made
        assert "Max-Age" not in made and "expires" not in made.lower()

    async def test_with_https_it_never_travels_unencrypted(self, tmp_path: Path, migrated_url: MigratedUrl) -> None:
        settings = erp_settings(tmp_path / "var", migrated_url, secure_cookies=True)
        async with open_erp("mounted", settings) as erp:
            app = erp.app("student")
            await app.state.database.write(
                add_account, roles_of("student"), "student", user_name="ann", now=app.state.clock()
            )
            body = {"user_name": "ann", "password": PASSWORD}
            answer = await erp.client.post("/ch04/student/sign-in", data=body, headers=HERE)

        assert "Secure" in answer.headers["set-cookie"]

    async def test_the_person_is_known_everywhere(self, erp: Erp, browser: Someone) -> None:
        for service in ("student", "faculty", "library"):
            answer = await erp.client.get(f"/ch04/{service}/index", headers=cookie(browser))
            assert answer.status_code == 200
        mine = await erp.client.get("/ch04/library/patrons/me", headers=cookie(browser))
        assert mine.status_code not in (401, 403)

    async def test_a_malformed_or_unknown_session_is_a_visitor(self, erp: Erp) -> None:
        for value in ("student." + "a" * 43, "nonsense", "library." + "b" * 43):
            headers = {"Cookie": f"{COOKIE}={value}"}
            assert (await erp.client.get("/ch04/student/index", headers=headers)).status_code == 200
            assert (await erp.client.get("/ch04/student/account/me", headers=headers)).status_code == 401

    async def test_a_token_wins_over_the_cookie(self, erp: Erp, browser: Someone) -> None:
        other = await signed_in(erp.app("student"), "student")

        answer = await erp.client.get("/ch04/student/account/me", headers={**cookie(browser), **other.headers})

        assert answer.json()["person"] == other.actor.person


class TestEnding:
    """Signing out and disabling count at once at home."""

    async def test_signing_out_ends_the_session(self, erp: Erp, browser: Someone) -> None:
        headers = {**cookie(browser), **HERE, "X-Form-Token": form_token(browser.signed.secret)}

        answer = await erp.client.post("/ch04/student/logout", headers=headers)

        assert answer.status_code == 204
        assert f'{COOKIE}=""' in answer.headers["set-cookie"]
        assert (await erp.client.get("/ch04/student/account/me", headers=cookie(browser))).status_code == 401

    async def test_disabling_ends_it(self, erp: Erp, browser: Someone) -> None:
        app = erp.app("student")
        assert (await erp.client.get("/ch04/student/account/me", headers=cookie(browser))).status_code == 200

        await app.state.database.write(
            change_state,
            roles_of("student"),
            browser.account.id,
            "disable",
            reason="left",
            by=OPERATOR,
            now=app.state.clock(),
        )

        assert (await erp.client.get("/ch04/student/account/me", headers=cookie(browser))).status_code == 401

    async def test_an_owner_ends_another_of_their_sessions(self, erp: Erp, browser: Someone) -> None:
        listed = (await erp.client.get("/ch04/student/account/sessions", headers=cookie(browser))).json()["items"]
        assert [session["current"] for session in listed] == [True]
        assert browser.signed.secret not in str(listed)

        headers = {**cookie(browser), **HERE, "X-Form-Token": form_token(browser.signed.secret)}
        path = f"/ch04/student/account/sessions/{listed[0]['id']}/end"

        assert (await erp.client.post(path, headers=headers)).status_code == 204
        assert (await erp.client.get("/ch04/student/account/me", headers=cookie(browser))).status_code == 401

    async def test_anothers_session_and_an_absent_one_look_alike(self, erp: Erp, browser: Someone) -> None:
        other = await signed_in(erp.app("student"), "student")
        theirs = browser.actor.family_id

        answers = [
            await erp.client.post(f"/ch04/student/account/sessions/{number}/end", headers=other.headers)
            for number in (theirs, 999_999)
        ]

        assert [answer.status_code for answer in answers] == [404, 404]
        said = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in answers]
        assert said[0] == said[1]


class TestForms:
    """An unsafe request by cookie comes from our own page and carries the session's form token."""

    PATH = "/ch04/student/account/sessions/end-others"

    async def send(self, erp: Erp, browser: Someone, headers: dict[str, str], **body: object) -> httpx.Response:
        return await erp.client.post(self.PATH, headers={**cookie(browser), **headers}, **body)  # type: ignore[arg-type]

    async def test_the_form_field_or_the_header_will_do(self, erp: Erp, browser: Someone) -> None:
        token = form_token(browser.signed.secret)

        by_header = await self.send(erp, browser, {**HERE, "X-Form-Token": token})
        by_field = await self.send(erp, browser, HERE, data={"form_token": token})

        assert (by_header.status_code, by_field.status_code) == (200, 200)

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "http://evil.test"},
            {"Origin": "null"},
            {"Origin": "http://erp.test.evil.test"},
            {"Origin": "http://erp.test", "Sec-Fetch-Site": "cross-site"},
        ],
    )
    async def test_another_sites_page_is_refused_even_with_the_token(
        self, erp: Erp, browser: Someone, headers: dict[str, str]
    ) -> None:
        token = form_token(browser.signed.secret)

        answer = await self.send(erp, browser, {**headers, "X-Form-Token": token})

        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_FROM_HERE")

    async def test_a_missing_wrong_or_borrowed_token_is_refused(self, erp: Erp, browser: Someone) -> None:
        other = await signed_in(erp.app("student"), "student", kind="browser")

        for token in (
            None,
            "",
            "wrong",
            form_token(other.signed.secret),
            browser.signed.secret,
            "\u00e9".encode("latin-1"),
        ):
            extra = {} if token is None else {"X-Form-Token": token}
            answer = await self.send(erp, browser, {**HERE, **extra})  # type: ignore[dict-item]
            assert (answer.status_code, answer.json()["code"]) == (403, "FORM_TOKEN_REFUSED")
        json_body = await self.send(erp, browser, HERE, json={"form_token": form_token(browser.signed.secret)})
        assert json_body.status_code == 403

    async def test_a_token_client_needs_no_form_token(self, erp: Erp) -> None:
        someone = await signed_in(erp.app("student"), "student")

        assert (await erp.client.post(self.PATH, headers=someone.headers)).status_code == 200

    async def test_signing_in_from_another_site_is_refused(self, erp: Erp) -> None:
        answer = await erp.client.post(
            "/ch04/student/sign-in",
            data={"user_name": "ann", "password": PASSWORD},
            headers={"Origin": "http://evil.test"},
        )

        assert answer.status_code == 403


class TestSwap:
    """Only another service swaps a session."""

    async def test_the_token_is_good_at_the_asking_service_alone(self, erp: Erp, browser: Someone) -> None:
        library = erp.app("library").state
        token = library.authenticator.service_token("facts", "student", library.clock())
        answer = await erp.client.post(
            "/ch04/student/session/swap",
            headers={"Authorization": f"Bearer {token}"},
            json={"secret": browser.signed.secret},
        )

        swapped = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert (await erp.client.get("/ch04/library/index", headers=swapped)).status_code == 200
        assert (await erp.client.get("/ch04/faculty/index", headers=swapped)).status_code == 401

    async def test_an_ended_session_is_not_found(self, erp: Erp) -> None:
        library = erp.app("library").state
        token = library.authenticator.service_token("facts", "student", library.clock())

        answer = await erp.client.post(
            "/ch04/student/session/swap", headers={"Authorization": f"Bearer {token}"}, json={"secret": "x" * 43}
        )

        assert answer.status_code == 404
