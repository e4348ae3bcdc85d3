"""The races themselves: they must fail where a guard was taken away.

Locks and keys each hold alone; only without both is a copy lent twice. So the races also ask whether the keys are
there.
"""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from tests.reliability import guards
from tests.reliability.circulation_races import (
    DISC_RULE,
    LastAllowedLoan,
    approvals_meet_return,
    renewal_meets_request,
    request_meets_return,
)
from tests.reliability.driver import Race, run_race
from tests.reliability.installation import Installation, serving
from tests.reliability.money_races import MAP_RULE, PayRace, loss_meets_return, return_meets_return
from tests.reliability.races import ApprovalRace, CheckoutRace, RefreshRace, ReturnMeetsApproval
from tests.reliability.report import CAUGHT, Caught
from tests.reliability.stage import Cast, add_rule, broken_truths, people
from tests.reliability.teaching_races import class_races
from tests.reliability.teaching_stage import taught
from tests.reliability.verdicts import Score

PATIENCE = 40
"""Rounds in which a fault must have shown itself; the first problem ends the race."""


def raced(race: Race, ports: Sequence[int], installation: Installation, fault: str, rounds: int = PATIENCE) -> Score:
    """Run a race until something is wrong, and show what."""
    score = asyncio.run(
        run_race(race, ports, rounds=rounds, where=fault, audit=lambda: broken_truths(installation), enough=1)
    )
    said = score.problems[0] if score.problems else None
    database = "SQLite" if installation.databases["library"].startswith("sqlite") else "PostgreSQL"
    CAUGHT.append(Caught(fault, f"server on {database}", f"race: {score.race}", f"{score.rounds} rounds", said))
    return score


@pytest.mark.long
class TestRacingWithoutTheIndex:
    def test_it_is_missed_although_locks_and_claims_still_let_one_win(
        self, installation: Installation, backend: str
    ) -> None:
        guards.drop_index(installation)
        cast = people(installation, readers=64)

        with serving([installation.whole()]) as ports:
            claimed = raced(CheckoutRace(cast), ports, installation, "no index", rounds=3)
            guards.drop_claims(installation, backend)
            locked = raced(CheckoutRace(cast), ports, installation, "no index, no claim")

        assert guards.missing(installation, backend)
        assert claimed.problems == []
        assert ["claims_mirror_loans" in problem for problem in locked.problems] == [True]


@pytest.mark.long
@pytest.mark.parametrize("backend", ["postgresql"])
class TestRacingWithoutRowLocks:
    def test_decisions_and_queues_go_wrong_and_a_copy_is_lent_twice(
        self, installation: Installation, backend: str
    ) -> None:
        cast = people(installation, readers=64)

        with serving([installation.whole("no_row_locks")]) as ports:
            guarded = raced(CheckoutRace(cast), ports, installation, "no locks", rounds=3)
            approval = raced(ApprovalRace(cast), ports, installation, "no locks")
            refresh = raced(RefreshRace(cast), ports, installation, "no locks")
            queue = raced(ReturnMeetsApproval(cast), ports, installation, "no locks")
            guards.drop_index(installation)
            guards.drop_claims(installation, backend)
            unguarded = raced(CheckoutRace(cast), ports, installation, "no locks, no index, no claim")

        assert guarded.problems == []
        assert approval.problems
        assert refresh.problems
        assert queue.problems
        assert unguarded.problems


@pytest.mark.long
@pytest.mark.parametrize("backend", ["postgresql"])
class TestRacingWithoutOneLock:
    @pytest.mark.parametrize(
        ("fault", "race"),
        [
            ("no_lock_of:patron", LastAllowedLoan),
            ("counted_first", LastAllowedLoan),
            ("no_lock_of:title", approvals_meet_return),
            ("no_lock_of:title", request_meets_return),
            ("no_lock_of:title", renewal_meets_request),
            ("no_row_locks", return_meets_return),
            ("no_row_locks", loss_meets_return),
            ("no_row_locks", PayRace),
        ],
    )
    def test_its_contest_goes_wrong(self, installation: Installation, fault: str, race: Callable[[Cast], Race]) -> None:
        cast = people(installation, readers=64)
        add_rule(installation, "disc", **DISC_RULE)
        add_rule(installation, "map", **MAP_RULE)

        with serving([installation.whole(fault)]) as ports:
            score = raced(race(cast), ports, installation, fault)

        assert score.problems


@pytest.mark.long
@pytest.mark.parametrize("backend", ["postgresql"])
class TestRacingWithoutCounts:
    def test_every_contest_of_a_class_goes_wrong(self, installation: Installation) -> None:
        cast = taught(installation, students=PATIENCE)

        with serving([installation.whole("uncounted")]) as ports:
            scores = [raced(race, ports, installation, "no counts") for race in class_races(cast)]

        assert [score.race for score in scores if not score.problems] == []


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"])
class TestRacingWithoutTheWritersLock:
    @pytest.mark.parametrize("race", [CheckoutRace, LastAllowedLoan, PayRace])
    def test_two_servers_on_one_file_get_into_each_others_way(
        self, installation: Installation, race: Callable[[Cast], Race]
    ) -> None:
        cast = people(installation, readers=64)
        add_rule(installation, "disc", **DISC_RULE)

        with serving([installation.whole("late_locks") for _ in range(2)]) as ports:
            score = raced(race(cast), ports, installation, "two servers, locks taken late")

        assert score.problems
