"""How long a request waits: a table of cases, and what holds of all of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.waiting import Supply, Wait, copies_needed, expected

TODAY = date(2026, 3, 2)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def out(due: int, *, state: str = "ON_LOAN", loan_days: int = 28) -> Supply:
    return Supply("IN_SERVICE", state, day(due), None, None, loan_days, 7)  # type: ignore[arg-type]


def aside(kept: int | None = None) -> Supply:
    return Supply("IN_SERVICE", None, None, "READY" if kept else "ALLOCATED", day(kept) if kept else None, 28, 7)


FREE = Supply("IN_SERVICE", None, None, None, None, 28, 7)
MENDED = Supply("IN_REPAIR", None, None, None, None, 28, 7)
supplies = st.lists(
    st.one_of(
        st.builds(out, st.integers(-60, 200), loan_days=st.integers(1, 60)),
        st.builds(out, st.integers(-60, 60), state=st.sampled_from(["CLAIMED_RETURNED", "LOST"])),
        st.builds(aside, st.one_of(st.none(), st.integers(1, 9))),
        st.sampled_from([FREE, MENDED]),
    ),
    max_size=6,
)


def late(wait: Wait) -> date:
    return wait.latest or date.max


class TestExpected:
    @pytest.mark.parametrize(
        ("position", "copies", "wait"),
        [
            (1, [out(10)], Wait(1, 1, TODAY, day(10))),
            (1, [out(20)], Wait(1, 1, day(6), day(20))),
            (1, [out(20, loan_days=7)], Wait(1, 1, day(17), day(20))),
            (2, [out(10)], Wait(2, 1, day(14), day(45))),
            (3, [out(20)], Wait(3, 1, day(34), day(90))),
            (2, [out(20), out(18)], Wait(2, 2, day(6), day(20))),
            (3, [out(20), out(18)], Wait(3, 2, day(18), day(53))),
            (1, [aside(5)], Wait(1, 1, day(14), day(33))),
            (1, [aside()], Wait(1, 1, day(14), day(35))),
            (1, [out(-3)], Wait(1, 1, TODAY, None)),
            (1, [out(-3), out(20)], Wait(1, 2, TODAY, day(20))),
            (1, [FREE], Wait(1, 1, TODAY, TODAY)),
            (1, [], Wait(1, 0, None, None)),
            (1, [MENDED, out(5, state="LOST")], Wait(1, 0, None, None)),
            (1, [out(5, state="CLAIMED_RETURNED")], Wait(1, 1, TODAY, None)),
        ],
    )
    def test_cases(self, position: int, copies: list[Supply], wait: Wait) -> None:
        assert expected(position, copies, TODAY) == wait

    @given(supplies, st.integers(1, 30))
    def test_who_stands_further_ahead_never_waits_longer(self, copies: list[Supply], position: int) -> None:
        ahead, behind = expected(position, copies, TODAY), expected(position + 1, copies, TODAY)

        assert late(ahead) <= late(behind)
        assert (ahead.earliest or TODAY) <= (behind.earliest or TODAY)

    @given(supplies, st.integers(1, 30))
    def test_the_range_is_one_and_lies_ahead(self, copies: list[Supply], position: int) -> None:
        wait = expected(position, copies, TODAY)

        assert (wait.earliest is None) == (wait.copies == 0)
        if wait.earliest is not None:
            assert TODAY <= wait.earliest <= late(wait)

    @given(supplies, st.integers(1, 30))
    def test_another_copy_never_makes_anybody_wait_longer(self, copies: list[Supply], position: int) -> None:
        before, after = expected(position, copies, TODAY), expected(position, [*copies, FREE], TODAY)

        assert late(after) <= late(before)
        assert after.earliest is not None and after.earliest <= (before.earliest or date.max)


class TestCopiesNeeded:
    def test_as_many_as_bring_the_wait_below_the_limit_and_no_more(self) -> None:
        queue, within = [out(20)], timedelta(days=60)

        needed = copies_needed(8, queue, FREE, TODAY, within)

        assert late(expected(8, [*queue, *[FREE] * needed], TODAY)) <= day(60)
        assert late(expected(8, [*queue, *[FREE] * (needed - 1)], TODAY)) > day(60)

    def test_none_where_nobody_waits_long(self) -> None:
        assert copies_needed(1, [out(20)], FREE, TODAY, timedelta(days=60)) == 0
