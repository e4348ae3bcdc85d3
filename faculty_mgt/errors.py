"""Refusals of the faculty service, named after the fact."""

from collections.abc import Callable, Iterable, Mapping

from configuration.kit.errors import Blocker, Conflict, Forbidden, NotFound, Refusal, VersionMismatch, VersionRequired
from configuration.kit.features.people import errors as people


class CourseNotFound(NotFound):
    """No such course."""

    code = "COURSE_NOT_FOUND"
    title = "There is no such course"


class TermNotFound(NotFound):
    """No such term."""

    code = "TERM_NOT_FOUND"
    title = "There is no such term"


class SectionNotFound(NotFound):
    """No such section."""

    code = "SECTION_NOT_FOUND"
    title = "There is no such section"


class RosterNotFound(NotFound):
    """The section has no roster yet, or not in that version."""

    code = "ROSTER_NOT_FOUND"
    title = "There is no such roster"


class TeachingNotFound(NotFound):
    """No such line in the section's teaching list, or it has ended."""

    code = "TEACHING_NOT_FOUND"
    title = "There is no such line in the teaching list"


class SpaceNotFound(NotFound):
    """No such teaching space, or not one's own."""

    code = "SPACE_NOT_FOUND"
    title = "There is no such teaching space"


class AssignmentNotFound(NotFound):
    """No such assignment, or not published, or of a space that is not one's own."""

    code = "ASSIGNMENT_NOT_FOUND"
    title = "There is no such assignment"


class OverrideNotFound(NotFound):
    """No such override, or it has ended."""

    code = "OVERRIDE_NOT_FOUND"
    title = "There is no such override"


class MaterialNotFound(NotFound):
    """No such material, or not yet visible, or of a space that is not one's own."""

    code = "MATERIAL_NOT_FOUND"
    title = "There is no such material"


class AnnouncementNotFound(NotFound):
    """No such announcement, or not yet published, or of a space that is not one's own."""

    code = "ANNOUNCEMENT_NOT_FOUND"
    title = "There is no such announcement"


class CodeGiven(Conflict):
    """Another course, term or section has the code."""

    code = "CODE_GIVEN"
    title = "This code is given already"


class AssignmentNumberGiven(Conflict):
    """Another assignment has the number (the book's assgn_id)."""

    code = "ASSIGNMENT_NUMBER_GIVEN"
    title = "Another assignment has this number"


class TeachesAlready(Conflict):
    """The person stands on the section's teaching list without an end."""

    code = "TEACHES_ALREADY"
    title = "This person teaches the section already"


class RosterSetMeanwhile(VersionMismatch):
    """Two set the same version of a roster: the second is told."""

    title = "Somebody else set this roster meanwhile"


class IllegalTransition(Conflict):
    """The state does not allow it; the blocker's facts are `from`, `to` and `allowed`."""

    code = "ILLEGAL_TRANSITION"
    title = "Not possible in the present state"


class AssignmentNotOpen(Conflict):
    """Work is not taken yet."""

    code = "ASSIGNMENT_NOT_OPEN"
    title = "The assignment is not open yet"


class AssignmentLocked(Conflict):
    """Work is taken no longer."""

    code = "ASSIGNMENT_LOCKED"
    title = "The assignment takes no more work"


class SpaceAmbiguous(Conflict):
    """The course is taught by the person in several spaces."""

    code = "SPACE_AMBIGUOUS"
    title = "You teach this course in several teaching spaces"


class SubmissionNotFound(NotFound):
    """No such submission, or another student's, or of a space one does not teach."""

    code = "SUBMISSION_NOT_FOUND"
    title = "There is no such submission"


class WorkbinNotFound(NotFound):
    """No such workbin, or not one's own; or the two have nothing to do with each other."""

    code = "WORKBIN_NOT_FOUND"
    title = "There is no such workbin"


class AttemptsExhausted(Conflict):
    """All attempts were used."""

    code = "ATTEMPTS_EXHAUSTED"
    title = "No attempt is left"


class NothingToRelease(Conflict):
    """No mark of the assignment waits for its release."""

    code = "NOTHING_TO_RELEASE"
    title = "No mark waits for its release"


class MarkChanged(VersionMismatch):
    """Somebody else marked this work meanwhile; the blocker's facts say who gave what, and when."""

    title = "Somebody else marked this meanwhile"


class MarkSeenFirst(VersionRequired):
    """The work has a mark: who changes it says which version they saw."""

    title = "This work has a mark; say which version of it you change"


class EditorsOnly(Forbidden):
    """A grader reads and marks, and arranges nothing."""

    code = "EDITORS_ONLY"
    title = "Only the lead and the assistants of the space may do this"


class TeachingRefused(Refusal):
    """Something in what was asked does not fit; each fault is told."""

    code = "NOT_TEACHABLE"
    title = "This does not fit together"


class WorkRefused(Refusal):
    """What was handed in does not fit what was asked for; each fault is told."""

    code = "WORK_REFUSED"
    title = "This cannot be handed in like this"


class MarkRefused(Refusal):
    """The mark does not fit the assignment."""

    code = "MARK_REFUSED"
    title = "This mark does not fit"


def illegal(kind: str, state: str, target: str, allowed: Iterable[str]) -> IllegalTransition:
    """Says in which state the thing is, which was wanted, and which may follow."""
    detail = f"The {kind} is {state.replace('_', ' ')}."
    facts = {"from": state, "to": target, "allowed": sorted(allowed)}
    return IllegalTransition(detail, blockers=[Blocker(IllegalTransition.code, detail, facts=facts)])


REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    **people.REFUSALS,
    "uq_course_code": CodeGiven,
    "uq_term_code": CodeGiven,
    "uq_section_course_id_term_id_code": CodeGiven,
    "uq_course_external_id": people.ExternalIdGiven,
    "uq_teaching_open": TeachesAlready,
    "uq_roster_section_id_version": RosterSetMeanwhile,
    "uq_assignment_number": AssignmentNumberGiven,
    "uq_mark_assignment_id_student_number_version": MarkChanged,
}
"""What a broken constraint of this service's own tables means."""
