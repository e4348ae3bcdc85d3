"""Every fault that the book's prototype had, and what shows that it is gone.

Those marked *here* are shown below, on a running university; the others have a test of their own elsewhere.

| fault | shown by |
|---|---|
| an approval destroys the account | tests/journeys/test_chapter_four.py::TestChapterFour::test_from_sign_up_to_mark_and_from_request_to_return |
| nobody can log in | tests/journeys/test_chapter_four.py::TestChapterFour::test_from_sign_up_to_mark_and_from_request_to_return |
| faculty sign-up fails with 500 | tests/configuration/features/accounts/test_sign_up.py::TestSignUp::test_somebody_applies_is_approved_and_signs_in |
| the event loop is frozen by a call to itself | here: TestReaders; tests/reliability/test_crowd.py::TestCrowd::test_every_call_through_another_service_is_answered |
| forty readers lock one another out | here: TestReaders |
| to reserve posts an issuance | here: TestReserving |
| the due date is taken from the student | tests/peers/test_assignments.py::TestHandingIn::test_the_faculty_s_refusals_stay_what_they_are, tests/contracts/test_the_book.py::TestTheBook::test_a_fact_that_clients_must_not_set_is_refused_with_the_reason |
| the request date is taken from the book's id | here: TestReserving |
| an unknown request is issued | here: TestUnknown |
| a request is issued twice | tests/library_mgt/controllers/test_book.py::TestIssuance::test_a_pending_request_is_approved_lent_and_returned_once, tests/library_mgt/services/test_races.py::TestRaces::test_a_request_is_issued_once |
| a loan is returned twice | tests/library_mgt/controllers/test_book.py::TestIssuance::test_a_pending_request_is_approved_lent_and_returned_once |
| a second PATCH breaks the record | here: TestRecords |
| 405 and 422 are shown as 200 | here: TestAnswers; tests/peers/test_books.py::TestRefusals::test_the_library_s_refusal_keeps_its_status_and_code |
| JSON is put into a string of JSON | here: TestAnswers |
| what has an id already is overwritten | here: TestRecords |
| a deletion says that something was inserted | tests/library_mgt/controllers/test_book.py::TestBooks::test_a_book_is_added_listed_changed_and_deleted |
| a missing id is a failure of the server | here: TestUnknown; tests/contracts/test_generated_requests.py::TestAnsweringGeneratedRequests::test_every_answer_is_declared_and_none_is_a_failure |
| passwords are shown | tests/security/test_secrets.py::TestSecrets::test_nothing_secret_is_told_or_kept |
| passwords are stored | tests/security/test_secrets.py::TestSecrets::test_nothing_secret_is_told_or_kept |
| passwords stand in addresses | here: TestPasswords |
| failures are logged as successes | here: TestLog |
"""  # noqa: E501 - a table

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from configuration.kit.openapi import operations
from configuration.kit.security.actor import Service
from tests.benchmarks.wire import encode
from tests.contracts.stage import ROLES, Stage, number_of
from tests.journeys.asking import book, call, is_json, issued, methods_of, readable, texts
from tests.journeys.visitors import Call, settled_log
from tests.reliability.crowd import Door, visit
from tests.reliability.installation import PREFIX, SERVICES

READERS = 64
"""More than a pool of forty threads holds."""
FOLLOWING = {"version", "updated_at", "display_name", "legal_name", "valid_from", "age"}
"""What changes with every record, or with a name."""
NOWHERE = 987_654_321
"""An id of nothing."""
SECRET = re.compile(r"passw|secret|token|^code$")
OFFICES: dict[Service, tuple[str, str, str]] = {
    "student": ("registrar", "stud_id", "student"),
    "faculty": ("dean", "faculty_id", "lecturer"),
}
"""Who keeps the records, what the book calls a person's number, and who is meant."""


