"""The states of a section, and who teaches it."""

from collections.abc import Mapping

STATES = ("planned", "open", "closed", "cancelled", "in_progress", "grading", "final")
TEACHING_ROLES = ("lead", "assistant", "grader")

FOLLOWING: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"open", "cancelled"}),
    "open": frozenset({"closed", "cancelled", "in_progress"}),
    "closed": frozenset({"open", "cancelled", "in_progress"}),
    "in_progress": frozenset({"grading", "cancelled"}),
    "grading": frozenset({"in_progress", "final"}),
    "cancelled": frozenset(),
    "final": frozenset(),
}
"""Which states may follow which. What is cancelled or final stays so."""
