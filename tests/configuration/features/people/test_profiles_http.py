"""Profiles over HTTP: the book's addresses, the resources beside them, and what a change has to bring."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from configuration.kit.security.actor import Service
from tests.apps import Erp, erp_settings, open_erp
from tests.conftest import MigratedUrl
from tests.people import Someone, signed_in


@dataclass(frozen=True)
class Counter:
    """A service with one of its people and whoever keeps the records."""

    erp: Erp
    service: Service
    number: str
    ann: Someone
    keeper: Someone

    async def ask(self, method: str, path: str, by: Someone, body: Any = None, **headers: str) -> httpx.Response:
        """One request as somebody."""
        sent = {**by.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.erp.client.request(method, f"/ch04/{self.service}{path}", headers=sent, json=body)


PEOPLE: dict[Service, tuple[str, str, str]] = {
    "student": ("stud_id", "student", "registrar"),
    "faculty": ("faculty_id", "lecturer", "dean"),
}


@pytest.fixture(params=PEOPLE)
async def counter(request: pytest.FixtureRequest, tmp_path: Path, migrated_url: MigratedUrl) -> AsyncIterator[Counter]:
    """Each of the two in turn, in a running university."""
    service: Service = request.param
    number, role, keeper = PEOPLE[service]
    async with open_erp("mounted", erp_settings(tmp_path / "var", migrated_url)) as erp:
        app = erp.app(service)
        ann = await signed_in(app, role, number=1001)
        yield Counter(erp, service, number, ann, await signed_in(app, keeper))


class TestProfiles:
    """The book's addresses and ours are one record."""

    async def test_added_by_its_owner_read_changed_and_listed_by_the_office(self, counter: Counter) -> None:
        added = await counter.ask(
            "POST", "/profile/add", counter.ann, {counter.number: 1001, "fname": "Ann", "lname": "Blue", "major": "CS"}
        )
        again = await counter.ask("POST", "/persons", counter.keeper, {counter.number: 1001, "given_name": "Eve"})
        seen = await counter.ask("GET", "/persons/1001", counter.keeper)
        changed = await counter.ask(
            "PATCH",
            f"/profile/update?{counter.number}=1001",
            counter.keeper,
            {"lname": "Green", "birth_date": "2000-01-31"},
            If_Match=seen.headers["etag"],
        )
        listed = await counter.ask("GET", "/profile/list/all?limit=1", counter.keeper)

        assert (added.status_code, added.headers["etag"], added.json()[counter.number]) == (201, '"1"', 1001)
        assert (again.status_code, again.json()["code"]) == (409, "PROFILE_EXISTS")
        assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
        assert changed.json()["display_name"] == "Ann Green"
        (line,) = listed.json()["items"]
        assert (line[counter.number], line["major_name"]) == (1001, "Computer Science")

    async def test_a_change_says_which_version_it_changes(self, counter: Counter) -> None:
        body = {"phone": "+1 555 0100"}

        bare = await counter.ask("PATCH", "/profile/update", counter.ann, body)
        stale = await counter.ask("PATCH", "/profile/update", counter.ann, body, If_Match='"7"')
        fresh = await counter.ask("PATCH", "/profile/update", counter.ann, body, If_Match='"0"')

        assert [one.status_code for one in (bare, stale, fresh)] == [428, 412, 200]
        assert fresh.json()["contacts"][0]["value"] == "+1 555 0100"

    async def test_what_follows_from_something_else_is_not_set(self, counter: Counter) -> None:
        for field in ("age", "status") if counter.service == "student" else ("age",):
            for method, path in (("POST", "/profile/add"), ("PATCH", "/profile/update")):
                answer = await counter.ask(method, path, counter.ann, {"fname": "Ann", field: 21}, If_Match='"0"')

                (error,) = answer.json()["errors"]
                assert (answer.status_code, error["pointer"]) == (422, f"/{field}")
                assert len(error["detail"]) > 20

    async def test_what_the_office_keeps_is_named_with_who_may_change_it(self, counter: Counter) -> None:
        answer = await counter.ask(
            "PATCH", "/persons/1001", counter.ann, {"lname": "Royal", "birth_date": "2000-01-31"}, If_Match='"0"'
        )

        keeper = PEOPLE[counter.service][2]
        assert (answer.status_code, answer.json()["code"]) == (403, "KEPT_BY_OFFICE")
        assert {error["override"] for error in answer.json()["errors"]} == {keeper}
        assert len(answer.json()["errors"]) == 2

    async def test_another_s_record_is_absent_and_the_list_is_the_office_s(self, counter: Counter) -> None:
        other = await signed_in(counter.erp.app(counter.service), PEOPLE[counter.service][1], number=1002)

        answers = [await counter.ask("GET", path, other) for path in ("/persons/1001", "/persons/4711", "/persons")]

        assert [answer.status_code for answer in answers] == [404, 404, 403]
        assert answers[0].json()["detail"] == answers[1].json()["detail"]

    async def test_a_key_makes_a_repetition_harmless(self, counter: Counter) -> None:
        body = {"code": "SCI", "name": "Science"}

        first, second = [
            await counter.ask("POST", "/departments", counter.keeper, body, Idempotency_Key="k1") for _ in range(2)
        ]

        assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
