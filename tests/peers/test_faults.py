"""The library is slow, away, or answers nonsense: its readers are told so in time, and nothing else suffers."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from configuration.app_factory import in_process
from configuration.kit.deadline import DEADLINE_HEADER
from tests.apps import Erp, free_port
from tests.peers.faulty import ANSWERS, Faulty, faulty_way
from tests.peers.readers import WAYS, Readers

HASTE = {DEADLINE_HEADER.decode(): "250"}
AWAY, LATE = (503, "PEER_UNAVAILABLE"), (504, "PEER_TIMEOUT")
EXPECTED = dict.fromkeys(("silent", "drip"), LATE) | dict.fromkeys((*ANSWERS, "reset", "refused"), AWAY)


@pytest.fixture
async def library(erp: Erp, readers: Readers) -> AsyncIterator[Faulty]:
    """The way by which the other services reach the library."""
    async with AsyncExitStack() as stack:
        app, settings = erp.app("library"), erp.settings.of("library")
        way = await stack.enter_async_context(faulty_way(in_process(app, settings)))
        for service in ("student", "faculty"):
            erp.app(service).state.peers.register("library", f"http://127.0.0.1:{way.port}")
        await readers.book(1)
        yield way


class TestFaults:
    @pytest.mark.parametrize("who", WAYS)
    async def test_each_is_told_in_time_and_as_what_it_is(self, readers: Readers, library: Faulty, who: str) -> None:
        way, found, slowest = WAYS[who], {}, 0.0
        for fault in EXPECTED:
            library.set(fault)
            if fault == "refused":
                peers = readers.erp.app(readers.people[who].actor.issuer).state.peers
                await peers.close()
                peers.register("library", f"http://127.0.0.1:{free_port()}")
            for method, path, body in (("GET", way.find, None), ("POST", way.request, {"book_id": 1})):
                started = time.monotonic()
                told = await readers.call(who, method, path, body, **HASTE)
                slowest = max(slowest, time.monotonic() - started)
                found[fault, method] = (told.status_code, told.json()["code"])
                assert told.headers["content-type"] == "application/problem+json"
                assert told.headers["retry-after"].isdigit()
        own = await readers.call(who, "GET", f"/ch04/{readers.people[who].actor.issuer}/account/me")

        assert found == {(fault, method): told for fault, told in EXPECTED.items() for method in ("GET", "POST")}
        assert own.status_code == 200, "its own affairs go on"
        assert slowest < 4, "a quarter of a second was given"

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
