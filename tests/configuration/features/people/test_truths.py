"""The truths about people hold through a life on record, and each is found out when it is broken."""

from datetime import timedelta

import pytest
from sqlalchemy import Update, update

from configuration.kit.database import Statement
from configuration.kit.features import audit
from configuration.kit.features.accounts.tables import account
from configuration.kit.features.people import belonging
from configuration.kit.features.people.errors import ProfileExists
from configuration.kit.features.people.invariants import INVARIANTS
from configuration.kit.features.people.tables import person_name, profile
from tests.configuration.features.people.conftest import House
from tests.people import NOW


def broken(house: House) -> list[str]:
    """The names of the truths that do not hold."""
    return [violation.name for violation in house.db.read_sync(audit.check, INVARIANTS)]


@pytest.fixture
def lived(house: House) -> House:
    """Ann has a profile that has changed in every way."""
    house.add(house.ann, preferred_name={"given_name": "Annie"}, major="CS")
    with pytest.raises(ProfileExists):
        house.add(house.keeper, number=1001)
    house.edit(1001, house.keeper, 1, NOW + timedelta(days=9), family_name="Green", major="Phy")
    body = house.office.models.beginning.model_validate({"kind": "visiting"})
    begun = house.db.write_sync(belonging.begin_spell, house.office, 1001, body, by=house.keeper, now=NOW)
    ending = house.office.models.ending(reason="It was asked for.")
    house.db.write_sync(
        belonging.end_spell, house.office, 1001, begun.spells[-1].id, ending, by=house.keeper, now=NOW + timedelta(9)
    )
    house.add(house.keeper, number=4711, given_name="Bo")
    return house


class TestTruths:
    """`erp audit` asks them of both services."""

    def test_they_hold_through_a_life_on_record(self, lived: House) -> None:
        assert broken(lived) == []

    @pytest.mark.parametrize(
        ("fault", "name"),
        [
            (update(person_name).values(valid_until=NOW + timedelta(days=99)), "people_have_a_legal_name"),
            (update(account).values(display_name="Somebody"), "accounts_bear_the_person_s_name"),
            (update(profile).values(version=profile.c.version + 1), "profile_versions_count_the_acts"),
        ],
    )
    def test_each_is_found_out_when_it_is_broken(self, lived: House, fault: Update, name: str) -> None:
        lived.db.write_sync(lambda tx: tx.run(Statement(fault)))

        assert broken(lived) == [name]
