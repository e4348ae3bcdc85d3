"""The demo's students have profiles, once."""

from pathlib import Path

from configuration.commands import Demo
from configuration.commands.demo_people import DemoPerson
from configuration.kit.database import Database
from configuration.kit.features.people import profiles
from configuration.settings import Settings
from student_mgt.commands.furnishing import UNSTATED, furnish
from student_mgt.services.profiles import OFFICE
from tests.people import NOW, OPERATOR, add_account, roles_of

NUMBERS = range(1001, 1001 + UNSTATED + 1)


class TestFurnish:
    """What an earlier try finished is left alone."""

    def test_most_students_study_something_and_are_of_a_level(self, db: Database, tmp_path: Path) -> None:
        people = [DemoPerson("student", number, f"s{number}", "Ann", "Blue", ("student",), "x") for number in NUMBERS]
        for person in people:
            db.write_sync(add_account, roles_of("student"), "student", person_no=person.number)
        demo = Demo(db, Settings(var=tmp_path), people, OPERATOR, lambda: NOW, lambda said: None)

        furnish(demo)
        first = [db.read_sync(profiles.profile_of, OFFICE, number, by=OPERATOR, now=NOW) for number in NUMBERS]
        furnish(demo)

        again = [db.read_sync(profiles.profile_of, OFFICE, number, by=OPERATOR, now=NOW) for number in NUMBERS]
        assert again == first
        stated = [one for one in first if one.stated_at]
        assert len(first) - len(stated) == 1
        assert all(one.level and one.age and one.present[0].major and one.present[0].department for one in stated)
