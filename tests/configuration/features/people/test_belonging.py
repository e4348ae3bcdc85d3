"""Spells begun and ended, and the lists that people are sorted by."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from configuration.kit.features.people import belonging, reference
from configuration.kit.features.people.errors import (
    CodeGiven,
    ImplausibleDate,
    KeptByOffice,
    NoPresentSpell,
    PersonNotFound,
    SpellEnded,
    SpellNotFound,
    UnknownReference,
)
from configuration.kit.features.people.model import Reference
from configuration.kit.security.actor import Actor
from tests.configuration.features.people.conftest import House
from tests.people import NOW

TODAY, DAY = NOW.date(), timedelta(days=1)


def begin(house: House, number: int = 1001, by: Actor | None = None, **values: Any) -> Any:
    """Begin another spell."""
    body = house.office.models.beginning.model_validate(values)
    return house.db.write_sync(belonging.begin_spell, house.office, number, body, by=by or house.keeper, now=NOW)


def end(house: House, spell_id: int, number: int = 1001, **values: Any) -> Any:
    """End a spell."""
    body = house.office.models.ending.model_validate({"reason": "It was asked for.", **values})
    return house.db.write_sync(belonging.end_spell, house.office, number, spell_id, body, by=house.keeper, now=NOW)


def department(house: House, code: str = "SCI") -> Reference:
    """A department."""
    return house.db.write_sync(reference.add, "department", code, f"Department {code}", by=house.keeper, now=NOW)


def of_department(house: House, made: Reference) -> Actor:
    """Whoever keeps the records, but of one department alone."""
    grants = {house.office.keeper: frozenset({f"department:{made.id}"})}
    return replace(house.keeper, grants=grants)


class TestSpells:
    """Somebody may have several, one after the other or at once."""

    def test_another_one_stands_beside_the_first(self, house: House) -> None:
        department(house)

        changed = begin(house, kind="visiting", department="SCI", valid_until=str(TODAY + DAY))

        assert [(one.kind, one.department) for one in changed.present][1:] == [("visiting", "SCI")]
        assert (len(changed.present), changed.version) == (2, 1)

    def test_it_ends_and_stays_on_record(self, house: House) -> None:
        first = house.read(1001, house.keeper).spells[0]

        changed = end(house, first.id, valid_until=str(TODAY))

        assert [one.valid_until for one in changed.spells] == [TODAY]
        later = house.read(1001, house.keeper, NOW + DAY)
        assert (later.present, len(later.spells)) == ((), 1)

    def test_an_end_ahead_leaves_it_present_until_then(self, house: House) -> None:
        first = house.read(1001, house.keeper).spells[0]

        end(house, first.id, valid_until=str(TODAY + DAY))

        assert len(house.read(1001, house.keeper, NOW + DAY).present) == 1
        assert house.read(1001, house.keeper, NOW + 2 * DAY).present == ()

    def test_none_ends_before_it_begins_or_twice(self, house: House) -> None:
        first = house.read(1001, house.keeper).spells[0]

        with pytest.raises(ImplausibleDate):
            begin(house, valid_from=str(TODAY), valid_until=str(TODAY - DAY))
        with pytest.raises(ImplausibleDate):
            end(house, first.id, valid_until=str(TODAY - DAY))
        past = begin(house, valid_from=str(TODAY - 9 * DAY), valid_until=str(TODAY - DAY)).spells[0]
        with pytest.raises(SpellEnded):
            end(house, past.id)

    def test_only_the_person_s_own_are_found(self, house: House) -> None:
        house.somebody(1002)
        other = house.read(1002, house.keeper).spells[0]

        with pytest.raises(SpellNotFound):
            end(house, other.id)

    def test_nobody_begins_their_own_and_others_see_nothing(self, house: House) -> None:
        with pytest.raises(KeptByOffice):
            begin(house, number=7)
        with pytest.raises(PersonNotFound):
            begin(house, number=7, by=house.ann)

    def test_a_major_needs_something_present_to_be_of(self, house: House) -> None:
        first = house.read(1001, house.keeper).spells[0]
        end(house, first.id, valid_until=str(TODAY))

        with pytest.raises(NoPresentSpell):
            house.edit(1001, house.keeper, 1, NOW + DAY, major="CS")

    def test_the_keeper_of_a_department_sees_who_belongs_to_it_now(self, house: House) -> None:
        scoped = of_department(house, department(house))
        begin(house, department="SCI")
        house.somebody(1002)

        assert house.read(1001, scoped).number == 1001
        with pytest.raises(PersonNotFound):
            house.read(1002, scoped)

    def test_and_begins_nothing_elsewhere_and_gives_nobody_away(self, house: House) -> None:
        scoped = of_department(house, department(house))
        department(house, "ART")
        begin(house, department="SCI")

        for elsewhere in ("ART", None):
            with pytest.raises(KeptByOffice):
                begin(house, by=scoped, department=elsewhere)
        with pytest.raises(KeptByOffice):
            house.edit(1001, scoped, 1, department="ART")
        assert begin(house, by=scoped, department="SCI").version == 2
        assert house.edit(1001, scoped, 2, major="CS").present[-1].major == "CS"


class TestReference:
    """Majors and departments are rows."""

    def test_the_book_s_majors_are_found_by_code_and_by_name(self, house: House) -> None:
        majors = house.db.read_sync(reference.listed, "major", after=0, limit=50)

        assert len(majors) == 20
        for word in ("EEng", "Electrical Engineering"):
            assert house.db.read_sync(reference.named, "major", word).code == "EEng"

    def test_a_code_is_given_once(self, house: House) -> None:
        department(house)

        with pytest.raises(CodeGiven):
            department(house)

    def test_a_retired_one_is_not_chosen_and_whoever_has_it_keeps_it(self, house: House) -> None:
        house.edit(1001, house.keeper, 0, major="CS")
        house.db.write_sync(reference.retire, "major", "CS", retired=True, by=house.keeper, now=NOW)

        with pytest.raises(UnknownReference) as refused:
            begin(house, major="CS")
        assert "IT" in refused.value.detail
        assert house.read(1001, house.ann).present[0].major == "CS"

        house.db.write_sync(reference.retire, "major", "CS", retired=False, by=house.keeper, now=NOW)
        assert begin(house, major="CS").present[-1].major == "CS"

    def test_what_is_not_there_cannot_be_retired(self, house: House) -> None:
        with pytest.raises(UnknownReference):
            house.db.write_sync(reference.retire, "major", "Computer Science", retired=True, by=house.keeper, now=NOW)
