"""`erp demo --library-year`: apart from everything else, looked at afterwards, and ended by Ctrl-C with a whole day."""

import json
import signal
import time
from pathlib import Path

import pytest

from configuration.settings import SERVICES
from tests.configuration.commands.conftest import Counted, Erp
from tests.conftest import NewDatabaseUrl

SMALL = ("demo", "--library-year", "--titles", "30", "--patrons", "20", "--until", "2026-11-11")


@pytest.fixture
def year(migrated: Erp) -> Path:
    return migrated.var / "library-year"


def inside(erp: Erp, folder: Path, database: str | None = None) -> Erp:
    """The installation of the year, as whoever serves it has it."""
    kept = {name: value for name, value in erp.environment.items() if not name.endswith("_DATABASE")}
    own = dict.fromkeys((f"ERP_{service.upper()}_DATABASE" for service in SERVICES), "")
    if database:
        own["ERP_LIBRARY_DATABASE"] = database
    return Erp(folder, kept | own | {"ERP_VAR": str(folder)})


class TestAYear:
    def test_it_is_lived_apart_drawn_and_whole(
        self, migrated: Erp, year: Path, counted: Counted, new_database_url: NewDatabaseUrl
    ) -> None:
        place = new_database_url("year")

        result = migrated(*SMALL, "--weeks", "5", "--seed", "3", "--database", place)

        assert "October 2026: " in result.output
        assert f"ERP_VAR={year}" in result.output
        told = json.loads((year / "figures.json").read_text())
        assert (told["first_day"], told["last_day"], told["seed"]) == ("2026-10-05", "2026-11-08", 3)
        assert told["events"]["CHECKED_OUT"] > 0
        assert "<svg" in (year / "index.html").read_text()
        assert {f"{name}.svg" for name in ("loans", "queues", "waiting", "fines")} <= {
            file.name for file in year.iterdir()
        }
        assert counted("library", "audit") == counted("library", "title") == 0
        assert inside(migrated, year, place)("audit").output.count("truths hold") == 3

        again = migrated(*SMALL, "--weeks", "5", "--database", place, expect=3)

        assert "holds records already" in again.output
        assert "Remove" in again.output

    def test_it_is_not_mixed_with_records(self, migrated: Erp, year: Path, counted: Counted) -> None:
        migrated("user", "add", "grace", "--service", "library", "--role", "librarian")
        before = counted("library", "audit")

        result = migrated(*SMALL, "--database", migrated.house.of("library").database, expect=3)

        assert "holds records already" in result.output
        assert counted("library", "audit") == before
        assert not (year / "demo-sign-ins.txt").exists()

    def test_what_is_said_of_a_year_is_not_ignored_where_none_is_wanted(self, migrated: Erp, counted: Counted) -> None:
        result = migrated("demo", "--database", "sqlite:///elsewhere.db", expect=2)

        assert "--library-year" in result.output
        assert counted("library", "audit") == 0

    def test_ctrl_c_ends_it_with_a_whole_day(self, migrated: Erp, year: Path, new_database_url: NewDatabaseUrl) -> None:
        place = new_database_url("year")
        process = migrated.start(*SMALL, "--weeks", "300", "--database", place)
        assert process.stdout is not None
        line = ""
        while "acts so far" not in line:
            line = process.stdout.readline()
            assert line or process.poll() is None, process.communicate()
        time.sleep(0.5)

        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

        assert process.returncode == 130, (out, err)
        assert "what was done until then is whole" in out
        assert (year / "index.html").exists()
        assert inside(migrated, year, place)("audit").output.count("truths hold") == 3
