"""The two services that keep records of people, each with one of its people and whoever keeps the records."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest

from configuration.kit.database import Database
from configuration.kit.features import accounts
from configuration.kit.features.people import profiles
from configuration.kit.features.people.office import Office
from configuration.kit.security.actor import Actor
from tests.conftest import OpenMigrated
from tests.people import NOW, actor_of, add_account, roles_of


@dataclass(frozen=True)
class House:
    """One service's database, its office, and its people."""

    db: Database
    office: Office
    ann: Actor
    keeper: Actor

    @property
    def role(self) -> str:
        """What applicants become here."""
        assert self.office.roles.applicant_role is not None
        return self.office.roles.applicant_role

    def somebody(self, number: int, role: str | None = None, name: str | None = None) -> Actor:
        """Another person, with an account."""
        kind = role or self.role
        config = roles_of(self.office.service)
        made = self.db.write_sync(add_account, config, kind, person_no=number, user_name=name)
        return actor_of(self.office.service, made, kind)

    def add(self, by: Actor, now: datetime = NOW, **values: Any) -> Any:
        """State a profile; without a name it is Ann's."""
        body = self.office.models.addition.model_validate({"given_name": "Ann", "family_name": "Example", **values})
        return self.db.write_sync(profiles.add_profile, self.office, body, by=by, now=now)

    def edit(self, number: int, by: Actor, version: int, now: datetime = NOW, **values: Any) -> Any:
        """Change a profile."""
        body = self.office.models.change.model_validate(values)
        return self.db.write_sync(profiles.edit_profile, self.office, number, body, version=version, by=by, now=now)

    def read(self, number: int, by: Actor, now: datetime = NOW) -> Any:
        """Look at a profile."""
        return self.db.read_sync(profiles.profile_of, self.office, number, by=by, now=now)


@pytest.fixture(params=["student", "faculty"])
def house(request: pytest.FixtureRequest, open_migrated: OpenMigrated) -> House:
    """Ann has number 1001; somebody keeps her record."""
    service = request.param
    own = import_module(f"{service}_mgt.errors").REFUSALS
    db = open_migrated(f"{service}_mgt", {**accounts.REFUSALS, **own})
    office: Office = import_module(f"{service}_mgt.services.profiles").OFFICE
    bare = House(db, office, *([Actor("", service, "")] * 2))
    ann = bare.somebody(1001, name="ann")
    return House(db, office, ann, bare.somebody(7, office.keeper))
