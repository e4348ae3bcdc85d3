"""Readers' cards, blocks, groups and memberships."""

from datetime import date, timedelta
from typing import Any

import pytest

from configuration.kit.errors import Refusal
from library_mgt.errors import (
    BlockNotFound,
    CardNotFound,
    CardOutOfUse,
    CardTaken,
    NotLocal,
    OwnBlock,
    UnknownReference,
)
from library_mgt.models.data.patrons import PatronView
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.models.request.patrons import PatronCreate, PatronExtension
from library_mgt.services import blocks, cards, circulation, desk, patrons
from library_mgt.services.patrons import PatronRecord
from tests.library_mgt.world import ANN, ASSISTANT, BEN, LIBRARIAN, NOW, ZONE, Library, person

TODAY = NOW.date()


def act(library: Library, use_case: Any, *args: Any, by: Any = LIBRARIAN, **options: Any) -> PatronRecord:
    done: PatronRecord = library.write(use_case, *args, by=by, zone=ZONE, **options)
    return done


class TestCards:
    def test_an_old_card_says_which_replaced_it_wherever_it_is_scanned(self, library: Library) -> None:
        ann, [copy] = library.reader(ANN), library.book()[1]
        act(library, cards.add_card, ann, "K-1")
        act(library, cards.replace_card, ann, "k-1", "K-2")

        said = "replaced by K-2"
        with pytest.raises(CardOutOfUse, match=said):
            library.read(patrons.patron_meant, "K-1")
        with pytest.raises(CardOutOfUse, match=said):
            library.read(desk.meant, "K-1")
        with pytest.raises(CardOutOfUse, match=said):
            wish = LoanCreate(patron="K-1", barcode=str(copy.barcode))
            library.write(circulation.check_out, wish, by=LIBRARIAN, zone=ZONE)
        assert library.read(patrons.patron_meant, "K-2") == ann

    def test_a_lost_card_that_is_found_serves_nobody_and_is_replaced(self, library: Library) -> None:
        ann = library.reader(ANN)
        act(library, cards.add_card, ann, "K-1", by=ASSISTANT)
        act(library, cards.report_lost, ann, "K-1", by=ASSISTANT)

        with pytest.raises(CardOutOfUse, match="reported lost"):
            library.read(patrons.patron_meant, "K-1")
        record = act(library, cards.replace_card, ann, "K-1", "K-2", by=ASSISTANT)

        assert [(card.number, card.state, card.replaced_by) for card in record.cards] == [
            ("K-1", "replaced", "K-2"), ("K-2", "active", None),
        ]  # fmt: skip
        with pytest.raises(CardOutOfUse):
            act(library, cards.report_lost, ann, "K-1")

    def test_a_number_is_one_readers_for_ever(self, library: Library) -> None:
        ann, ben = library.reader(ANN), library.reader(BEN)
        act(library, cards.add_card, ann, "K-1")
        act(library, cards.report_lost, ann, "K-1")

        with pytest.raises(CardTaken):
            act(library, cards.add_card, ben, "K-1")
        with pytest.raises(CardNotFound):
            act(library, cards.report_lost, ben, "K-1")