class TestTheTable:
    def test_every_proof_is_there(self) -> None:
        named = re.findall(r"(tests/\S+\.py)::(\w+)::(\w+)", __doc__ or "")
        here = re.findall(r"here: (\w+)", __doc__ or "")

        for path, group, test in named:
            assert test in methods_of(path, group), f"{path}::{group}::{test}"
        assert set(here) <= set(globals())


@pytest.mark.slow
class TestReaders:
    @pytest.mark.parametrize(
        "door",
        [
            Door("student", "GET", "/access/book?limit=10"),
            Door("student", "GET", "/assignments/list"),
            Door("faculty", "GET", "/books/access/list?limit=10"),
            Door("faculty", "GET", "/books/issuance/list"),
        ],
        ids=lambda door: door.name,
    )
    def test_more_than_forty_at_once_are_served_and_nobody_else_waits(self, stage: Stage, door: Door) -> None:
        token = stage.token("student" if door.service == "student" else "lecturer", door.service)
        request = encode(door.method, f"{PREFIX}/{door.service}{door.path}", token=token)

        seen = asyncio.run(visit(door, stage.port, [request] * READERS * 2, READERS))

        assert seen.problems == []
        assert seen.meanwhile < seen.load.seconds / 4, "a cheap call waits for the whole crowd"


class TestReserving:
    @pytest.mark.parametrize(
        ("role", "path", "number"), [("student", "/reserve/book", 5001), ("lecturer", "/books/request/borrow", 5002)]
    )
    def test_it_makes_a_request_of_now_and_no_issuance(self, stage: Stage, role: str, path: str, number: int) -> None:
        book(stage, number)
        before = issued(stage)

        made = call(stage, role, ROLES[role], "POST", path, {"book_id": number})
        known = {
            one["req_id"]: one
            for one in call(stage, "librarian", "library", "GET", "/book/request/list?limit=200").json()["items"]
        }

        assert made.status_code == 201, made.text
        assert issued(stage) == before
        wish = known[made.json()["req_id"]]
        assert (wish["book_id"], wish["state"]) == (number, "PENDING_APPROVAL")
        age = datetime.now(UTC) - datetime.fromisoformat(wish["request_date"])
        assert timedelta(0) <= age < timedelta(minutes=5)


class TestUnknown:
    def test_an_unknown_request_is_not_issued(self, stage: Stage) -> None:
        before = issued(stage)

        answer = call(stage, "librarian", "library", "POST", "/book/issuance", {"req_id": NOWHERE})

        assert (answer.status_code, answer.json()["code"]) == (404, "REQUEST_NOT_FOUND")
        assert issued(stage) == before

    @pytest.mark.parametrize(
        ("role", "service", "method", "path", "body"),
        [
            ("registrar", "student", "POST", "/account/signup/approved", {"sign_id": NOWHERE}),
            ("dean", "faculty", "POST", "/account/signup/approved", {"sign_id": NOWHERE}),
            ("registrar", "student", "PATCH", f"/profile/update?stud_id={NOWHERE}", {"lname": "Blue"}),
            ("dean", "faculty", "PATCH", f"/profile/update?faculty_id={NOWHERE}", {"lname": "Blue"}),
            ("student", "student", "POST", "/assignment/submit", {"assgn_id": NOWHERE, "text": "Mine."}),
            ("student", "student", "POST", "/reserve/book", {"book_id": NOWHERE}),
            ("lecturer", "faculty", "POST", "/assignments/student/workbin", {"stud_id": NOWHERE}),
            ("lecturer", "faculty", "GET", f"/assignments/view/workbins?bin_id={NOWHERE}", None),
            ("lecturer", "faculty", "POST", "/books/request/borrow", {"book_id": NOWHERE}),
            ("lecturer", "faculty", "POST", "/books/returning", {"issue_id": NOWHERE}),
            ("librarian", "library", "PATCH", f"/book/update?book_id={NOWHERE}", {"title": "New"}),
            ("librarian", "library", "DELETE", f"/book/delete/{NOWHERE}", None),
            ("librarian", "library", "DELETE", f"/book/list?book_id={NOWHERE}", None),
            ("librarian", "library", "POST", "/book/issuance/return", {"issue_id": NOWHERE}),
        ],
    )
    def test_an_id_of_nothing_is_not_found(
        self, stage: Stage, role: str, service: Service, method: str, path: str, body: Any
    ) -> None:
        answer = call(stage, role, service, method, path, body, If_Match='"1"')

        assert answer.status_code == 404, answer.text

    @pytest.mark.parametrize("service", SERVICES)
    def test_nor_is_anything_else_with_such_an_id(self, stage: Stage, service: Service) -> None:
        asked = 0
        for role, path in readable(stage, service):
            if "{" in path:
                asked += 1
                answer = call(stage, role, service, "GET", re.sub(r"\{\w+\}", str(NOWHERE), path))
                assert answer.status_code == 404, (role, path, answer.text)
        assert asked


