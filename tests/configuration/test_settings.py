"""Settings: where they come from, which is stronger, and how faults are told."""

import os
from pathlib import Path
from typing import TypedDict

import pytest

from configuration.kit.security.keys import KeyRing
from configuration.settings import Settings, load_settings
from configuration.sources import SettingsFault


class Files(TypedDict):
    properties: Path
    dotenv: Path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return {"properties": tmp_path / "erp_settings.properties", "dotenv": tmp_path / ".env"}


class TestSources:
    def test_each_source_overrides_the_one_before_it(self, files: Files) -> None:
        files["properties"].write_text("library.port=1001\nfaculty.port=1002\nstudent.port=1003\n")
        files["dotenv"].write_text("ERP_FACULTY_PORT=2002\nERP_STUDENT_PORT=2003\n")

        settings = load_settings({"ERP_STUDENT_PORT": "3003"}, **files)

        assert (settings.library.port, settings.faculty.port, settings.student.port) == (1001, 2002, 3003)

    def test_the_committed_defaults_are_those_of_the_book(self) -> None:
        settings = load_settings({}, dotenv=Path("absent"))

        assert settings.server.production_server == "prodserver100"
        assert settings.server.prod_port == 9000
        assert settings.server.development_server == "devserver200"
        assert settings.server.dev_port == 10000
        assert [own.port for own in settings.services] == [8003, 8002, 8001]

    def test_the_book_s_unprefixed_keys_are_read_from_the_file(self, files: Files) -> None:
        files["properties"].write_text("# a comment\n\nprod_port = 9001\n")

        settings = load_settings({"PROD_PORT": "1"}, **files)

        assert settings.server.prod_port == 9001

    def test_constructing_settings_reads_no_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(os.environ, "PORT", "1")
        monkeypatch.setitem(os.environ, "ERP_PORT", "1")

        assert Settings().port == 8000

    def test_foreign_variables_are_no_business_of_ours(self, files: Files) -> None:
        files["dotenv"].write_text("COMPOSE_PROJECT_NAME=x\n")

        assert load_settings({"HOME": "/", "ERP_TEST_BACKENDS": "sqlite", "PREFIX": "/x"}, **files).prefix == "/ch04"

    def test_an_empty_variable_is_as_if_it_were_not_there(self, files: Files) -> None:
        assert load_settings({"ERP_PORT": ""}, **files).port == 8000


class TestFaults:
    def test_one_message_lists_every_fault_with_its_source(self, files: Files) -> None:
        files["properties"].write_text("library.prot=1\nno equals sign\n")
        files["dotenv"].write_text("ERP_ZONE=Atlantis/Capital\n")

        with pytest.raises(SettingsFault) as caught:
            load_settings({"ERP_PORT": "many", "ERP_LIBARY_PORT": "1", "ERP_PROD_PORT": "0"}, **files)

        message = str(caught.value)
        assert "6 faults" in message
        assert "library.prot (erp_settings.properties) is not a setting; did you mean library.port?" in message
        assert "line 2 of erp_settings.properties" in message
        assert "ERP_ZONE (.env): is not a time zone" in message
        assert "ERP_PORT (environment)" in message
        assert "ERP_LIBARY_PORT (environment) is not a setting; did you mean ERP_LIBRARY_PORT?" in message
        assert "ERP_PROD_PORT (environment)" in message

    def test_a_fault_does_not_repeat_the_value(self, files: Files) -> None:
        with pytest.raises(SettingsFault) as caught:
            load_settings({"ERP_STUDENT_DATABASE": "mysql://erp:hunter2@db/x"}, **files)

        assert "hunter2" not in str(caught.value)

    def test_settings_shown_hide_their_secrets(self) -> None:
        settings = Settings(smtp_url="smtp://erp:hunter2@mail", student={"database": "postgresql://erp:hunter2@db/x"})

        assert "hunter2" not in repr(settings)
        assert "hunter2" not in repr(settings.student)

    def test_several_workers_need_postgresql(self, files: Files) -> None:
        with pytest.raises(SettingsFault, match="ERP_WORKERS above 1 needs PostgreSQL"):
            load_settings({"ERP_WORKERS": "2"}, **files)

    def test_each_service_needs_a_database_of_its_own(self, files: Files) -> None:
        shared = {f"ERP_{name}_DATABASE": "postgresql://erp@db/erp" for name in ("STUDENT", "LIBRARY")}

        with pytest.raises(SettingsFault, match="must differ"):
            load_settings(shared, **files)

    def test_a_line_of_dotenv_in_the_words_of_the_properties_is_told(self, files: Files) -> None:
        files["dotenv"].write_text("library.port=9001\nport=9000\nFOREIGN=1\n")

        with pytest.raises(SettingsFault) as told:
            load_settings({}, **files)

        assert told.value.faults == (
            "library.port (.env) is written ERP_LIBRARY_PORT here.",
            "port (.env) is written ERP_PORT here.",
        )


