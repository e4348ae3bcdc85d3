"""A new installation: databases, first staff, accounts, and what the doctor says."""

import re
from pathlib import Path

import pytest
from sqlalchemy import delete

from configuration.kit.database import Statement
from configuration.kit.features.accounts.tables import credential
from tests.configuration.commands.conftest import Erp

FORGET_PASSWORDS = Statement(delete(credential))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


class TestMigrating:
    def test_databases_are_made_once(self, erp: Erp) -> None:
        first = erp("migrate")
        again = erp("migrate")

        assert first.output.count("made 0") == 3
        assert "newest revision" in again.output

    def test_a_script_learns_by_the_exit_code_that_something_is_due(self, erp: Erp) -> None:
        erp("migrate", "--check", expect=1)
        erp("migrate", "--service", "library")
        erp("migrate", "--check", "--service", "library")

        erp("migrate", "--check", expect=1)

    def test_an_unknown_service_is_wrong_usage(self, erp: Erp) -> None:
        result = erp("migrate", "--service", "kitchen", expect=2)

        assert "student, faculty, library" in result.output

    def test_other_commands_say_what_to_do_before(self, erp: Erp) -> None:
        for words in (["audit"], ["demo"], ["init", "--yes"], ["user", "list"], ["import", "list"]):
            result = erp(*words, expect=3)

            assert "erp migrate" in result.output


