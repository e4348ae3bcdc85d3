"""What is taught in the probed university: a section with its roster, assignments, materials, announcements."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Act = Callable[[str, str, Any, str | None], Any]
"""Sends method, path below the faculty service, body and token; answers the JSON of a success."""


def taught(
    act: Act, *, dean: str | None, lecturer: str | None, person: int, student: int
) -> Mapping[str, Sequence[Any]]:
    """Let a lecturer teach a student; the names of what exists, by parameter and field."""
    course = act("POST", "/courses", {"code": "CS-101", "title": "Logic", "credits": 6}, dean)["id"]
    spring = {"code": "2026-1", "name": "Spring", "starts_on": "2026-02-02", "ends_on": "2026-06-26"}
    term = act("POST", "/terms", spring, dean)["id"]
    sections: list[int] = []
    lines: list[int] = []
    shared: dict[str, int] = {}
    for code in "ABC":
        new = {"course_id": course, "term_id": term, "code": code, "capacity": 30, **shared}
        made = act("POST", "/sections", new, dean)
        sections.append(made["id"])
        shared = {"space_id": made["space_id"]}
        said = {"person": person, "role": "lead"}
        lines.append(act("POST", f"/sections/{sections[-1]}/teaching", said, dean)["id"])
        students = [{"student_number": student, "display_name": "Ada Reader"}]
        act("PUT", f"/sections/{sections[-1]}/roster", {"students": students}, dean)
    space = act("GET", "/spaces/mine", None, lecturer)["items"][0]["id"]
    found: dict[str, list[int]] = {"assignments": [], "materials": [], "announcements": []}
    for _ in range(3):
        due = {"title": "Exercise", "points": 100, "due_at": "2999-03-20", "max_files": 2}
        found["assignments"].append(act("POST", f"/spaces/{space}/assignments", due, lecturer)["id"])
        text = {"kind": "text", "title": "Notes", "body": "Read this."}
        found["materials"].append(act("POST", f"/spaces/{space}/materials", text, lecturer)["id"])
        said = {"title": "No class", "body": "On Friday."}
        found["announcements"].append(act("POST", f"/spaces/{space}/announcements", said, lecturer)["id"])
    overrides = []
    for assignment in found["assignments"][:2]:
        act("POST", f"/assignments/{assignment}/publish", None, lecturer)
        granted = {"student_number": student, "attempts": 9, "reason": "It was asked for."}
        overrides.append(act("POST", f"/assignments/{assignment}/overrides", granted, lecturer)["id"])
    return {
        "course_id": [course],
        "term_id": [term],
        "section_id": sections,
        "teaching_id": lines,
        "space_id": [space],
        "assignment_id": found["assignments"],
        "override_id": overrides,
        "material_id": found["materials"],
        "announcement_id": found["announcements"],
        "course": ["CS-101"],
        "person": [person],
        "student_number": [student],
        "due_at": ["2999-03-20", None],
        "locks_at": ["2999-03-27", None],
        "opens_at": ["2026-03-01", None],
        "publish_at": ["2026-03-01", None],
        "visible_from": ["2026-03-01", None],
        "department_id": [None],
        "version": [1],
    }
