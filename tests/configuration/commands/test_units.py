"""The units of the split installation start what they say they start."""

from pathlib import Path

import pytest

from configuration.settings import ROOT
from tests.configuration.commands.conftest import Erp, installed

DEPLOY = ROOT / "configuration" / "deploy"
START = "ExecStart=/opt/university-erp/.venv/bin/erp "


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Erp:
    """An installation without databases."""
    return installed(tmp_path, {}, monkeypatch)


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_a_unit_s_command_gets_as_far_as_the_missing_database(empty: Erp, unit: str) -> None:
    lines = (DEPLOY / unit).read_text(encoding="utf-8").splitlines()
    command = next(line for line in lines if line.startswith(START)).removeprefix(START)

    refused = empty(*command.replace("%i", "library").split(), expect=3)

    assert "erp migrate" in refused.output
