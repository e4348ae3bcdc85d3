"""The judges themselves: a race that went wrong must not pass."""

import pytest

from tests.benchmarks.wire import Reply
from tests.reliability.verdicts import OneWinner, SameAnswer


def replies(*statuses: int) -> list[Reply]:
    """Answers with these statuses."""
    return [Reply(status, b'{"detail": "text"}', 0.0) for status in statuses]


class TestOneWinner:
    def test_one_success_among_conflicts_is_what_we_want(self) -> None:
        rule = OneWinner()

        problems = rule.judge(replies(201, 409, 409))

        assert problems == []

    @pytest.mark.parametrize(
        ("statuses", "said"),
        [
            ((201, 201, 409), "2 winners"),
            ((409, 409, 409), "0 winners"),
            ((201, 409, 500), "1 x 500"),
            ((201, 503, 503), "2 x 503"),
            ((201, 409, 404), "1 x 404"),
        ],
    )
    def test_anything_else_is_reported(self, statuses: tuple[int, ...], said: str) -> None:
        rule = OneWinner()

        problems = rule.judge(replies(*statuses))

        assert any(said in problem for problem in problems)


class TestSameAnswer:
    def test_the_same_successor_for_all_is_what_we_want(self) -> None:
        rule = SameAnswer("refresh_token")

        problems = rule.judge([Reply(200, b'{"refresh_token": "a"}', 0.0)] * 3)

        assert problems == []

    def test_two_successors_are_reported(self) -> None:
        rule = SameAnswer("refresh_token")

        problems = rule.judge([Reply(200, b'{"refresh_token": "%s"}' % name, 0.0) for name in (b"a", b"b", b"a")])

        assert problems == ["2 different answers (refresh_token) among 3"]

    def test_a_refusal_among_them_is_reported(self) -> None:
        rule = SameAnswer("refresh_token")

        problems = rule.judge([Reply(200, b'{"refresh_token": "a"}', 0.0), *replies(401)])

        assert ["1 x 401" in problem for problem in problems] == [True]
