"""The demo university: made once, resumed when interrupted, kept away from real records."""

import pytest

from configuration.commands import Demo
from configuration.commands import demo as command
from configuration.commands.demo_people import DemoPerson
from faculty_mgt.commands import furnishing as faculty_furnishing
from library_mgt.commands import furnishing
from library_mgt.commands.importing import store
from tests.configuration.commands.conftest import Counted, Erp


def people(erp: Erp) -> list[DemoPerson]:
    lines = (erp.var / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
    return [DemoPerson.parse(line) for line in lines if not line.startswith("#")]


class TestMakingADemo:
    def test_it_has_people_books_loans_and_a_queue(self, migrated: Erp, counted: Counted) -> None:
        result = migrated("demo", "--students", "6")

        assert len(people(migrated)) == 9 + 6
        assert counted("library", "title") == counted("library", "copy") == furnishing.MADE_UP
        assert counted("library", "title WHERE number IS NULL") == 0
        assert counted("library", "loan WHERE state = 'ON_LOAN'") == 3
        assert counted("library", "request WHERE state = 'QUEUED'") == 3
        assert counted("library", "request WHERE state = 'PENDING_APPROVAL'") == 3
        assert counted("library", "request WHERE state = 'READY'") == 1
        assert counted("faculty", "section") == 4
        assert counted("faculty", "assignment WHERE state = 'draft'") == counted("faculty", "course") == 3
        assert counted("faculty", "mark WHERE released_at IS NULL") == 3
        assert counted("faculty", "submission WHERE seconds_late > 0") > 0
        assert str(migrated.var / "demo-sign-ins.txt") in result.output

    def test_everything_that_must_be_true_is_true_in_it(self, migrated: Erp) -> None:
        migrated("demo", "--students", "4")

        audited = migrated("audit")

        assert audited.output.count("truths hold") == 3

    def test_passwords_are_for_the_operator_alone(self, migrated: Erp) -> None:
        result = migrated("demo", "--students", "4")

        assert (migrated.var / "demo-sign-ins.txt").stat().st_mode & 0o777 == 0o600
        assert all(person.password not in result.output for person in people(migrated))
        assert len({person.password for person in people(migrated)}) == len(people(migrated))

    def test_the_folder_is_marked_so_that_production_refuses_it(self, migrated: Erp) -> None:
        migrated("demo", "--students", "4")

        assert (migrated.var / "demo").exists()

    def test_a_second_run_leaves_everything_as_it_is(self, migrated: Erp, counted: Counted) -> None:
        migrated("demo", "--students", "4")
        before = ((migrated.var / "demo-sign-ins.txt").read_text(), counted("library", "audit"))

        result = migrated("demo", "--students", "4")

        assert "already" in result.output
        assert ((migrated.var / "demo-sign-ins.txt").read_text(), counted("library", "audit")) == before


class TestAnInterruptedDemo:
    def test_it_is_finished_by_the_next_run(self, migrated: Erp, counted: Counted) -> None:
        house = migrated.house
        sign_ins = migrated.var / "demo-sign-ins.txt"
        begun = command._people(sign_ins, 4)
        with house.database("student") as database:
            command._accounts(house, database, "student", begun[:2])

        migrated("demo", "--students", "4")

        assert people(migrated) == begun
        assert counted("student", "account") == 2 + 4
        assert counted("library", "loan") == 3

    def test_teaching_that_was_furnished_is_left_alone_and_what_was_not_is_made(
        self, migrated: Erp, counted: Counted
    ) -> None:
        house = migrated.house
        begun = command._people(migrated.var / "demo-sign-ins.txt", 4)
        with house.database("faculty") as database:
            command._accounts(house, database, "faculty", [one for one in begun if one.service == "faculty"])
            demo = Demo(database, house.settings, begun, house.operator, house.clock, print)
            faculty_furnishing.furnish(demo)
            made = counted("faculty", "submission")

        migrated("demo", "--students", "4")

        assert counted("faculty", "submission") == made > 0

    def test_books_that_were_half_imported_are_imported_to_the_end(self, migrated: Erp, counted: Counted) -> None:
        house = migrated.house
        begun = command._people(migrated.var / "demo-sign-ins.txt", 4)
        with house.database("library") as database:
            command._accounts(house, database, "library", [one for one in begun if one.service == "library"])
            text = furnishing.made_up_books().encode()
            store(database, "books.csv", text, by=house.operator, now=house.clock())

        migrated("demo", "--students", "4")

        assert counted("library", "title") == furnishing.MADE_UP
        assert counted("library", "job") == 1


class TestWhatADemoRefuses:
    def test_records_that_it_did_not_make(self, migrated: Erp, counted: Counted) -> None:
        migrated("user", "add", "grace", "--service", "library", "--role", "librarian")

        result = migrated("demo", expect=3)

        assert "no demo made" in result.output
        assert counted("student", "account") == 0
        assert not (migrated.var / "demo-sign-ins.txt").exists()

    def test_a_production_installation(self, migrated: Erp) -> None:
        migrated.environment |= {
            "ERP_ENVIRONMENT": "production",
            "ERP_PUBLIC_URL": "https://erp.example.edu",
            "ERP_SECURE_COOKIES": "true",
            "ERP_SMTP_URL": "smtp://mail.example.edu:25",
        }

        result = migrated("demo", expect=3)

        assert "production" in result.output


class TestMadeUpBooks:
    def test_every_isbn_is_proved(self) -> None:
        from library_mgt.domain.isbn import read_isbn

        rows = [line.split(",") for line in furnishing.made_up_books(50).splitlines()[1:]]

        assert [read_isbn(row[4]).state for row in rows] == ["valid"] * 50


@pytest.mark.parametrize("line", ["library  grace  abc-def  librarian,operator  7  Grace de la Cruz"])
def test_a_line_of_the_sign_ins_is_read_as_it_was_written(line: str) -> None:
    person = DemoPerson.parse(line)

    assert DemoPerson.parse(person.line()) == person
    assert (person.number, person.roles, person.display_name) == (7, ("librarian", "operator"), "Grace de la Cruz")
