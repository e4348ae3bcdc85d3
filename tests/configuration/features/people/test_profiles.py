"""Profiles: stated once, changed in parts, seen by their owner and by whoever keeps the records."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from configuration.kit.database import Statement
from configuration.kit.errors import Refusal, VersionMismatch
from configuration.kit.features.accounts import by_number
from configuration.kit.features.people import profiles
from configuration.kit.features.people.domain import age_on
from configuration.kit.features.people.errors import (
    ImplausibleDate,
    KeptByOffice,
    NameRequired,
    NumberGiven,
    PersonNotFound,
    ProfileExists,
    UnknownReference,
)
from configuration.kit.features.people.tables import person
from tests.configuration.features.people.conftest import House
from tests.people import NOW

ERASE = Statement(update(person).where(person.c.number == 1001).values(erased_at=NOW))
LATER = NOW + timedelta(days=40)


class TestAge:
    """An age follows from the birth date."""

    @pytest.mark.parametrize(
        ("birth", "day", "age"),
        [
            (date(2000, 5, 1), date(2020, 4, 30), 19),
            (date(2000, 5, 1), date(2020, 5, 1), 20),
            (date(2004, 2, 29), date(2026, 2, 28), 21),
            (date(2004, 2, 29), date(2026, 3, 1), 22),
            (date(2004, 2, 29), date(2024, 2, 29), 20),
        ],
    )
    def test_it_turns_on_the_birthday(self, birth: date, day: date, age: int) -> None:
        assert age_on(birth, day) == age


class TestAdding:
    """A profile is stated once."""

    def test_its_owner_states_it(self, house: House) -> None:
        made = house.add(house.ann, birth_date="2004-02-29", major="CS", phone="+1 555 0100")

        assert (made.number, made.version, made.stated_by_owner) == (1001, 1, True)
        assert (made.legal_name.given_name, made.legal_name.family_name) == ("Ann", "Example")
        assert (made.birth_date, made.age) == (date(2004, 2, 29), 22)
        assert [spell.major_name for spell in made.present] == ["Computer Science"]
        assert [(one.kind, one.value) for one in made.contacts] == [("phone", "+1 555 0100")]

    def test_a_second_time_is_a_conflict_whoever_tries(self, house: House) -> None:
        house.add(house.ann)

        for by, number in ((house.ann, None), (house.keeper, 1001)):
            with pytest.raises(ProfileExists):
                house.add(by, number=number, given_name="Somebody", family_name="Else")
        assert house.read(1001, house.ann).display_name == "Ann Example"

    def test_the_office_puts_somebody_on_record(self, house: House) -> None:
        made = house.add(house.keeper, number=4711, given_name="Bo", family_name="", major="Physics")

        standing = house.db.read_sync(house.office.standing, 4711, now=NOW)
        assert (made.display_name, made.stated_by_owner, made.present[0].major) == ("Bo", False, "Phy")
        assert (standing.display_name, standing.active) == ("Bo", True)

    def test_nobody_states_the_profile_of_another(self, house: House) -> None:
        with pytest.raises(PersonNotFound):
            house.add(house.somebody(1002), number=1001)

    def test_the_number_of_an_erased_person_is_not_given_again(self, house: House) -> None:
        house.db.write_sync(lambda tx: tx.run(ERASE))

        with pytest.raises(NumberGiven):
            house.add(house.keeper, number=1001)

    def test_at_once_from_many_sides_it_is_stated_once(self, house: House) -> None:
        def state(place: int) -> str:
            try:
                return str(house.add(house.keeper, number=1001, given_name=f"Ann {place}").display_name)
            except ProfileExists as refusal:
                return refusal.code

        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(state, range(8)))

        (stated,) = [name for name in said if name != "PROFILE_EXISTS"]
        assert house.read(1001, house.ann).display_name == stated

    def test_the_owner_fills_gaps_and_replaces_nothing_the_office_decided(self, house: House) -> None:
        _begin(house, major="CS")
        fitting = house.add(house.keeper, number=4711, major="CS")

        with pytest.raises(KeptByOffice) as refused:
            house.add(house.ann, major="Phy")

        assert [blocker.pointer for blocker in refused.value.blockers] == ["/major"]
        assert fitting.present[-1].major == "CS"

    @pytest.mark.parametrize(
        ("values", "refusal"),
        [
            ({"birth_date": "2026-03-03"}, ImplausibleDate),
            ({"birth_date": "1900-01-01", "number": None}, None),
            ({"major": "Alchemy"}, UnknownReference),
            ({"department": "Alchemy"}, UnknownReference),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, house: House, values: dict[str, Any], refusal: type[Refusal] | None
    ) -> None:
        if refusal is None:
            assert house.add(house.ann, **values).age == 126
            return
        with pytest.raises(refusal) as refused:
            house.add(house.ann, **values)

        assert [blocker.pointer for blocker in refused.value.blockers] == [f"/{next(iter(values))}"]


class TestChanging:
    """Parts of a profile change; what was true is kept."""

    def test_the_owner_changes_how_they_are_called_and_reached(self, house: House) -> None:
        changed = house.edit(
            1001,
            house.ann,
            0,
            preferred_name={"given_name": "Annie"},
            email="annie@example.org",
            postal_address="1 High Street\nWestmere",
        )

        account = house.db.read_sync(by_number, 1001)
        assert account is not None
        assert (changed.version, changed.display_name, account.display_name) == (1, "Annie Example", "Annie Example")
        assert changed.legal_name.family_name == "Example"
        assert {one.kind: one.value for one in changed.contacts} == {
            "email": "annie@example.org",
            "postal": "1 High Street\nWestmere",
        }

    def test_what_is_emptied_is_gone_and_the_legal_name_shows_again(self, house: House) -> None:
        house.edit(1001, house.ann, 0, preferred_name={"given_name": "Annie"}, email="annie@example.org")

        changed = house.edit(1001, house.ann, 1, preferred_name=None, email=None)

        assert (changed.display_name, changed.preferred_name, changed.contacts) == ("Ann Example", None, ())

    def test_the_office_keeps_the_rest_and_all_of_it_is_named_at_once(self, house: House) -> None:
        with pytest.raises(KeptByOffice) as refused:
            house.edit(1001, house.ann, 0, family_name="Royal", birth_date="1990-01-01", major="CS", email=None)

        named = {(blocker.pointer, blocker.override) for blocker in refused.value.blockers}
        assert named == {(f"/{name}", house.office.keeper) for name in ("family_name", "birth_date", "major")}

    def test_a_former_name_stays_on_record_even_when_both_were_taken_at_one_instant(self, house: House) -> None:
        house.edit(1001, house.keeper, 0, family_name="Royal")
        house.edit(1001, house.keeper, 1, family_name="Republic", middle_name="B.")

        names = house.db.read_sync(profiles.names_of, house.office, 1001, by=house.keeper, now=NOW)
        assert [(name.middle_name, name.family_name, name.valid_until is None) for name in names] == [
            ("", "Example", False),
            ("", "Royal", False),
            ("B.", "Republic", True),
        ]
        assert house.read(1001, house.ann).display_name == "Ann B. Republic"

    def test_a_given_name_is_never_emptied(self, house: House) -> None:
        with pytest.raises(NameRequired):
            house.edit(1001, house.keeper, 0, given_name=None)

    def test_whoever_saw_an_earlier_version_is_told(self, house: House) -> None:
        house.edit(1001, house.keeper, 0, birth_date="1990-01-01")

        for version in (0, 2):
            with pytest.raises(VersionMismatch):
                house.edit(1001, house.keeper, version, birth_date="1991-01-01")
        assert house.read(1001, house.ann).birth_date == date(1990, 1, 1)

    def test_two_who_saw_the_same_version_do_not_both_change_it(self, house: House) -> None:
        def change(place: int) -> bool:
            try:
                house.edit(1001, house.keeper, 0, family_name=f"Number {place}")
            except VersionMismatch:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(change, range(8))) == 1

    def test_nobody_keeps_their_own_record(self, house: House) -> None:
        with pytest.raises(KeptByOffice):
            house.edit(7, house.keeper, 0, birth_date="1990-01-01")

    def test_somebody_else_s_record_looks_absent(self, house: House) -> None:
        other = house.somebody(1002)

        with pytest.raises(PersonNotFound):
            house.edit(1001, other, 0, email="x@example.org")
        with pytest.raises(PersonNotFound):
            house.read(1001, other)


class TestSorting:
    """Majors and departments are of a spell, which is followed by another and never overwritten."""

    def test_a_gap_is_filled_in_place(self, house: House) -> None:
        before = house.read(1001, house.keeper, LATER).spells

        changed = house.edit(1001, house.keeper, 0, LATER, major="CS")

        assert [(one.id, one.major) for one in changed.spells] == [(before[0].id, "CS")]

    def test_another_major_is_another_spell(self, house: House) -> None:
        house.edit(1001, house.keeper, 0, major="CS")

        changed = house.edit(1001, house.keeper, 1, LATER, major="Physics")

        assert [(one.major, one.valid_from, one.valid_until) for one in changed.spells] == [
            ("CS", NOW.date(), LATER.date() - timedelta(days=1)),
            ("Phy", LATER.date(), None),
        ]
        assert [one.major for one in changed.present] == ["Phy"]

    def test_what_was_never_true_for_a_day_is_put_right(self, house: House) -> None:
        house.edit(1001, house.keeper, 0, major="CS")

        changed = house.edit(1001, house.keeper, 1, major="Phy")

        assert [one.major for one in changed.spells] == ["Phy"]


class TestListing:
    """The office's list, page by page."""

    def test_it_is_cut_by_key_and_holds_only_the_service_s_people(self, house: House) -> None:
        for number in range(1002, 1006):
            house.somebody(number)
        listed: list[int] = []
        after = 0
        while page := house.db.read_sync(profiles.profiles, house.office, after=after, limit=2):
            listed += [one.number for one in page]
            after = page[-1].id

        # The dean works for the faculty, too; the registrar is no student.
        assert [number for number in listed if number != 7] == [1001, 1002, 1003, 1004, 1005]
        assert (7 in listed) == (house.office.service == "faculty")

    @pytest.mark.parametrize(
        ("query", "found"), [("1001", 1), ("100", 0), ("ann", 1), ("EXAMPLE", 1), ("ÉTÉ", 1), ("%", 0), ("_nn", 0)]
    )
    def test_it_finds_by_number_and_by_part_of_a_name(self, house: House, query: str, found: int) -> None:
        house.add(house.keeper, number=5, given_name="Ete", family_name="ÉTÉ")
        house.edit(1001, house.keeper, 0, family_name="Example")

        page = house.db.read_sync(profiles.profiles, house.office, query=query, after=0, limit=9)

        assert len([one for one in page if one.number != 7]) == found


def _begin(house: House, **values: Any) -> None:
    from configuration.kit.features.people import belonging

    body = house.office.models.beginning.model_validate(values)
    house.db.write_sync(belonging.begin_spell, house.office, 1001, body, by=house.keeper, now=NOW)