class TestRecords:
    def test_a_book_is_changed_again_and_again(self, stage: Stage) -> None:
        book(stage, 5003)
        known = call(stage, "librarian", "library", "GET", "/book/5003")

        for change in ({"title": "Persuasion"}, {"edition": "2nd"}, {"title": "Sanditon"}):
            path, version = "/book/update?book_id=5003", known.headers["ETag"]
            changed = call(stage, "librarian", "library", "PATCH", path, change, If_Match=version)
            late = call(stage, "librarian", "library", "PATCH", path, {"title": "Late"}, If_Match=version)
            before, known = known.json(), call(stage, "librarian", "library", "GET", "/book/5003")
            assert (changed.status_code, late.status_code) == (200, 412)
            assert _record(known.json()) == _record(before) | change

    @pytest.mark.parametrize("service", OFFICES)
    def test_a_profile_is_changed_again_and_again(self, stage: Stage, service: Service) -> None:
        keeper, name, role = OFFICES[service]
        number = number_of(role) + 1
        known = call(stage, keeper, service, "GET", f"/persons/{number}")

        for change in ({"family_name": "Blue"}, {"birth_date": "2000-01-31"}, {"family_name": "Green"}):
            path, version = f"/profile/update?{name}={number}", known.headers["ETag"]
            changed = call(stage, keeper, service, "PATCH", path, change, If_Match=version)
            late = call(stage, keeper, service, "PATCH", path, {"family_name": "Late"}, If_Match=version)
            before, known = known.json(), call(stage, keeper, service, "GET", f"/persons/{number}")
            assert (changed.status_code, late.status_code) == (200, 412), changed.text
            assert _record(known.json()) == _record(before) | change

    def test_no_number_or_name_that_is_taken_is_given_again(self, stage: Stage) -> None:
        book(stage, 5004)
        due = {"title": "Mine", "date_due": "2999-03-20", "course": "CS-101"}
        first = call(stage, "lecturer", "faculty", "POST", "/assignments/faculty", {"assgn_id": 71, **due})
        other = {"title": "Else", "author": "Else", "classification": "Fiction"}
        repeated: list[tuple[str, Service, str, str, Any]] = [
            ("librarian", "library", "/book/5004", "/book/add", {"book_id": 5004, **other}),
            (
                "lecturer",
                "faculty",
                f"/assignments/{first.json()['id']}",
                "/assignments/faculty",
                {**due, "assgn_id": 71, "title": "Else"},
            ),
        ]
        for service, (keeper, name, role) in OFFICES.items():
            number = number_of(role)
            call(stage, keeper, service, "POST", "/profile/add", {name: number, "fname": "Ada"})
            person, named = f"/persons/{number}", {"username": f"{role}-{number}", "password": "tulip river cloud 1"}
            repeated.append((keeper, service, person, "/profile/add", {name: number, "fname": "Else"}))
            repeated.append((keeper, service, person, "/account/signup", named))

        for by, service, kept, again, body in repeated:
            before = call(stage, by, service, "GET", kept)
            refused = call(stage, by, service, "POST", again, body)
            assert (before.status_code, refused.status_code) == (200, 409), (again, before.text, refused.text)
            assert call(stage, by, service, "GET", kept).json() == before.json()


