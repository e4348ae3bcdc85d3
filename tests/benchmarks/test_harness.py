"""The harness itself: a slow server is seen to be slow, a refusal is not counted as work."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.compare import Spread, Subject, in_turns
from tests.benchmarks.plot import bars
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.servers import Server, bare, plain
from tests.benchmarks.wire import BrokenAnswer, encode

BOOK = {"title": "Emma", "author": "Jane Austen", "isbn": "9780141439587", "year": 1815}


@pytest.fixture(scope="module")
def yardstick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with bare(tmp_path_factory.mktemp("bare")) as server:
        yield server


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Server]:
    with plain("tests.benchmarks.bare:slow", tmp_path) as server:
        yield server


def adding(server: Server) -> Subject:
    return Subject(server, lambda: itertools.repeat(encode("POST", "/book", body=BOOK)), (201,))


class TestComparingTwoServers:
    def test_a_planted_burden_shows_in_the_rate_and_in_the_cpu(self, yardstick: Server, slow: Server) -> None:
        subjects = [adding(yardstick), adding(slow)]

        compared = in_turns(subjects, clients=4, seconds=0.4, rounds=3)

        assert compared.rates[0].median == 1.0
        assert compared.rates[1].median < 0.8  # On a shared machine the rate tells less than the processor's time.
        assert compared.cpu[1].median > 2

    def test_the_same_server_against_itself_is_about_one(self, yardstick: Server) -> None:
        subjects = [adding(yardstick), adding(yardstick)]

        compared = in_turns(subjects, clients=4, seconds=0.4, rounds=3)

        assert 0.5 < compared.cpu[1].median < 2

    def test_a_refusal_does_not_count_as_work(self, yardstick: Server) -> None:
        refused = Subject(
            yardstick,
            lambda: itertools.repeat(encode("POST", "/book", body={"title": ""})),
            (201,),
        )

        with pytest.raises(BrokenAnswer, match="422"):
            in_turns([refused], clients=2, seconds=0.1, rounds=1)


class TestShowingTheRatios:
    def test_a_goal_is_kept_or_missed_in_its_own_direction(self) -> None:
        rate = Row("desk", "issue", "bare POST", Spread(0.2, 0.1, 0.3), Goal("at least", 0.26))
        cost = Row("call", "trivial", "bare call", Spread(1.5, 1.4, 1.6), Goal("at most", 1.9))

        assert (rate.met, cost.met) == (False, True)

    def test_the_picture_marks_a_missed_goal(self) -> None:
        rows = [
            Row(
                "desk",
                "issue & return",
                "bare POST",
                Spread(0.2, 0.1, 0.3),
                Goal("at least", 0.26),
            )
        ]

        picture = bars(rows, title="Ratios")

        assert "issue &amp; return" in picture
        assert "#b3261e" in picture
