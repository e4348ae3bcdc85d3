"""A service is slow, away, or answers nonsense: who needs it is told so in time, and nothing else suffers."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from configuration.app_factory import in_process
from configuration.kit.deadline import DEADLINE_HEADER
from configuration.kit.security.actor import Service
from tests.apps import Erp, free_port
from tests.peers.faulty import ANSWERS, Faulty, faulty_way
from tests.peers.lessons import Lessons, lessons_of
from tests.peers.readers import WAYS, Readers

STUDENT = "/ch04/student"
HASTE = {DEADLINE_HEADER.decode(): "250"}
AWAY, LATE = (503, "PEER_UNAVAILABLE"), (504, "PEER_TIMEOUT")
EXPECTED = dict.fromkeys(("silent", "drip"), LATE) | dict.fromkeys((*ANSWERS, "reset", "refused"), AWAY)


@asynccontextmanager
async def way_to(erp: Erp, service: Service, *callers: str) -> AsyncIterator[Faulty]:
    """The way by which the callers reach the service."""
    async with faulty_way(in_process(erp.app(service), erp.settings.of(service))) as way:
        for caller in callers:
            erp.app(caller).state.peers.register(service, f"http://127.0.0.1:{way.port}")
        yield way


@pytest.fixture
async def library(erp: Erp, readers: Readers) -> AsyncIterator[Faulty]:
    """The way to the library, which has a book."""
    async with way_to(erp, "library", "student", "faculty") as way:
        await readers.book(1)
        yield way


@pytest.fixture
async def faculty(erp: Erp, lessons: Lessons) -> AsyncIterator[Faulty]:
    """The way of students to the faculty service."""
    async with way_to(erp, "faculty", "student") as way:
        yield way


@pytest.fixture
async def lessons(readers: Readers) -> Lessons:
    """A course with an assignment."""
    lessons = await lessons_of(readers)
    await lessons.assignment(7)
    return lessons


async def cut(readers: Readers, who: str, service: Service) -> None:
    """Let the service be reached by nobody."""
    peers = readers.erp.app(readers.people[who].actor.issuer).state.peers
    await peers.close()
    peers.register(service, f"http://127.0.0.1:{free_port()}")


def _haste(fault: str) -> dict[str, str]:
    """Who waits for silence waits a quarter of a second; on a busy machine anything else may take longer than that."""
    return HASTE if EXPECTED[fault] == LATE else {}


class TestFaults:
    @pytest.mark.parametrize("who", WAYS)
    async def test_each_is_told_in_time_and_as_what_it_is(self, readers: Readers, library: Faulty, who: str) -> None:
        way, found, slowest = WAYS[who], {}, 0.0
        for fault in EXPECTED:
            library.set(fault)
            if fault == "refused":
                await cut(readers, who, "library")
            for method, path, body in (("GET", way.find, None), ("POST", way.request, {"book_id": 1})):
                started = time.monotonic()
                told = await readers.call(who, method, path, body, **_haste(fault))
                slowest = max(slowest, time.monotonic() - started if EXPECTED[fault] == LATE else 0.0)
                found[fault, method] = (told.status_code, told.json()["code"])
                assert told.headers["content-type"] == "application/problem+json"
                assert told.headers["retry-after"].isdigit()
        own = await readers.call(who, "GET", f"/ch04/{readers.people[who].actor.issuer}/account/me")

        assert found == {(fault, method): told for fault, told in EXPECTED.items() for method in ("GET", "POST")}
        assert own.status_code == 200, "its own affairs go on"
        assert slowest < 4, "a quarter of a second was given"

    async def test_work_is_never_taken_and_lost(self, readers: Readers, lessons: Lessons, faculty: Faulty) -> None:
        calls = ("GET", "/assignments/list", None), ("POST", "/assignment/submit", {"assgn_id": 7, "text": "42"})
        found = {}
        for fault in EXPECTED:
            faculty.set(fault)
            if fault == "refused":
                await cut(readers, "student", "faculty")
            for method, path, body in calls:
                told = await readers.call("student", method, f"{STUDENT}{path}", body, **_haste(fault))
                found[fault, method] = (told.status_code, told.json()["code"])
                assert told.headers["retry-after"].isdigit()
        work = await readers.call("lecturer", "GET", "/ch04/faculty/assignments/1/submissions")

        assert found == {(fault, method): told for fault, told in EXPECTED.items() for method in ("GET", "POST")}
        assert [one["attempts"] for one in work.json()["items"]] == [], "nothing was taken that was refused"

    @pytest.mark.parametrize("fault", ["lost", "reset", "nonsense", "500"])
    async def test_an_upload_is_sent_once_and_again_only_by_its_sender(
        self, readers: Readers, lessons: Lessons, faculty: Faulty, fault: str
    ) -> None:
        path, headers = f"{STUDENT}/assignments/1/submissions", readers.people["student"].headers
        headers = {**headers, "Idempotency-Key": "k"}
        files = {"files": ("work.pdf", b"%PDF-1.7" + b" " * 200_000)}
        faculty.set(fault, times=1)

        first = await readers.erp.client.post(path, files=files, headers=headers)
        asked = len(faculty.asked)
        again = await readers.erp.client.post(path, files=files, headers=headers)

        assert (first.status_code, asked) == (503, 1)
        assert (again.status_code, again.json()["attempt"]) == (201, 1)
        assert again.headers.get("idempotency-replayed") == ("true" if fault == "lost" else None)

    async def test_when_the_library_is_back_nothing_is_left_of_it(self, readers: Readers, library: Faulty) -> None:
        library.set("reset")
        await readers.call("student", "GET", WAYS["student"].loans)
        library.set(None)

        answer = await readers.call("student", "GET", WAYS["student"].loans)

        assert (answer.status_code, answer.json()["items"]) == (200, [])


class TestRetries:
    @pytest.mark.parametrize("key", [{}, {"Idempotency_Key": "k1"}], ids=["without a key", "with a key"])
    @pytest.mark.parametrize("fault", ["lost", "reset"])
    async def test_a_request_whose_answer_was_lost_is_sent_again_and_made_once(
        self, readers: Readers, library: Faulty, fault: str, key: dict[str, str]
    ) -> None:
        library.set(fault, times=1)

        answer = await readers.call("student", "POST", WAYS["student"].request, {"book_id": 1}, **key)

        assert answer.status_code == 201, answer.text
        assert answer.headers.get("idempotency-replayed") == ("true" if fault == "lost" else None)
        assert len(await readers.waiting()) == 1
        keys = [asked["idempotency-key"] for asked in library.asked]
        assert (len(keys), len(set(keys))) == (2, 1)

    async def test_but_only_once(self, readers: Readers, library: Faulty) -> None:
        library.set("reset", times=2)

        answer = await readers.call("lecturer", "GET", WAYS["lecturer"].loans)

        assert (answer.status_code, len(library.asked)) == (503, 2)

    async def test_the_person_s_own_token_and_key_stay_at_home(self, readers: Readers, library: Faulty) -> None:
        await readers.call("student", "POST", WAYS["student"].request, {"book_id": 1}, Idempotency_Key="mine")
        await readers.call("student", "GET", WAYS["student"].find)

        acted, looked = library.asked
        assert readers.people["student"].token not in acted["authorization"]
        assert acted["idempotency-key"].startswith("for.")
        assert "mine" not in acted["idempotency-key"]
        assert "authorization" not in looked, "the catalogue asks nobody who they are"
