"""The states of a section, and who teaches it."""

from collections.abc import Mapping
from typing import Literal, get_args

State = Literal["planned", "open", "closed", "cancelled", "in_progress", "grading", "final"]
TeachingRole = Literal["lead", "assistant", "grader"]
STATES: tuple[State, ...] = get_args(State)
TEACHING_ROLES: tuple[TeachingRole, ...] = get_args(TeachingRole)

FOLLOWING: Mapping[State, frozenset[State]] = {
    "planned": frozenset({"open", "cancelled"}),
    "open": frozenset({"closed", "cancelled", "in_progress"}),
    "closed": frozenset({"open", "cancelled", "in_progress"}),
    "in_progress": frozenset({"grading", "cancelled"}),
    "grading": frozenset({"in_progress", "final"}),
    "cancelled": frozenset(),
    "final": frozenset(),
}
"""Which states may follow which. What is cancelled or final stays so."""

EDITORS: frozenset[TeachingRole] = frozenset({"lead", "assistant"})
"""Who arranges what stands in a teaching space; a grader reads and marks."""
