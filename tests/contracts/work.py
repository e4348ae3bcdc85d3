"""What was handed in and marked in the probed university."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.contracts.classes import Act

Upload = Callable[[str, str | None], Any]
"""Sends a file to a path below the faculty service with a token; answers the JSON of a success."""


def worked(
    act: Act, upload: Upload, *, taught: Mapping[str, Sequence[Any]], lecturer: str | None, student: str | None
) -> Mapping[str, Sequence[Any]]:
    """Let the student hand in, and the lecturer mark; the names of what exists, by parameter and field."""
    first, second = taught["assignment_id"][:2]
    made = [upload(f"/assignments/{first}/submissions", student)["id"]]
    for assignment in (first, second):
        made.append(act("POST", f"/assignments/{assignment}/submissions", {"text": "Mine."}, student)["id"])
    act("POST", f"/submissions/{made[0]}/marks", {"raw": 80}, lecturer)
    act("POST", f"/assignments/{first}/marks/release", None, lecturer)
    number = taught["student_number"][0]
    held = act("POST", "/assignments/student/workbin", {"stud_id": number}, lecturer)["bin_id"]
    return {
        "submission_id": made,
        "position": [1],
        "bin_id": [held],
        "stud_id": [number],
        "faculty_id": [None, *taught["person"]],
        "attested_at": ["2026-03-02T08:30:00Z"],
        "raw": [80, "80.50"],
    }
