"""The command line in a folder of its own, on SQLite and on PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, text
from typer.testing import CliRunner, Result

import faculty_mgt.commands
import library_mgt.commands
import student_mgt.commands
from configuration.commands import Installation, compose
from configuration.kit.database import Statement
from configuration.settings import ROOT, SERVICES
from tests.conftest import MigratedUrl, NewDatabaseUrl

PARTS = [student_mgt.commands.PART, faculty_mgt.commands.PART, library_mgt.commands.PART]


@dataclass
class Erp:
    """An installation and its command line. Calling it runs a command in this process; `start` in one of its own."""

    var: Path
    environment: dict[str, str]
    runner: CliRunner = field(default_factory=CliRunner)

    def __call__(self, *words: str, expect: int = 0) -> Result:
        """Run `erp` with these words, and check its exit code."""
        result = self.runner.invoke(compose(PARTS), list(words), env=self.environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == expect, f"erp {' '.join(words)}: {result.exit_code}\n{result.output}"
        return result

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start `erp` as a process, and a group of processes, of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ERP_")}
        return subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *words],
            cwd=ROOT,
            env=kept | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def house(self) -> Installation:
        """The installation, as commands are given it."""
        return Installation(PARTS)


def installed(tmp_path: Path, urls: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Erp:
    """An installation in a folder of its own, with these databases, and in no way this machine's."""
    environment = {f"ERP_{service.upper()}_DATABASE": url for service, url in urls.items()}
    var = tmp_path / "var"
    environment |= {"ERP_VAR": str(var), "ERP_SAMPLE_DATA": str(tmp_path / "nowhere"), "COLUMNS": "200"}
    for name in [name for name in os.environ if name.startswith("ERP_") and not name.startswith("ERP_TEST_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Erp(var, environment)


@pytest.fixture
def mask() -> Iterator[None]:
    """A mask that leaves files readable by all, as most people's is; commands set their own."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def erp(tmp_path: Path, new_database_url: NewDatabaseUrl, monkeypatch: pytest.MonkeyPatch, mask: None) -> Erp:
    """An installation whose databases have not been made."""
    return installed(tmp_path, {service: new_database_url(service) for service in SERVICES}, monkeypatch)


@pytest.fixture
def migrated(tmp_path: Path, migrated_url: MigratedUrl, monkeypatch: pytest.MonkeyPatch, mask: None) -> Erp:
    """An installation whose databases are there, and empty."""
    return installed(tmp_path, {service: migrated_url(f"{service}_mgt") for service in SERVICES}, monkeypatch)


Counted = Callable[[str, str], int]


@pytest.fixture
def counted(migrated: Erp) -> Counted:
    """How many rows a table of a service has."""

    def count(service: str, table: str) -> int:
        statement = Statement(text(f"SELECT count(*) AS number FROM {table}").columns(number=BigInteger))
        with migrated.house.database(service) as database:
            return int(database.read_sync(lambda tx: tx.scalar(statement)))

    return count