class TestSettingsFaults:
    def test_all_of_them_are_told_at_once(self, erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
        erp.environment |= {"ERP_PORT": "many", "ERP_LIBARY_PORT": "1"}

        result = erp("audit", expect=2)

        assert "ERP_PORT" in result.output
        assert "ERP_LIBRARY_PORT" in result.output


class TestFirstStaff:
    def test_each_gets_a_code_in_a_file_for_the_operator_alone(self, migrated: Erp) -> None:
        result = migrated("init", "--registrar", "amina", "--dean", "bruno", "--librarian", "chandra")

        handed = migrated.var / "first-staff.txt"
        lines = [line.split() for line in handed.read_text().splitlines() if line and not line.startswith("Activation")]
        assert [line[:2] for line in lines] == [["student", "amina"], ["faculty", "bruno"], ["library", "chandra"]]
        assert all(line[2] not in result.output for line in lines)
        assert mode(handed) == 0o600

    def test_run_again_it_leaves_staff_alone_and_asks_for_who_is_missing(self, migrated: Erp) -> None:
        migrated("init", "--registrar", "amina", "--yes")
        migrated("init", "--registrar", "amina", "--librarian", "chandra", "--yes")

        listed = migrated("user", "list").output

        assert [line.split()[1] for line in listed.splitlines() if "invited" in line] == ["amina", "chandra"]


class TestAccountsByCommand:
    def test_an_account_works_with_a_password_from_a_private_file(self, migrated: Erp) -> None:
        result = migrated("user", "add", "grace", "--service", "library", "--role", "librarian", "--number", "7")

        path = migrated.var / "handover" / "library-7.txt"
        password = path.read_text().split()[2]
        assert mode(path) == 0o600
        assert re.fullmatch(r"\w{6}-\w{6}-\w{6}", password)
        assert password not in result.output

    def test_an_invited_account_gets_codes_until_it_is_activated(self, migrated: Erp) -> None:
        migrated("user", "invite", "dalia", "--service", "student", "--role", "registrar", "--number", "9")
        path = migrated.var / "handover" / "student-9.txt"
        first = path.read_text()

        migrated("user", "reset", "dalia", "--service", "student")

        assert path.read_text() != first

    def test_a_role_that_the_service_does_not_have_is_refused(self, migrated: Erp) -> None:
        for act in ("add", "invite"):
            result = migrated("user", act, "x", "--service", "library", "--role", "king", expect=3)

            assert "king" in result.output
        assert "x" not in migrated("user", "list", "--service", "library").output.split()

    def test_a_taken_name_is_refused(self, migrated: Erp) -> None:
        migrated("user", "add", "grace", "--service", "library", "--role", "librarian")

        result = migrated("user", "add", "GRACE", "--service", "library", "--role", "librarian", expect=3)

        assert "taken" in result.output

    def test_disabling_and_enabling_change_the_state(self, migrated: Erp) -> None:
        migrated("user", "add", "grace", "--service", "library", "--role", "librarian")

        disabled = migrated("user", "disable", "grace", "--service", "library", "--reason", "left")
        enabled = migrated("user", "enable", "grace", "--service", "library", "--reason", "is back")

        assert "grace is disabled" in disabled.output
        assert "grace is active" in enabled.output

    def test_an_auditor_needs_a_last_day(self, migrated: Erp) -> None:
        migrated("user", "add", "grace", "--service", "library", "--role", "librarian")

        migrated("user", "grant", "grace", "auditor", "--service", "library", expect=3)
        migrated("user", "grant", "grace", "auditor", "--service", "library", "--until", "2099-12-31")

        assert "auditor, librarian" in migrated("user", "list", "--service", "library").output

    def test_nobody_is_found_by_a_wrong_name(self, migrated: Erp) -> None:
        result = migrated("user", "reset", "nobody", "--service", "library", expect=3)

        assert "erp user list" in result.output


class TestTheDoctor:
    def test_a_sound_installation_has_no_fault(self, erp: Erp) -> None:
        erp("migrate")

        result = erp("doctor")

        assert "fault" not in result.output
        assert result.output.count("revision 0") == 3

    def test_what_is_missing_comes_with_what_to_do(self, erp: Erp) -> None:
        result = erp("doctor", expect=1)

        assert result.output.count("not made yet") == 3
        assert "erp migrate" in result.output

    def test_a_database_that_does_not_answer_does_not_hide_the_others(self, migrated: Erp) -> None:
        migrated.environment["ERP_FACULTY_DATABASE"] = "postgresql://nobody:wrong@127.0.0.1:1/faculty"

        result = migrated("doctor", expect=1)

        assert "database of faculty" in result.output
        assert result.output.count("revision 0") == 2
        assert "wrong" not in result.output

    def test_a_readable_secret_is_a_fault(self, migrated: Erp) -> None:
        migrated("init", "--librarian", "grace", "--yes")
        (migrated.var / "first-staff.txt").chmod(0o644)

        result = migrated("doctor", expect=1)

        assert "chmod 600" in result.output

    def test_wrong_settings_are_listed(self, erp: Erp) -> None:
        erp.environment |= {"ERP_PORT": "many", "ERP_ZONE": "Atlantis"}

        result = erp("doctor", expect=1)

        assert "ERP_PORT" in result.output
        assert "ERP_ZONE" in result.output


class TestProduction:
    def test_its_keys_are_made_by_init_and_are_not_those_of_development(self, migrated: Erp) -> None:
        migrated("init", "--yes")
        development = {path.name for path in migrated.var.glob("keys/*/*.jwk")}
        migrated.environment |= {
            "ERP_ENVIRONMENT": "production",
            "ERP_PUBLIC_URL": "https://erp.example.edu",
            "ERP_SECURE_COOKIES": "true",
            "ERP_SMTP_URL": "smtp://mail.example.edu:25",
        }
        before = migrated("doctor", expect=1)
        refused = migrated("serve", expect=2)

        migrated("init", "--yes")
        after = migrated("doctor")

        assert len(development) == 3
        assert before.output.count("development key") == 3
        assert "development key" in refused.output
        assert "keys:" not in after.output
        assert after.output.count("keys of") == 3
        assert development < {path.name for path in migrated.var.glob("keys/*/*.jwk")}
        assert all(path.stat().st_mode & 0o077 == 0 for path in migrated.var.glob("keys/*/*.jwk"))


class TestTruthsOfAccounts:
    def test_they_hold_after_all_that_is_done_with_accounts(self, migrated: Erp) -> None:
        migrated("init", "--registrar", "amina", "--yes")
        migrated("user", "add", "grace", "--service", "library", "--role", "librarian", "--number", "70000")
        migrated("user", "disable", "grace", "--service", "library")

        result = migrated("audit")

        assert result.output.count("truths hold") == 3

    def test_an_active_account_without_a_credential_is_found(self, migrated: Erp) -> None:
        migrated("user", "add", "grace", "--service", "library", "--role", "librarian")
        with migrated.house.database("library") as database:
            database.write_sync(lambda tx: tx.run(FORGET_PASSWORDS))

        result = migrated("audit", "--service", "library", expect=1)

        assert "something to sign in with" in result.output
