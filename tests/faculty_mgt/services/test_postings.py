"""Materials and announcements: posted by those who teach, seen from a time on."""

from datetime import date
from typing import Any

import pytest

from configuration.kit.errors import NotFound, VersionMismatch
from faculty_mgt.errors import EditorsOnly, SpaceNotFound, TeachingRefused
from faculty_mgt.models.data.spaces import Material
from faculty_mgt.models.request.postings import AnnouncementChange, AnnouncementCreate, MaterialChange, MaterialCreate
from faculty_mgt.services import announcements, materials
from tests.faculty_mgt.school import ANN, BEN, CAL, DAY, GRADER, LEAD, NOW, STRANGER, ZONE, School


def post(school: School, title: str = "Notes", **said: Any) -> Material:
    body = MaterialCreate.model_validate({"kind": "text", "title": title, **said})
    return school.write(materials.add, school.space, body, by=LEAD, zone=ZONE)


def titles(school: School, by: Any, **options: Any) -> list[str]:
    return [
        one.title
        for one in school.read(materials.BOARD.of_space, school.space, by, **{"after": (0, 0), "limit": 9, **options})
    ]


class TestMaterials:
    def test_they_are_listed_by_position_and_shown_from_a_time_on(self, school: School) -> None:
        last, first = post(school, "last", position=2), post(school, "first", position=1)
        post(school, "later", position=1, visible_from=date(2026, 3, 3))

        assert titles(school, GRADER) == ["first", "later", "last"]
        assert titles(school, ANN) == titles(school, BEN) == ["first", "last"]
        assert titles(school, ANN, now=NOW + DAY) == ["first", "later", "last"]
        assert titles(school, LEAD, after=(1, first.id), limit=1) == ["later"]
        assert school.read(materials.BOARD.seen, last.id, ANN) == last

    def test_what_is_not_yet_visible_is_not_there(self, school: School) -> None:
        later = post(school, visible_from=date(2026, 3, 3))

        with pytest.raises(NotFound):
            school.read(materials.BOARD.seen, later.id, ANN)
        assert school.read(materials.BOARD.seen, later.id, LEAD) == later

    def test_only_those_who_belong_to_the_space_find_it(self, school: School) -> None:
        made = post(school)

        for outsider in (CAL, STRANGER):
            with pytest.raises(NotFound):
                school.read(materials.BOARD.seen, made.id, outsider)
            with pytest.raises(SpaceNotFound):
                titles(school, outsider)
            with pytest.raises(NotFound):
                school.write(materials.remove, made.id, version=1, by=outsider)
        with pytest.raises(EditorsOnly):
            school.write(materials.remove, made.id, version=1, by=GRADER)
        with pytest.raises(NotFound):
            school.write(materials.remove, made.id, version=1, by=ANN)

    def test_a_change_keeps_the_rest_and_a_text_has_no_url(self, school: School) -> None:
        text, link = post(school), post(school, kind="link", url="https://example.org/a")

        moved = school.write(materials.change, link.id, MaterialChange(position=7), version=1, by=LEAD, zone=ZONE)

        assert (moved.url, moved.position, moved.version) == ("https://example.org/a", 7, 2)
        for body in (MaterialChange(url="https://example.org/b"), MaterialChange.model_validate({"title": None})):
            with pytest.raises(TeachingRefused):
                school.write(materials.change, text.id, body, version=1, by=LEAD, zone=ZONE)
        with pytest.raises(VersionMismatch):
            school.write(materials.change, link.id, MaterialChange(position=8), version=1, by=LEAD, zone=ZONE)

    @pytest.mark.parametrize(
        "said",
        [
            {"kind": "link"},
            {"kind": "text", "url": "https://example.org/a"},
            {"kind": "link", "url": "javascript:alert(1)"},
            {"kind": "link", "url": "https://example.org/a b"},
            {"kind": "file"},
        ],
    )
    def test_a_link_is_a_web_address_and_a_text_has_none(self, said: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="1 validation error"):
            MaterialCreate.model_validate({"title": "Notes", **said})

    def test_what_was_taken_down_is_gone(self, school: School) -> None:
        made = post(school)

        school.write(materials.remove, made.id, version=1, by=LEAD)

        assert titles(school, LEAD) == []


class TestAnnouncements:
    def test_they_are_said_from_their_time_on(self, school: School) -> None:
        body = AnnouncementCreate(title="No class", body="On Friday.\r\nSee you!", publish_at=date(2026, 3, 3))
        made = school.write(announcements.add, school.space, body, by=LEAD, zone=ZONE)

        assert made.body == "On Friday.\nSee you!"
        with pytest.raises(NotFound):
            school.read(announcements.BOARD.seen, made.id, ANN)
        said = AnnouncementChange.model_validate({"publish_at": "2026-03-02T10:00"})
        changed = school.write(announcements.change, made.id, said, version=1, by=LEAD, zone=ZONE)
        assert changed.publish_at == NOW
        assert school.read(announcements.BOARD.of_space, school.space, ANN, after=0, limit=9) == [changed]
        school.write(announcements.remove, made.id, version=2, by=LEAD)
        assert school.read(announcements.BOARD.of_space, school.space, LEAD, after=0, limit=9) == []