class TestAnswers:
    @pytest.mark.parametrize("service", SERVICES)
    def test_a_refusal_has_the_status_of_one(self, stage: Stage, service: Service) -> None:
        keeper = {"student": "registrar", "faculty": "dean", "library": "librarian"}[service]
        path = "/book/add" if service == "library" else "/profile/add"

        for status, method, body in ((405, "PUT", {}), (422, "POST", {}), (422, "POST", "text")):
            answer = call(stage, keeper, service, method, path, body)
            told = answer.json()
            assert (answer.status_code, told["status"]) == (status, status), answer.text
            assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize("portal", ["library", "1e1"])
    def test_the_gateway_refuses_like_the_services(self, stage: Stage, portal: str) -> None:
        address = f"{stage.address}{PREFIX}/university"

        answers = [requests.get(f"{address}/{portal}", timeout=30), requests.post(f"{address}/1", timeout=30)]

        assert [answer.status_code for answer in answers] == [422, 405]
        assert [answer.json()["status"] for answer in answers] == [422, 405]

    @pytest.mark.parametrize("service", SERVICES)
    def test_no_answer_has_json_in_a_string(self, stage: Stage, service: Service) -> None:
        read = 0
        for role, path in readable(stage, service):
            address = path.format_map({name: values[0] for name, values in stage.known.items()})
            answer = call(stage, role, service, "GET", address)
            if answer.headers.get("content-type") == "application/json" and answer.status_code == 200:
                read += 1
                assert isinstance(answer.json(), dict | list), path
                assert [text for text in texts(answer.json()) if is_json(text)] == [], path
        assert read > 10


class TestPasswords:
    @pytest.mark.parametrize("service", SERVICES)
    def test_none_is_taken_from_an_address(self, stage: Stage, service: Service) -> None:
        word = "walnut-ferry-lantern-4"
        query = f"username={OFFICES.get(service, ('librarian',))[0]}&password={word}"

        answers = [call(stage, "anonymous", service, method, f"/login/account?{query}") for method in ("GET", "POST")]
        asked = [
            f"{method} {path}: {one['name']}"
            for path, method, operation in operations(stage.document(service))
            for one in operation.get("parameters", [])
            if one["in"] == "query" and SECRET.search(one["name"])
        ]

        assert [answer.status_code for answer in answers] == [405, 422]
        assert asked == []
        assert word not in stage.installation.log.read_text(encoding="utf-8")


class TestLog:
    @pytest.mark.parametrize(
        ("role", "service", "path", "body", "status"),
        [
            ("registrar", "student", "/account/signup/approved", {"sign_id": NOWHERE}, 404),
            ("anonymous", "faculty", "/account/signup", {"username": "x"}, 422),
            ("student", "student", "/reserve/book", {"book_id": NOWHERE}, 404),
            ("librarian", "library", "/book/issuance", {"req_id": NOWHERE}, 404),
            ("student", "library", "/book/add", {}, 403),
        ],
    )
    def test_a_failure_is_logged_as_what_it_is(
        self, stage: Stage, role: str, service: Service, path: str, body: Any, status: int
    ) -> None:
        answer = call(stage, role, service, "POST", path, body)

        made = Call(answer.headers["X-Request-ID"], "POST", f"{PREFIX}/{service}{path}", answer.status_code)
        lines = settled_log(stage.installation.log, [made])[made.request_id]
        assert answer.status_code == status, answer.text
        assert any(f"POST {PREFIX}/{service}{path} ended {status} " in line for line in lines), lines
        assert not [line for line in lines if re.search(r"success|approved$|inserted|POST \S+ ended 2\d\d", line)]


def _record(told: dict[str, Any]) -> dict[str, Any]:
    """What a record says, without what follows from it."""
    flat = {**told, **(told.get("legal_name") or {})}
    return {name: value for name, value in flat.items() if name not in FOLLOWING}
