"""Every template of every service compiles, and stands without scripts and styles of its own."""

import re
from pathlib import Path

import pytest

from configuration.kit.web import Pages
from configuration.kit.web.pages import HERE

ROOT = Path(__file__).resolve().parents[2]
OWNERS = {"gateway": "gateway", "student": "student_mgt", "faculty": "faculty_mgt", "library": "library_mgt"}
ALL = sorted(
    (service, path.relative_to(folder / "templates").as_posix(), path)
    for service, folder in [("gateway", HERE), *((service, ROOT / package) for service, package in OWNERS.items())]
    for path in (folder / "templates").rglob("*.html")
)


class TestTemplates:
    @pytest.mark.parametrize(("service", "name", "path"), ALL, ids=[f"{s}:{n}" for s, n, _ in ALL])
    def test_each_compiles(self, service: str, name: str, path: Path) -> None:
        pages = Pages(service, folders=[ROOT / OWNERS[service]])

        template = pages._environments["en"].get_template(name)

        assert template.name == name

    @pytest.mark.parametrize(("service", "name", "path"), ALL, ids=[f"{s}:{n}" for s, n, _ in ALL])
    def test_none_brings_scripts_styles_or_another_host(self, service: str, name: str, path: Path) -> None:
        text = path.read_text(encoding="utf-8")

        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|\|\s*safe\b|https?://", text)

    @pytest.mark.parametrize(("service", "name", "path"), ALL, ids=[f"{s}:{n}" for s, n, _ in ALL])
    def test_words_for_people_can_be_translated(self, service: str, name: str, path: Path) -> None:
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

        bare = re.findall(r">([^<]*[A-Za-z]{3}[^<]*)<", text)
        assert not [words for words in bare if words.strip()]
