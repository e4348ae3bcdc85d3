"""Two records of one human become one: limits count once, and nothing of theirs is lost."""

from functools import partial
from typing import Any

import pytest

from configuration.kit.errors import Refusal
from library_mgt.errors import JoinCollides, OwnBlock, PatronNotFound
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.models.request.patrons import PatronJoining
from library_mgt.services import blocks, cards, circulation, joining, patrons, requests
from tests.library_mgt.money import Money
from tests.library_mgt.services.test_races import Act, at_once
from tests.library_mgt.world import ANN, CAL, LIBRARIAN, ZONE, Library, person


def same(other: int) -> PatronJoining:
    return PatronJoining(other=other, reason="The same")


def join(library: Library, patron: int, other: int, by: Any = LIBRARIAN) -> Any:
    return library.write(joining.join, patron, same(other), by=by, zone=ZONE)


class TestJoin:
    def test_everything_moves_and_the_other_record_is_gone(self, library: Library) -> None:
        money, ann, cal = Money(library), library.reader(ANN), library.reader(CAL)
        library.write(cards.add_card, cal, "K-7", by=LIBRARIAN, zone=ZONE)
        library.write(blocks.block_patron, cal, blocked=True, reason="Wet", by=LIBRARIAN, zone=ZONE)
        for one in (ann, cal):
            library.write(blocks.change_group, one, "faculty", "Teaches", by=LIBRARIAN, zone=ZONE)
        library.write(blocks.block_patron, cal, blocked=False, reason="Dry", by=LIBRARIAN, zone=ZONE)
        money.open_till()
        money.damage(cal, 300)
        money.pay(cal, 100)
        money.lend(ANN, "Emma")
        money.lend(CAL, "Dune")
        library.request(CAL, library.book("Ulysses")[0])

        record = join(library, ann, cal)

        assert record.persons == ("faculty:7", "student:1001")
        assert (record.patron.live_loans, record.patron.open_requests) == (2, 1)
        assert [card.number for card in record.cards] == ["K-7"]
        assert money.account(ann).balance_minor == 200
        assert library.read(patrons.patron_meant, "faculty:7") == ann
        with pytest.raises(PatronNotFound):
            library.read(patrons.patron_record, cal, now=library.now, zone=ZONE)
        assert library.broken() == []

    def test_limits_count_once_afterwards(self, library: Library) -> None:
        library.rule(max_loans=2)
        ann, cal = library.reader(ANN), library.reader(CAL)
        for who in (ANN, CAL):
            library.lend(who, library.book(f"Of {who.person}")[1][0])
        join(library, ann, cal)

        with pytest.raises(Refusal) as refused:
            library.lend(CAL, library.book("Emma")[1][0])

        assert refused.value.code == "LOAN_LIMIT_REACHED"

    def test_all_that_collides_is_told_together(self, library: Library) -> None:
        library.rule(max_loans=1, max_requests=1)
        ann, cal = library.reader(ANN), library.reader(CAL)
        dune, [first, second] = library.book("Dune", copies=2)
        emma, _ = library.book("Emma")
        library.lend(ANN, first)
        library.lend(CAL, second)
        for who in (ANN, CAL):
            library.request(who, emma)

        with pytest.raises(JoinCollides) as refused:
            join(library, ann, cal)

        assert [blocker.code for blocker in refused.value.blockers] == [
            "JOIN_COLLIDES", "JOIN_COLLIDES", "LOAN_LIMIT_REACHED", "REQUEST_LIMIT_REACHED",
        ]  # fmt: skip
        assert "Both have 'Dune': on loan here, on loan there" in refused.value.detail
        titles = {blocker.facts.get("title_id") for blocker in refused.value.blockers[:2]}
        assert titles == {dune.title.id, emma.title.id}
        assert library.read(patrons.patron_meant, CAL.person) == cal

    def test_neither_oneself_nor_what_is_no_second_record(self, library: Library) -> None:
        ann, cal = library.reader(ANN), library.reader(CAL)
        both = person("library:9", "librarian", persons=frozenset({CAL.person}))

        with pytest.raises(OwnBlock):
            join(library, ann, cal, by=both)
        for other in (ann, 999):
            with pytest.raises(PatronNotFound):
                join(library, ann, other)


class TestRaces:
    def test_joining_crosswise_and_lending_meanwhile_loses_nothing(self, library: Library) -> None:
        for number in range(1, 6):
            one, two = person(f"student:{number}"), person(f"faculty:{number}")
            ids = [library.reader(one), library.reader(two)]
            shelf = [library.book(f"Title {number} {place}")[1][0] for place in range(4)]
            wish = library.book(f"Wished {number}")[0]
            acts: list[Act] = [
                partial(joining.join, patron_id=here, joined=same(there), by=LIBRARIAN)
                for here, there in (ids, reversed(ids))
            ]
            lend = [LoanCreate(patron=two.person, barcode=str(copy.barcode)) for copy in shelf]
            acts += [partial(circulation.check_out, wish=one_wish, by=LIBRARIAN) for one_wish in lend]
            acts += [partial(requests.approve, request_id=library.request(two, wish).id, by=LIBRARIAN)]

            outcome = at_once(library, acts)

            assert outcome["done"] >= 2
            left = library.read(patrons.patron_meant, one.person)
            assert library.read(patrons.patron_meant, two.person) == left
            assert library.broken() == []
