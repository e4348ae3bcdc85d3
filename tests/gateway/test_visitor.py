"""The landing greets who is signed in, as their own service says, and serves everybody when that service is away."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from configuration.kit.clock import utc_now
from configuration.kit.features import accounts
from configuration.kit.security.actor import Actor
from configuration.kit.security.hashing import shared_hasher
from configuration.settings import SERVICES, Settings
from library_mgt.services.accounts import ROLES
from tests.apps import MODES, Erp, open_erp

HTML = {"Accept": "text/html"}
FORM = {**HTML, "Sec-Fetch-Site": "same-origin"}
PASSWORD = "a long walk in the stacks"


@pytest.fixture(params=MODES)
async def erp(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_templates: Callable[[str], Path]
) -> AsyncIterator[Erp]:
    for service in SERVICES:
        shutil.copy(sqlite_templates(f"{service}_mgt"), tmp_path / f"{service}.db")
    async with open_erp(request.param, Settings(var=tmp_path)) as erp:
        operator = Actor("operator:test", "library", "test", {"operator": frozenset({"university"})}, via="command")
        hashed = shared_hasher().hash_now(PASSWORD)
        await erp.app("library").state.database.write(
            accounts.register,
            ROLES,
            by=operator,
            now=utc_now(),
            user_name="lee",
            given_name="Lee",
            family_name="Ann",
            roles=["librarian"],
            password_hash=hashed,
        )
        form = {"user_name": "lee", "password": PASSWORD, "next": "/ch04/"}
        signed_in = await erp.client.post("/ch04/library/sign-in", data=form, headers=FORM)
        assert signed_in.status_code == 303
        yield erp


class TestLanding:
    async def test_greets_who_is_signed_in_and_offers_to_sign_out(self, erp: Erp) -> None:
        page = (await erp.client.get("/ch04/", headers=HTML)).text

        assert "library:1" in page
        assert 'action="/ch04/library/sign-out"' in page
        assert 'href="/ch04/sign-in"' not in page

    async def test_shows_a_visitor_the_way_in(self, erp: Erp) -> None:
        async with erp.new_client() as stranger:
            page = (await stranger.get("/ch04/", headers=HTML)).text
            forged = await stranger.get("/ch04/", headers={**HTML, "Cookie": "erp_session=library." + "A" * 43})

        assert 'href="/ch04/sign-in"' in page
        assert (forged.status_code, "library:1" in forged.text) == (200, False)

    async def test_is_served_while_the_service_of_the_person_is_away(self, erp: Erp) -> None:
        await erp.app("library").state.database.close()

        page = await erp.client.get("/ch04/", headers=HTML)

        assert (page.status_code, "library:1" in page.text) == (200, False)
