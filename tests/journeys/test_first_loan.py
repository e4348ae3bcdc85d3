"""The university's first loan: from an application to a book that went from hand to hand, and is still known there."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests import nginx
from tests.conftest import BACKENDS
from tests.journeys import story
from tests.journeys.campus import MODES, Campus, Mode, new_campus
from tests.journeys.visitors import settled_log, unlogged
from tests.reliability.stage import broken_truths


@pytest.mark.slow
class TestFirstLoan:
    @pytest.mark.parametrize("mode", MODES)
    def test_a_book_goes_from_hand_to_hand_and_is_remembered(
        self, mode: Mode, tmp_path: Path, migrated_url: Callable[[str], str]
    ) -> None:
        self.tell(new_campus(mode, tmp_path, migrated_url))

    @pytest.mark.long
    @pytest.mark.skipif(nginx.PROGRAM is None, reason=nginx.MISSING)
    @pytest.mark.parametrize("backend", BACKENDS[:1], indirect=True)  # Once: to nginx all databases are alike.
    def test_behind_nginx_as_well(self, tmp_path: Path, migrated_url: Callable[[str], str]) -> None:
        self.tell(new_campus("nginx", tmp_path, migrated_url))

    def tell(self, campus: Campus) -> None:
        with httpx.Client(base_url=campus.url, timeout=60) as client:
            with campus.open():
                people = story.staff_arrives(campus, client)
                calls = people.registrar.reception.calls
                first, second = (story.student_joins(people, one) for one in (people.first, people.second))
                story.books_arrive(people.librarian)
                loan = story.first_reader_borrows(people, first)
                waiting = story.second_reader_waits(people, second, loan)
                asked_at_home = next(call for call in calls if call.path.endswith("/loans/preview"))
                served = story.book_changes_hands(people, second, loan, waiting)
                # A power cut may cost the log's last line, never a loan: the log is asked before, the loans after.
                lines = settled_log(campus.installation.log, calls)
                campus.power_cut()

            assert unlogged(calls, lines) == []
            assert any("student" in line and "/standing ended 200" in line for line in lines[asked_at_home.request_id])

            with campus.open():
                mine = people.second.get(f"{story.LIBRARY}/loans/mine")["items"]
                theirs = people.first.get(f"{story.LIBRARY}/loans/mine?state=RETURNED")["items"]
                if campus.mode != "mounted":
                    story.library_closes(people, campus)

        assert [one["id"] for one in mine] == [served["id"]]
        assert [one["id"] for one in theirs] == [loan["id"]]
        assert broken_truths(campus.installation) == []
        audited = campus.erp("audit")
        assert audited.returncode == 0, audited.stdout + audited.stderr
