"""The accounts of the student service, in a database of their own."""

import pytest

from configuration.kit.database import Database
from configuration.kit.features.accounts import REFUSALS, Account
from configuration.kit.security.actor import Actor
from student_mgt.errors import REFUSALS as OWN
from tests.conftest import OpenMigrated
from tests.people import actor_of, add_account, roles_of


@pytest.fixture
def db(open_migrated: OpenMigrated) -> Database:
    """The student service's database, on each backend."""
    return open_migrated("student_mgt", {**REFUSALS, **OWN})


@pytest.fixture
def registrar(db: Database) -> Actor:
    """Somebody who manages accounts."""
    made = db.write_sync(add_account, roles_of("student"), "registrar", user_name="reg")
    return actor_of("student", made, "registrar")


@pytest.fixture
def student(db: Database) -> Account:
    """A student with an account."""
    return db.write_sync(
        add_account, roles_of("student"), "student", user_name="ann", person_no=1001, email="ann@example.org"
    )
