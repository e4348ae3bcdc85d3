"""Refusals about persons, named after the fact."""

from collections.abc import Callable, Mapping

from configuration.kit.errors import Conflict, Forbidden, NotFound, Refusal


class PersonNotFound(NotFound):
    """Nobody here has this number."""

    code = "PERSON_NOT_FOUND"
    title = "There is no such person"


class NumberGiven(Conflict):
    """Another person has this number."""

    code = "NUMBER_GIVEN"
    title = "Another person has this number"


class ExternalIdGiven(Conflict):
    """Another person came under the same external id."""

    code = "EXTERNAL_ID_GIVEN"
    title = "Another person has this external id"


class ProfileExists(Conflict):
    """The profile was stated already; what is wrong in it is changed."""

    code = "PROFILE_EXISTS"
    title = "This person's profile is there already"


class KeptByOffice(Forbidden):
    """The person states it once; later it is changed by the office that keeps the records."""

    code = "KEPT_BY_OFFICE"
    title = "This is not yours to change"


class UnknownReference(Refusal):
    """A code that no row of the reference data has."""

    code = "UNKNOWN_REFERENCE"
    title = "There is no such entry"


class ImplausibleDate(Refusal):
    """A date that cannot be meant."""

    code = "IMPLAUSIBLE_DATE"
    title = "This date cannot be right"


class NameRequired(Refusal):
    """A person has a given name."""

    code = "NAME_REQUIRED"
    title = "A name has to stand here"


class NoPresentSpell(Conflict):
    """There is nothing present that a major or a department would be of."""

    code = "NO_PRESENT_SPELL"
    title = "Nothing present to change"


class SpellNotFound(NotFound):
    """The person has no such spell."""

    code = "SPELL_NOT_FOUND"
    title = "There is no such entry in this record"


class SpellEnded(Conflict):
    """It has ended; what follows is a new one."""

    code = "SPELL_ENDED"
    title = "This has ended already"


class CodeGiven(Conflict):
    """Another row has this code, or this name."""

    code = "CODE_GIVEN"
    title = "Another entry has this code or name"


REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    "uq_person_number": NumberGiven,
    "uq_person_external_id": ExternalIdGiven,
    "uq_profile_person_id": ProfileExists,
    "uq_department_code": CodeGiven,
    "uq_major_code": CodeGiven,
    "uq_major_name": CodeGiven,
}
"""What a broken constraint of the tables of persons means."""
