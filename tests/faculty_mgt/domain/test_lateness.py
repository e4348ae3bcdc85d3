"""The late rule, by a table of cases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faculty_mgt.domain.lateness import LateRule, deduction, seconds_late

DAY = 86_400
DUE = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
DAILY_TENTH = LateRule(grace_seconds=0, late_interval_seconds=DAY, late_rate_bp=1000, late_floor_bp=0)


def rule(grace: int = 0, interval: int = DAY, rate: int = 1000, floor: int = 0) -> LateRule:
    return LateRule(grace, interval, rate, floor)


class TestSecondsLate:
    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            (timedelta(days=-3), 0),
            (timedelta(0), 0),
            (timedelta(microseconds=1), 1),
            (timedelta(seconds=1), 1),
            (timedelta(seconds=1, microseconds=1), 2),
            (timedelta(days=1), DAY),
        ],
    )
    def test_a_begun_second_is_late(self, after: timedelta, expected: int) -> None:
        assert seconds_late(DUE + after, DUE) == expected


class TestDeduction:
    @pytest.mark.parametrize(
        ("raw", "points", "late", "said", "expected"),
        [
            # 80 of 100, a tenth a day.
            ("80", "100", 0, rule(), "0.00"),
            ("80", "100", 1, rule(), "10.00"),
            ("80", "100", DAY, rule(), "10.00"),
            ("80", "100", DAY + 1, rule(), "20.00"),
            ("80", "100", 10 * DAY, rule(floor=5000), "30.00"),
            ("80", "100", 10 * DAY, rule(), "80.00"),
            # Within the grace nothing; after it the intervals count from the due time.
            ("80", "100", 3600, rule(grace=3600), "0.00"),
            ("80", "100", 3601, rule(grace=3600), "10.00"),
            ("80", "100", DAY + 1, rule(grace=3600), "20.00"),
            # What is below the floor already loses nothing.
            ("40", "100", 10 * DAY, rule(floor=5000), "0.00"),
            ("50", "100", DAY, rule(floor=5000), "0.00"),
            # The rate is of the assignment's points, whatever they are.
            ("8", "10", 1, rule(), "1.00"),
            ("0", "100", DAY, rule(), "0.00"),
            ("120", "100", DAY, rule(), "10.00"),
            # Rounded once, half up: 0.125 of 1 point is 0.13.
            ("1", "1", 1, rule(rate=1250), "0.13"),
            ("10", "30", 3 * DAY, rule(rate=333), "3.00"),
            ("80", "100", 10 * DAY, rule(rate=0), "0.00"),
            ("80", "100", 59, rule(interval=60, rate=1), "0.01"),
        ],
    )
    def test_each_begun_interval_takes_the_rate_down_to_the_floor(
        self, raw: str, points: str, late: int, said: LateRule, expected: str
    ) -> None:
        assert str(deduction(Decimal(raw), Decimal(points), late, said)) == expected

    @given(
        raw=st.decimals(0, 1000, places=2),
        points=st.decimals(Decimal("0.01"), 1000, places=2),
        late=st.integers(0, 400 * DAY),
        said=st.builds(
            LateRule, st.integers(0, 3 * DAY), st.integers(1, 30 * DAY), st.integers(0, 10_000), st.integers(0, 10_000)
        ),
    )
    def test_it_lies_between_nothing_and_everything_and_grows_with_lateness(
        self, raw: Decimal, points: Decimal, late: int, said: LateRule
    ) -> None:
        taken = deduction(raw, points, late, said)

        assert 0 <= taken <= raw
        assert taken <= deduction(raw, points, late + 1, said)
        assert raw - taken >= min(raw, points * said.late_floor_bp / 10_000) - Decimal("0.01")
