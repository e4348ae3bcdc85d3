"""Everything that chapter 4 of the book describes, as one journey, wherever the services run."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests import nginx
from tests.conftest import BACKENDS
from tests.journeys import chapter
from tests.journeys.campus import MODES, Campus, Mode, new_campus
from tests.journeys.visitors import settled_log, unlogged
from tests.reliability.stage import broken_truths

CROSSING = {
    "/ch04/student/assignments/list": "faculty",
    "/ch04/student/assignment/submit": "faculty",
    "/ch04/student/marks/mine": "faculty",
    "/ch04/student/access/book": "library",
    "/ch04/student/reserve/book": "library",
    "/ch04/faculty/books/request/borrow": "library",
    "/ch04/faculty/books/returning": "library",
}
"""Addresses behind which another service answers."""


@pytest.mark.slow
class TestChapterFour:
    @pytest.mark.parametrize("mode", MODES)
    def test_from_sign_up_to_mark_and_from_request_to_return(
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
                university = chapter.staff_arrives(campus, client)
                chapter.portals_lead_on(university)
                chapter.people_join(university)
                chapter.password_changes(university.student)
                chapter.profiles_are_kept(university)
                chapter.teaching_begins(university)
                chapter.work_is_set_handed_in_and_marked(university)
                chapter.books_are_lent(university)
            calls = [*university.student.reception.calls]
            if campus.mode != "mounted":
                with campus.open():
                    chapter.any_one_may_be_away(university, campus)

        lines = settled_log(campus.installation.log, calls)
        assert unlogged(calls, lines) == []
        for call in calls:
            if callee := CROSSING.get(call.path):
                assert any(f"{callee} " in line and " ended " in line for line in lines[call.request_id]), call
        assert broken_truths(campus.installation) == []
        audited = campus.erp("audit")
        assert audited.returncode == 0, audited.stdout + audited.stderr
