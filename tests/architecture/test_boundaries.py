"""What the packages promise one another, checked on every file."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from configuration.settings import ROOT

PACKAGES = ("configuration", "gateway", "student_mgt", "faculty_mgt", "library_mgt")
SERVICES = PACKAGES[2:]
LONGEST_FILE = 320
LONGEST_FUNCTION = 60
VAGUE = ("manager", "helper", "util")


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")))


def offenders(path: Path) -> Iterator[str]:
    """Uses of a session's or connection's commit, and of the framework's exception."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield f"{path.name}:{node.lineno} commits"
        if (isinstance(node, ast.Name) and node.id == "HTTPException") or (
            isinstance(node, ast.alias) and node.name == "HTTPException"
        ):
            yield f"{path.name}:{node.lineno} raises the framework's exception"


class TestBoundaries:
    def test_the_import_contracts_hold(self) -> None:
        command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"]

        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

        assert done.returncode == 0, done.stdout
        assert " 0 broken" in done.stdout

    def test_no_contract_makes_an_exception(self) -> None:
        text = (ROOT / "pyproject.toml").read_text()

        assert "ignore_imports" not in text
        assert text.count("[[tool.importlinter.contracts]]") >= 8

    @pytest.mark.parametrize("package", SERVICES)
    def test_services_neither_commit_nor_know_the_framework_s_exception(self, package: str) -> None:
        assert [found for path in sources(package) for found in offenders(path)] == []

    def test_a_planted_offence_is_found(self, tmp_path: Path) -> None:
        path = tmp_path / "planted.py"
        path.write_text("from fastapi import HTTPException\ndef act(tx):\n    tx.commit()\n")

        assert len([*offenders(path)]) == 2

    def test_no_middleware_is_of_the_kind_that_hides_context_variables(self) -> None:
        assert [str(path) for path in sources(*PACKAGES) if "BaseHTTPMiddleware" in path.read_text()] == []


class TestSize:
    def test_no_file_grows_into_a_drawer(self) -> None:
        long = {
            str(path.relative_to(ROOT)): count for path in sources(*PACKAGES) if (count := _lines(path)) > LONGEST_FILE
        }

        assert long == {}

    def test_no_function_is_longer_than_a_screen(self) -> None:
        found = []
        for path in sources(*PACKAGES):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    size = (node.end_lineno or 0) - node.lineno + 1
                    if size > LONGEST_FUNCTION:
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {size} lines")

        assert found == []

    def test_no_file_has_a_vague_name(self) -> None:
        assert [str(path) for path in sources(*PACKAGES) if any(word in path.stem for word in VAGUE)] == []


class TestSecrecy:
    def test_no_file_names_a_download_host_or_a_place_on_a_machine(self) -> None:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        forbidden = (
            "files.pythonhosted" + ".org",
            "pypi" + ".org",
            "registry.npmjs" + ".org",
            "/work" + "/main",
            "/root" + "/",
        )

        named = [
            f"{name}: {word}"
            for name in listed.split()
            if (ROOT / name).is_file() and (text := _text(ROOT / name))
            for word in forbidden
            if word in text
        ]

        assert named == []

    def test_no_page_loads_from_a_network_of_others(self) -> None:
        pages = [*ROOT.glob("*/**/templates/**/*.html")]

        assert pages
        assert [
            str(page) for page in pages if 'src="http' in page.read_text() or "cdn" in page.read_text().lower()
        ] == []


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