class TestProduction:
    def test_refuses_every_development_setting_at_once(self, files: Files, tmp_path: Path) -> None:
        (tmp_path / "demo-sign-ins.txt").touch()

        with pytest.raises(SettingsFault) as caught:
            load_settings(
                {"ERP_ENVIRONMENT": "production", "ERP_VAR": str(tmp_path), "ERP_LOG_LEVEL": "DEBUG", "ERP_PORT": "x"},
                **files,
            )

        faults = "\n".join(caught.value.faults)
        for named in ("PUBLIC_URL", "SECURE_COOKIES", "SMTP_URL", "LOG_LEVEL", "VAR", "STUDENT_WEBMASTER", "PORT"):
            assert f"ERP_{named}" in faults

    def test_a_server_refuses_development_keys_and_open_files_but_the_commands_that_mend_them_start(
        self, files: Files, tmp_path: Path
    ) -> None:
        from configuration.kit.clock import utc_now

        for service in ("student", "faculty"):
            KeyRing(service, tmp_path / "keys" / service, utc_now())
        next((tmp_path / "keys" / "student").glob("*.jwk")).chmod(0o644)
        production = {
            "ERP_ENVIRONMENT": "production",
            "ERP_VAR": str(tmp_path),
            "ERP_PUBLIC_URL": "https://erp.example.edu",
            "ERP_SECURE_COOKIES": "true",
            "ERP_SMTP_URL": "smtp://mail.example.edu",
            **{f"ERP_{service}_WEBMASTER": "web@example.edu" for service in ("STUDENT", "FACULTY", "LIBRARY")},
        }

        with pytest.raises(SettingsFault) as caught:
            load_settings(production, **files, serving=True)

        assert "can be read by others" in str(caught.value)
        assert "development key" in str(caught.value)
        assert "library service has no signing key" in str(caught.value)
        assert load_settings(production, **files).environment == "production"

        with pytest.raises(SettingsFault) as of_one:
            load_settings(production, **files, serving=True, alone="library")
        assert len(of_one.value.faults) == 1, "the keys of services elsewhere are not its business"
        elsewhere = {f"ERP_{service}_URL": "http://10.0.0.2" for service in ("STUDENT", "FACULTY", "LIBRARY")}
        assert load_settings(production | elsewhere, **files, serving=True).environment == "production"


class TestServiceSettings:
    def test_one_service_may_have_settings_of_its_own(self, files: Files) -> None:
        found = load_settings({"ERP_LIBRARY_JOURNAL_DAYS": "3"}, **files)
        with pytest.raises(SettingsFault) as elsewhere:
            load_settings({"ERP_STUDENT_JOURNAL_DAYS": "3"}, **files)

        assert found.library.journal_days == 3
        assert "ERP_STUDENT_JOURNAL_DAYS" in str(elsewhere.value)

    def test_a_service_is_told_what_the_university_decided(self, tmp_path: Path) -> None:
        settings = Settings(var=tmp_path, prefix="/erp", zone="Europe/Berlin", faculty={"url": "http://10.0.0.2:8002/"})

        library = settings.library
        assert (library.service, library.prefix, library.root_prefix) == ("library", "/erp/library", "/erp")
        assert library.zone == "Europe/Berlin"
        assert library.database == f"sqlite:///{tmp_path}/library.db"
        assert library.bases["faculty"] == "http://10.0.0.2:8002"
        assert library.bases["student"] == "http://127.0.0.1:8003"
