"""The walk itself, and the nets beside it: they must catch every fault that is planted, and soon."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.library_mgt.domain import test_fines
from tests.library_mgt.model.circulation import walk
from tests.library_mgt.model.faults import INDEXES, PLANTS, without
from tests.library_mgt.model.stage import Lent
from tests.library_mgt.model.walk import Log
from tests.library_mgt.money import Money
from tests.library_mgt.repository import test_guards
from tests.library_mgt.world import ANN, Library
from tests.reliability.report import CAUGHT, Caught

PATIENCE = 12
"""Times ten walks in which a fault must have shown itself."""

SPELLED = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def caught(fault: str, where: str, by: str, after: str, said: str) -> None:
    """Put it into the table."""
    CAUGHT.append(Caught(fault, where, by, after, said))


def noticed(lent: Lent, folder: Path, fault: str, backend: str) -> str | None:
    """What the walk says of the fault; `None` when it never noticed."""
    log = Log()
    for seed in range(PATIENCE):
        try:
            walk(lent, folder, log, seed=seed, steps=50, shrink=False)
        except AssertionError as found:
            said = str(found).splitlines()[0]
            caught(fault, f"library on {SPELLED[backend]}", "walk", f"{log.acts} acts", said)
            return said
    return None


@pytest.mark.long
class TestWalkingOnAFault:
    @pytest.mark.parametrize("fault", PLANTS)
    def test_it_is_noticed(
        self, lent: Lent, tmp_path: Path, backend: str, fault: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        PLANTS[fault](monkeypatch)

        assert noticed(lent, tmp_path / "lives", fault, backend)

    @pytest.mark.parametrize("index", INDEXES)
    def test_a_key_that_is_gone_is_missed(self, lent: Lent, tmp_path: Path, backend: str, index: str) -> None:
        assert noticed(without(index, lent), tmp_path / "lives", f"{index} dropped", backend)


@pytest.mark.long
class TestTheOtherNets:
    @pytest.mark.parametrize(
        ("fault", "net"),
        [
            (
                "fine not capped",
                test_fines.TestWhateverIsConfigured().test_it_grows_with_time_and_stays_under_cap_and_price,
            ),
            ("UTC day instead of local", test_fines.TestCases().test_days_are_those_of_the_locations_zone),
        ],
    )
    def test_properties_notice(self, fault: str, net: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
        PLANTS[fault](monkeypatch)

        with pytest.raises(Exception, match="assert") as found:
            net()

        caught(fault, "functions of the domain", "property", "1 test", str(found.value).splitlines()[0])

    def test_the_audit_notices_a_fine_above_its_cap(
        self, library: Library, backend: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        money = Money(library)
        library.reader(ANN)
        loan = money.lend(ANN)
        money.days_late(loan, 21)
        PLANTS["fine not capped"](monkeypatch)

        money.back(loan)

        assert library.broken() == ["overdue_fee_capped"]
        caught("fine not capped", f"library on {SPELLED[backend]}", "audit", "1 act", "overdue_fee_capped")

    @pytest.mark.parametrize("index", INDEXES)
    def test_the_audit_notices_what_a_key_would_have_forbidden(
        self, library: Library, backend: str, index: str
    ) -> None:
        test_guards.TestAudit().test_each_truth_is_missed_when_it_is_broken(library, INDEXES[index])

        assert INDEXES[index] in library.broken()
        caught(f"{index} dropped", f"library on {SPELLED[backend]}", "audit", "1 act", INDEXES[index])
