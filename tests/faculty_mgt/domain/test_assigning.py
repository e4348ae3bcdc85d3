"""What an assignment asks of one student."""

from datetime import UTC, datetime, timedelta

import pytest

from faculty_mgt.domain.assigning import Leeway, Window, effective

DUE = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PLAIN = Window(DUE, DUE + DAY, 2)


class TestEffective:
    @pytest.mark.parametrize(
        ("granted", "expected"),
        [
            ([], PLAIN),
            ([Leeway(DUE + DAY / 2, None, None)], Window(DUE + DAY / 2, DUE + DAY, 2)),
            ([Leeway(DUE + 3 * DAY, None, None)], Window(DUE + 3 * DAY, DUE + 3 * DAY, 2)),
            ([Leeway(None, DUE + 5 * DAY, None)], Window(DUE, DUE + 5 * DAY, 2)),
            ([Leeway(None, None, 3)], Window(DUE, DUE + DAY, 3)),
            # The most generous of each wins, wherever it stands.
            (
                [Leeway(DUE + 2 * DAY, DUE + 2 * DAY, 3), Leeway(DUE + DAY, DUE + 9 * DAY, None)],
                Window(DUE + 2 * DAY, DUE + 9 * DAY, 3),
            ),
            # Nothing granted takes something away.
            ([Leeway(DUE - DAY, DUE - DAY, 1)], PLAIN),
        ],
    )
    def test_the_most_generous_of_each_wins(self, granted: list[Leeway], expected: Window) -> None:
        assert effective(PLAIN, granted) == expected
