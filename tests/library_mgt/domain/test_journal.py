"""What a line of the offline journal says."""

from datetime import UTC, datetime, timedelta

import pytest

from library_mgt.domain.journal import in_turn, read

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OLDEST = timedelta(days=14)


def codes(*lines: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in read(lines, now=NOW, oldest=OLDEST)[1]]


class TestRead:
    def test_a_line_is_a_time_an_action_a_card_and_a_barcode(self) -> None:
        lines = [
            "2026-03-02T10:30:00+01:00; LEND ;card 77;b 1",
            "2026-03-02T11:00:00Z;return;9;B1",
            "2026-03-02T10:45:00Z;renew;;B1",
        ]
        [lent, back, longer], faults = read(lines, now=NOW, oldest=OLDEST)

        assert faults == []
        assert (lent.at, lent.action, lent.card, lent.barcode) == (
            datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "lend", "CARD77", "B1",
        )  # fmt: skip
        assert (back.action, back.card, back.barcode) == ("return", "", "B1")
        assert (longer.action, longer.card, longer.barcode) == ("renew", "", "B1")

    def test_empty_lines_comments_and_the_mark_of_a_file_say_nothing(self) -> None:
        assert read(["\ufeff# a journal", "", "   "], now=NOW, oldest=OLDEST) == ([], [])

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("2026-03-02T10:30:00Z;return;B1", "LINE_MALFORMED"),
            ("2026-03-02T10:30:00Z;return;;B1;more", "LINE_MALFORMED"),
            ("2026-03-02T10:30:00Z;return;;B\x001", "LINE_MALFORMED"),
            ("2026-03-02T10:30:00;return;;B1", "TIME_MALFORMED"),
            ("yesterday;return;;B1", "TIME_MALFORMED"),
            ("0001-01-01T00:00:00+23:00;return;;B1", "TIME_MALFORMED"),
            ("2026-03-02T10:30:00Z;recall;77;B1", "ACTION_UNKNOWN"),
            ("2026-03-02T10:30:00Z;return;;", "BARCODE_MISSING"),
            ("2026-03-02T10:30:00Z;return;;" + "B" * 41, "BARCODE_MISSING"),
            ("2026-03-02T10:30:00Z;lend;;B1", "CARD_MISSING"),
            ("2026-03-02T12:05:01Z;return;;B1", "TIME_IN_FUTURE"),
            ("2026-02-16T11:59:59Z;return;;B1", "TIME_TOO_OLD"),
        ],
    )
    def test_what_says_no_act_is_told_with_its_line(self, line: str, code: str) -> None:
        assert codes("# before", line) == [(2, code)]

    def test_a_clock_a_little_ahead_and_the_oldest_line_are_taken(self) -> None:
        assert codes("2026-03-02T12:05:00Z;return;;B1", "2026-02-16T12:00:00Z;return;;B1") == []


class TestSameness:
    def test_the_same_act_is_the_same_however_it_is_written_and_another_is_not(self) -> None:
        lines = [
            "2026-03-02T10:30:00+01:00;lend;card 77;b1",
            "2026-03-02T09:30:00Z;Lend;CARD77;B 1",
            "2026-03-02T09:30:01Z;lend;CARD77;B1",
            "2026-03-02T09:30:00Z;lend;CARD78;B1",
            "2026-03-02T09:30:00Z;return;CARD77;B1",
        ]

        digests = [entry.digest for entry in read(lines, now=NOW, oldest=OLDEST)[0]]

        assert digests[0] == digests[1]
        assert len(set(digests)) == 4


class TestInTurn:
    def test_acts_are_told_as_they_happened_and_of_one_moment_as_they_stand(self) -> None:
        at = "2026-03-02T{}:00Z;return;;B{}"
        entries, _ = read([at.format("11:00", 1), at.format("10:00", 2), at.format("11:00", 3)], now=NOW, oldest=OLDEST)

        assert [entry.barcode for entry in in_turn(entries)] == ["B2", "B1", "B3"]
