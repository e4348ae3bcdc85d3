"""Attacks that once got through, or nearly: each is answered with a refusal, and none with a failure."""

import base64
from urllib.parse import quote

import httpx
import pytest

from configuration.kit.database import Transaction
from configuration.kit.features.accounts.use_cases import granting
from configuration.kit.security.csrf import form_token
from configuration.kit.security.sessions import COOKIE
from tests.apps import Erp
from tests.people import OPERATOR, Someone, roles_of, signed_in

HERE = {"Origin": "http://erp.test", "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
BARCODE = "B000000014"
BEYOND = "9" * 5000
"""More digits than Python makes a number of."""


def form(codec: str, **fields: bytes) -> tuple[bytes, dict[str, str]]:
    """A form that names the codec of its texts, as no browser does."""
    parts = (
        b'--cut\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields.items()
    )
    return b"".join(parts) + b"--cut--\r\n", {"Content-Type": f"multipart/form-data; boundary=cut; charset={codec}"}


@pytest.fixture
async def librarian(erp: Erp) -> Someone:
    """A librarian with a browser."""
    return await signed_in(erp.app("library"), "librarian", kind="browser")


async def catalogued(erp: Erp, librarian: Someone) -> None:
    """A book with the number 1."""
    body = {"book_id": 1, "title": "A book", "author": "A. Author", "classification": "Fiction", "barcode": BARCODE}
    answer = await erp.client.post("/ch04/library/book/add", json=body, headers=librarian.headers)
    assert answer.status_code == 201, answer.text


class Browser:
    """Posts the forms of one person."""

    def __init__(self, erp: Erp, someone: Someone) -> None:
        self.erp, self.secret = erp, someone.signed.secret
        self.headers = {**HERE, "Cookie": f"{COOKIE}={someone.actor.issuer}.{self.secret}"}

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.erp.client.post(
            path, data={"form_token": form_token(self.secret), **fields}, headers=self.headers
        )


class TestWhatCannotBeTakenApart:
    """Addresses, codecs, numbers and cookies that break the tools which read them."""

    async def test_a_broken_address_is_no_place_to_go_on_to(self, erp: Erp) -> None:
        for target in ("http://[", "http://a\uff03@b", "/ch04/%00", "//[", "/ch04/..//evil.test"):
            for service in ("library", "student"):
                answer = await erp.client.get(f"/ch04/{service}/sign-in?next={quote(target, safe='')}", headers=HERE)

                assert answer.status_code == 200, target
                assert "evil.test" not in answer.text.split("<form", 1)[1].split("</form>", 1)[0]

    async def test_a_broken_origin_is_not_our_own(self, erp: Erp) -> None:
        for origin in ("http://[", "http://erp.test@evil.test", "http://erp.test.evil.test", "null"):
            answer = await erp.client.post(
                "/ch04/library/sign-in", data={"user_name": "ann", "password": "guess"}, headers={"Origin": origin}
            )

            assert answer.status_code == 403, origin

    async def test_a_form_in_an_odd_codec_is_refused(self, erp: Erp, librarian: Someone) -> None:
        for codec in ("undefined", "punycode", "unicode_escape"):
            for path, token in (("sign-in", b""), ("desk", rb"\ud800")):
                texts = {"user_name": rb"\ud800" + b"\xff", "password": rb"\ud800", "form_token": token}
                body, headers = form(codec, **texts)

                answer = await erp.client.post(
                    f"/ch04/library/{path}", content=body, headers={**Browser(erp, librarian).headers, **headers}
                )

                assert answer.status_code == 422, (codec, path)

    async def test_a_number_of_thousands_of_digits_is_told_beside_its_field(self, erp: Erp, librarian: Someone) -> None:
        browser = Browser(erp, librarian)

        invited = await browser.post("/ch04/library/people", user_name="eve", role="librarian", person_no=BEYOND)
        applied = await erp.client.post("/ch04/student/sign-up", data={"person_no": BEYOND}, headers=HERE)
        added = [
            await browser.post("/ch04/library/catalogue/new", title="A book", **{name: said})
            for name in ("year", "number")
            for said in (BEYOND, "--5")
        ]

        assert [answer.status_code for answer in (invited, applied, *added)] == [422] * 6

    async def test_a_message_that_cannot_be_shown_is_dropped(self, erp: Erp) -> None:
        for said in ('["success", "\\ud800"]', '["success", ["a"]]', "[" * 2500):
            packed = base64.urlsafe_b64encode(said.encode()).decode()

            answer = await erp.client.get("/ch04/library/find", headers={**HERE, "Cookie": f"erp_flash={packed}"})

            assert answer.status_code == 200, said[:20]

    async def test_a_desk_form_that_was_tampered_with_is_told_what_is_wrong(self, erp: Erp, librarian: Someone) -> None:
        await catalogued(erp, librarian)
        for said in (
            {"patron": "\x00"},
            {"patron": "a\tb"},
            {"patron": "library:1", "overrule": "nonsense", "reason": "because"},
            {"patron": "library:1", "overrule": "PATRON_BLOCKED", "reason": "be\x00cause"},
        ):
            answer = await Browser(erp, librarian).post("/ch04/library/desk", scan=BARCODE, **said)

            assert answer.status_code == 422, said


class TestNumbersOfPeople:
    """A number of the library's is one person's: staff, or a reader who belongs to no other service."""

    async def add_reader(self, erp: Erp, librarian: Someone, number: int) -> httpx.Response:
        body = {"number": str(number), "display_name": "Guest", "until": "2099-12-31"}
        return await erp.client.post("/ch04/library/patrons", json=body, headers=librarian.headers)

    async def test_a_reader_is_not_registered_under_a_colleagues_number(self, erp: Erp, librarian: Someone) -> None:
        colleague = await signed_in(erp.app("library"), "library_assistant")

        answer = await self.add_reader(erp, librarian, colleague.account.person_no)

        assert (answer.status_code, answer.json()["code"]) == (409, "PERSON_TAKEN")
        mine = await erp.client.get("/ch04/library/patrons/me", headers=colleague.headers)
        assert mine.status_code == 404

    async def test_a_newcomer_does_not_get_a_readers_number(self, erp: Erp, librarian: Someone) -> None:
        following = librarian.account.person_no + 1
        assert (await self.add_reader(erp, librarian, following)).status_code == 201

        chosen, given = [
            await erp.client.post(
                "/ch04/library/account/invitations",
                json={"user_name": f"new{len(named)}", "roles": ["library_assistant"], **named},
                headers=librarian.headers,
            )
            for named in ({"person_no": following}, {})
        ]

        assert (chosen.status_code, chosen.json()["code"]) == (409, "PERSON_EXISTS")
        assert given.status_code == 201
        assert given.json()["account"]["person_no"] != following

    async def test_nobody_lifts_their_own_block(self, erp: Erp, librarian: Someone) -> None:
        colleague = await signed_in(erp.app("library"), "librarian")
        await catalogued(erp, librarian)
        await erp.client.post("/ch04/library/book/request", json={"book_id": 1}, headers=librarian.headers)
        known = (await erp.client.get("/ch04/library/patrons/me", headers=librarian.headers)).json()["id"]
        path = f"/ch04/library/patrons/{known}/block"

        blocked = await erp.client.post(
            path, json={"blocked": True, "reason": "owes a book"}, headers=colleague.headers
        )
        lifted = await erp.client.post(path, json={"blocked": False, "reason": "it is me"}, headers=librarian.headers)

        assert blocked.status_code == 200
        assert (lifted.status_code, lifted.json()["code"]) == (403, "OWN_BLOCK")


def _only_for_a_department(tx: Transaction, erp: Erp, someone: Someone, role: str) -> None:
    config, now = roles_of(someone.actor.issuer), erp.app(someone.actor.issuer).state.clock()
    for grant in granting.grants_of(tx, someone.account.id, now=now):
        granting.end_grant(tx, config, someone.account.id, grant.id, reason="moved", by=OPERATOR, now=now)
    granting.grant_role(
        tx, config, someone.account.id, role, reason="helps out", by=OPERATOR, now=now, scope="department:4"
    )


class TestGrantsForOneDepartment:
    """A role held for a department opens nothing that is the whole university's, on pages as little as over JSON."""

    @pytest.mark.parametrize(
        ("service", "role", "paths"),
        [
            ("student", "registrar", ["/people", "/applications", "/accounts"]),
            ("faculty", "dean", ["/people", "/applications", "/accounts"]),
            ("library", "librarian", ["/people", "/desk", "/queue", "/requests", "/loans", "/imports"]),
        ],
    )
    async def test_it_does_not_open(self, erp: Erp, service: str, role: str, paths: list[str]) -> None:
        app = erp.app(service)
        someone = await signed_in(app, role, kind="browser")
        assert [await self.status(erp, someone, service, path) for path in paths] == [200] * len(paths)

        await app.state.database.write(_only_for_a_department, erp, someone, role)

        assert [await self.status(erp, someone, service, path) for path in paths] == [403] * len(paths)

    async def status(self, erp: Erp, someone: Someone, service: str, path: str) -> int:
        headers = Browser(erp, someone).headers
        return (await erp.client.get(f"/ch04/{service}{path}", headers=headers)).status_code
