"""The two ways of keeping a server busy: what waits is seen to wait, also by those who come meanwhile."""

import itertools
import random
import time
from collections.abc import Iterator

import pytest

from tests.benchmarks.arrivals import Act, at_random, closed_loop, open_loop
from tests.benchmarks.servers import Server, plain
from tests.benchmarks.wire import Reply, encode

BOOK = {"title": "Emma", "author": "Jane Austen", "isbn": "9780141439587", "year": 1815}
STALLED_AT = 50


@pytest.fixture(scope="module")
def sleepy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with plain("tests.benchmarks.bare:sleepy", tmp_path_factory.mktemp("sleepy")) as server:
        yield server


def adding() -> Act:
    return Act("add", encode("POST", "/book", body=BOOK))


def calls_with_one_stall() -> Iterator[Act]:
    for place in range(10_000):
        stalls = place == STALLED_AT
        yield Act("stall", encode("POST", "/stall")) if stalls else Act("call", encode("GET", "/index"))


class TestArrivingAtRandom:
    def test_so_many_come_in_a_second_and_at_no_fixed_distance(self) -> None:
        moments = at_random(100, 200, random.Random(1))

        gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
        short = sum(gap < 0.01 for gap in gaps) / len(gaps)
        assert 19_000 < len(moments) < 21_000
        assert 0.60 < short < 0.66, "of a Poisson process 1 - 1/e of the gaps are shorter than the mean one"

    def test_an_act_may_rest_on_an_answer(self, sleepy: Server) -> None:
        seen: list[Reply] = []

        open_loop(sleepy.port, [0.0, 0.01], lambda: Act("call", encode("GET", "/index"), seen.append))

        assert [reply.json()["project_name"] for reply in seen] == ["Bare", "Bare"]


class TestWaitingForAnswers:
    def test_a_server_that_sleeps_60_ms_is_seen_in_both_loops(self, sleepy: Server) -> None:
        opened = open_loop(sleepy.port, at_random(50, 1, random.Random(1)), adding)["add"].only(201)
        closed = closed_loop(sleepy.port, adding, clients=4, seconds=0.5)["add"].only(201)

        # Clocks of event loops count whole milliseconds.
        assert min(opened.latencies) > 0.055
        assert min(closed.latencies) > 0.055

    def test_who_comes_while_the_server_stands_still_is_counted_from_when_they_came(self, sleepy: Server) -> None:
        moments = [place / 100 for place in range(200)]

        felt = open_loop(sleepy.port, moments, calls_with_one_stall().__next__)["call"].only(200)

        # Fifty come in the half second of standing still; they wait for 0 to 500 ms, evenly.
        waited = sum(seconds > 0.1 for seconds in felt.latencies)
        assert waited >= 30, "who had to wait was not counted from when they came"

    def test_a_request_that_was_sent_late_counts_from_when_it_was_due(self, sleepy: Server) -> None:
        moments = [place / 100 for place in range(50)]
        held_up = iter([0.3])

        def acts() -> Act:
            time.sleep(next(held_up, 0))  # The driver itself stands still, as on a machine that has others to serve.
            return Act("call", encode("GET", "/index"))

        felt = open_loop(sleepy.port, moments, acts)["call"].only(200)

        assert sum(seconds > 0.1 for seconds in felt.latencies) >= 15

    def test_one_client_without_pause_does_not_see_it(self, sleepy: Server) -> None:
        acts = calls_with_one_stall()

        felt = closed_loop(sleepy.port, acts.__next__, clients=1, seconds=1)["call"].only(200)

        assert sum(seconds > 0.1 for seconds in felt.latencies) < 5, "which is why the open loop is needed"
