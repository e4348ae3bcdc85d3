"""Books through the library, for a student and for a lecturer: the same, by their own service's addresses."""

import pytest

from tests.peers.readers import LIBRARY, WAYS, Readers, Way


@pytest.fixture(params=WAYS)
def who(request: pytest.FixtureRequest) -> str:
    """A student, then a lecturer."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def way(who: str) -> Way:
    """Their addresses."""
    return WAYS[who]


class TestStory:
    async def test_a_book_is_found_requested_lent_renewed_and_announced_as_coming_back(
        self, readers: Readers, who: str, way: Way
    ) -> None:
        book = await readers.book(7)
        await readers.book(8)

        [found] = (await readers.call(who, "GET", f"{way.find}?q=dune+7")).json()["items"]
        wished = await readers.call(who, "POST", way.request, {"book_id": found["book_id"]})
        [waiting] = await readers.waiting()
        await readers.call("librarian", "POST", f"{LIBRARY}/requests/{waiting['id']}/approve")
        [wish] = (await readers.call(who, "GET", way.requests)).json()["items"]
        loan = await readers.lend(who, 7)
        [mine] = (await readers.call(who, "GET", way.loans)).json()["items"]
        renewed = await readers.call(who, "POST", way.renew.format(loan_id=mine["issue_id"]))
        path, body = way.announcing(mine["issue_id"])
        announced = await readers.call(who, "POST", path, body)

        assert (found["title"], found["title_id"], found["available"]) == (book["title"], book["title_id"], 1)
        assert (wished.status_code, wished.json()["state"]) == (201, "PENDING_APPROVAL")
        assert (waiting["person"], waiting["id"]) == (readers.people[who].actor.person, wished.json()["req_id"])
        assert (wish["req_id"], wish["state"]) == (waiting["id"], "ALLOCATED")
        assert (mine["issue_id"], mine["date_due"], mine["returned_date"]) == (loan["id"], loan["due_at"], None)
        assert (renewed.status_code, renewed.json()["renewals"]) == (200, 1)
        assert renewed.json()["date_due"] > mine["date_due"]
        assert announced.status_code == 200
        assert announced.json()["announced_at"]
        assert announced.json()["returned_date"] is None, "only a scan at the desk closes a loan"

    async def test_lists_come_by_page(self, readers: Readers, who: str, way: Way) -> None:
        for number in (1, 2, 3):
            await readers.book(number)

        first = await readers.call(who, "GET", f"{way.find}?limit=2")
        link = first.headers["link"].partition(">")[0].lstrip("<")
        second = await readers.call(who, "GET", link)

        assert link.startswith(f"{way.find}?")
        titles = [one["book_id"] for answer in (first, second) for one in answer.json()["items"]]
        assert titles == [1, 2, 3]
        assert (second.json()["next"], "link" in second.headers) == (None, False)


class TestRefusals:
    async def test_the_library_s_refusal_keeps_its_status_and_code(self, readers: Readers, who: str, way: Way) -> None:
        await readers.book(1)
        await readers.call(who, "POST", way.request, {"book_id": 1})

        twice = await readers.call(who, "POST", way.request, {"book_id": 1}, X_Request_ID="twice")
        missing = await readers.call(who, "POST", way.request, {"book_id": 404})
        nowhere = await readers.call(who, "POST", way.request, {"book_id": 1, "pickup_location": "moon"})
        cursor = await readers.call(who, "GET", f"{way.requests}?cursor=x")

        told = twice.json()
        assert (twice.status_code, told["code"], told["status"]) == (409, "DUPLICATE_REQUEST", 409)
        assert (told["service"], told["request_id"]) == ("library", "twice")
        assert twice.headers["content-type"] == "application/problem+json"
        assert (missing.status_code, missing.json()["code"]) == (404, "TITLE_NOT_FOUND")
        assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/pickup_location")
        assert (cursor.status_code, cursor.json()["code"]) == (422, "CURSOR_INVALID")

    async def test_another_s_loan_is_absent(self, readers: Readers, who: str, way: Way) -> None:
        await readers.book(1)
        other = next(name for name in WAYS if name != who)
        loan = await readers.lend(other)
        path, body = way.announcing(loan["id"])

        announced = await readers.call(who, "POST", path, body)
        renewed = await readers.call(who, "POST", way.renew.format(loan_id=loan["id"]))

        for answer in (announced, renewed):
            assert (answer.status_code, answer.json()["code"]) == (404, "LOAN_NOT_FOUND")

    async def test_why_a_loan_is_not_renewed_is_told_as_the_library_says_it(
        self, readers: Readers, who: str, way: Way
    ) -> None:
        await readers.book(1)
        loan = await readers.lend(who)
        other = next(name for name in WAYS if name != who)
        await readers.call(other, "POST", WAYS[other].request, {"book_id": 1})

        answer = await readers.call(who, "POST", way.renew.format(loan_id=loan["id"]))

        assert (answer.status_code, answer.json()["code"]) == (422, "RENEWAL_REQUESTED")
        assert answer.json()["service"] == "library"

    async def test_a_fact_of_the_library_is_not_the_reader_s_to_set(self, readers: Readers, who: str, way: Way) -> None:
        for field in ("request_date", "status", "approved_by", "approved_date", "req_id"):
            answer = await readers.call(who, "POST", way.request, {"book_id": 1, field: "2026-01-01T00:00:00Z"})

            [fault] = answer.json()["errors"]
            assert (answer.status_code, fault["pointer"], fault["code"]) == (422, f"/{field}", "NOT_YOURS_TO_SET")

    async def test_somebody_of_another_service_is_not_spoken_for(self, readers: Readers, who: str, way: Way) -> None:
        other = next(name for name in WAYS if name != who)

        answer = await readers.call(other, "GET", way.loans)

        assert answer.status_code == 403


class TestKeys:
    async def test_a_repeated_request_has_one_effect_and_one_answer(self, readers: Readers, who: str, way: Way) -> None:
        await readers.book(1)

        first = await readers.call(who, "POST", way.request, {"book_id": 1}, Idempotency_Key="k1")
        again = await readers.call(who, "POST", way.request, {"book_id": 1}, Idempotency_Key="k1")

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
        assert len(await readers.waiting()) == 1

    async def test_a_repeated_renewal_counts_once(self, readers: Readers, who: str, way: Way) -> None:
        await readers.book(1)
        loan = await readers.lend(who)
        path = way.renew.format(loan_id=loan["id"])

        first = await readers.call(who, "POST", path, Idempotency_Key="k1")
        again = await readers.call(who, "POST", path, Idempotency_Key="k1")

        assert (first.status_code, first.json()) == (200, again.json())
        assert again.json()["renewals"] == 1

    async def test_a_key_belongs_to_what_was_asked_and_to_who_asked(self, readers: Readers, who: str, way: Way) -> None:
        for number in (1, 2):
            await readers.book(number)
        other = next(name for name in WAYS if name != who)
        await readers.call(who, "POST", way.request, {"book_id": 1}, Idempotency_Key="k1")

        changed = await readers.call(who, "POST", way.request, {"book_id": 2}, Idempotency_Key="k1")
        theirs = await readers.call(other, "POST", WAYS[other].request, {"book_id": 2}, Idempotency_Key="k1")

        assert (changed.status_code, changed.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert theirs.status_code == 201