class TestBlocks:
    def test_each_block_is_told_with_its_end_and_lifted_by_itself(self, library: Library) -> None:
        ann, [copy] = library.reader(ANN), library.book()[1]
        act(library, blocks.block_patron, ann, blocked=True, reason="Wet books", until=TODAY + timedelta(days=3))
        record = act(library, blocks.block_patron, ann, blocked=True, reason="Shouting")

        with pytest.raises(Refusal) as both:
            library.lend(ANN, copy)
        after = act(library, blocks.lift_block, ann, record.blocks[1].id, "Apologised")
        with pytest.raises(Refusal) as one:
            library.lend(ANN, copy)

        assert [blocker.facts["until"] for blocker in both.value.blockers] == ["2026-03-05", None]
        assert [block.reason for block in after.blocks] == ["Wet books"]
        assert "It ends after 2026-03-05" in one.value.blockers[0].detail
        with pytest.raises(BlockNotFound):
            act(library, blocks.lift_block, ann, record.blocks[1].id, "Again")

    def test_a_block_ends_with_its_last_day_in_the_zone_of_the_library(self, library: Library) -> None:
        ann = library.reader(ANN)
        act(library, blocks.block_patron, ann, blocked=True, reason="Wet books", until=TODAY)

        # 22:59 UTC is 23:59 in Berlin: still the same day.
        library.now = NOW.replace(hour=22, minute=58)
        assert act(library, blocks.change_group, ann, "staff", "Works here").blocks
        library.now = NOW.replace(hour=23, minute=0)
        found: list[PatronView] = library.read(patrons.patron_found, "1001")

        assert library.read(patrons.patron_record, ann, now=library.now, zone=ZONE).blocks == ()
        assert (found[0].blocked(TODAY), found[0].blocked(TODAY + timedelta(days=1))) == (True, False)
        assert library.lend(ANN, library.book()[1][0]).state == "ON_LOAN"

    def test_lifting_without_naming_lifts_all_and_days_in_the_past_are_refused(self, library: Library) -> None:
        ann = library.reader(ANN)
        for reason in ("One", "Two"):
            act(library, blocks.block_patron, ann, blocked=True, reason=reason)

        record = act(library, blocks.block_patron, ann, blocked=False, reason="All is well")

        assert record.blocks == ()
        with pytest.raises(Refusal, match="has passed"):
            act(library, blocks.block_patron, ann, blocked=True, reason="Late", until=TODAY - timedelta(days=1))

    def test_nobody_decides_of_themselves(self, library: Library) -> None:
        ann, both = library.reader(ANN), person("library:9", "librarian", persons=frozenset({ANN.person}))

        with pytest.raises(OwnBlock):
            act(library, blocks.block_patron, ann, blocked=False, reason="It is me", by=both)
        with pytest.raises(OwnBlock):
            act(library, blocks.change_group, ann, "staff", "It is me", by=both)


class TestGroups:
    def test_a_chosen_group_stays_whatever_the_home_service_says_until_it_is_left_to_it(self, library: Library) -> None:
        ann = library.reader(ANN)
        told = {"person": ANN.person, "display_name": "A", "group": "student", "active": True, "until": None}

        chosen = act(library, blocks.change_group, ann, "faculty", "Emerita")
        library.write(patrons.take_standing, **told, as_of=library.now, by=LIBRARIAN)
        kept = library.read(patrons.patron_record, ann, now=library.now, zone=ZONE)
        act(library, blocks.change_group, ann, None, "Left")
        library.write(patrons.take_standing, **told, as_of=library.now, by=LIBRARIAN)
        left = library.read(patrons.patron_record, ann, now=library.now, zone=ZONE)

        assert [one.patron.group_code for one in (chosen, kept, left)] == ["faculty", "faculty", "student"]

    def test_groups_are_rows_that_a_librarian_keeps(self, library: Library) -> None:
        library.write(blocks.keep_group, "alumni", "Alumni", by=LIBRARIAN)
        library.write(blocks.keep_group, "alumni", "Alumni and friends", by=LIBRARIAN)

        names = {group.code: group.name for group in library.read(blocks.groups)}
        assert names["alumni"] == "Alumni and friends"
        with pytest.raises(UnknownReference):
            act(library, blocks.change_group, library.reader(ANN), "kings", "By birth")


class TestLocalPatrons:
    def test_a_membership_is_extended_with_another_guarantor(self, library: Library) -> None:
        new = PatronCreate(number="90001", display_name="A. Guest", until=date(2026, 3, 31), guarantor="The dean")
        guest = act(library, patrons.add_local_patron, new)

        extended = act(library, patrons.extend, guest.patron.id, PatronExtension(until=date(2027, 3, 31)))

        assert extended.patron.until == date(2027, 3, 31)
        with pytest.raises(Refusal, match="has passed"):
            act(library, patrons.extend, guest.patron.id, PatronExtension(until=date(2026, 3, 1)))

    def test_of_others_the_home_service_says_how_long(self, library: Library) -> None:
        with pytest.raises(NotLocal):
            act(library, patrons.extend, library.reader(ANN), PatronExtension(until=date(2027, 3, 31)))
