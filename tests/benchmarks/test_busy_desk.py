"""The busy day in short: everybody is served, and the books balance afterwards. How fast is not asked here."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import databases
from tests.benchmarks.cases import busy_desk
from tests.benchmarks.load import Load
from tests.benchmarks.pace import SHORT
from tests.benchmarks.report import Row, Sheet
from tests.benchmarks.visitors import MIX, STATUS, all_served
from tests.benchmarks.whole import install
from tests.benchmarks.wire import BrokenAnswer


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def spent(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Row], Sheet]]:
    folder: Path = tmp_path_factory.mktemp("busy")
    with databases(request.param) as new_urls:
        installation = install(folder / "day", new_urls("short"))
        yield busy_desk.busy_desk(folder, installation, replace(SHORT, busy=2.0), crowds=(8,))


@pytest.mark.slow
class TestABusyDay:
    def test_nothing_is_broken_afterwards(self, spent: tuple[list[Row], Sheet]) -> None:
        rows, _ = spent

        broken = rows[-1]
        assert broken.met, broken.note

    def test_the_day_stands_beside_what_is_published(self, spent: tuple[list[Row], Sheet]) -> None:
        rows, sheet = spent

        assert [row[0] for row in sheet.rows] == ["50/s at random", "8 without pause"]
        assert sheet.rows[1][-1] == "1,228"
        assert rows[0].value.median > 0

    def test_a_day_that_lost_a_loan_is_not_called_whole(self, tmp_path: Path) -> None:
        installation = install(tmp_path)

        assert busy_desk._miscounted(installation, 1) == ["1 loans were made, 0 are on record"]


class TestServingEverybody:
    def test_each_kind_has_its_status(self) -> None:
        assert MIX.keys() == STATUS.keys()

    def test_a_refusal_is_not_counted_as_served(self) -> None:
        refused = Load(1.0, latencies=[0.001])
        refused.statuses[409] += 1

        with pytest.raises(BrokenAnswer, match="409"):
            all_served({"check out": refused})
