"""On which day a reader hears of a loan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.notices import Steps

DUE = date(2026, 4, 10)
STEPS = Steps(before=(3, 1), after=(1, 7, 14))
LENT = date(2026, 3, 1)
some_steps = st.builds(
    Steps,
    st.lists(st.integers(0, 30), max_size=3, unique=True).map(tuple),
    st.lists(st.integers(1, 60), max_size=4, unique=True).map(tuple),
)


class TestSteps:
    @pytest.mark.parametrize(
        ("late", "step"),
        [(-4, None), (-3, -3), (-2, -3), (-1, -1), (0, -1), (1, 1), (6, 1), (7, 7), (13, 7), (14, 14), (400, 14)],
    )
    def test_the_latest_step_that_was_reached_counts(self, late: int, step: int | None) -> None:
        assert STEPS.reached(DUE, LENT, DUE + timedelta(days=late)) == step

    def test_nobody_is_reminded_of_what_they_were_told_at_the_desk_a_moment_ago(self) -> None:
        assert STEPS.reached(DUE, DUE - timedelta(days=2), DUE - timedelta(days=2)) is None
        assert STEPS.reached(DUE, DUE - timedelta(days=2), DUE - timedelta(days=1)) == -1

    @given(some_steps, st.integers(-100, 100), st.integers(0, 60))
    def test_whoever_looks_every_day_sees_each_step_begin_on_its_day(self, steps: Steps, late: int, lent: int) -> None:
        today, since = DUE + timedelta(days=late), DUE - timedelta(days=lent)

        reached = steps.reached(DUE, since, today)

        if late in steps.after or (-late in steps.before and late <= 0 and today > since):
            assert reached == late
        elif reached is not None:
            assert reached <= late and reached in {*steps.after, *(-days for days in steps.before)}
