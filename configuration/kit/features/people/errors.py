"""Refusals about persons, named after the fact."""

from collections.abc import Callable, Mapping

from configuration.kit.errors import Conflict, NotFound, Refusal


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


REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    "uq_person_number": NumberGiven,
    "uq_person_external_id": ExternalIdGiven,
}
"""What a broken constraint of the tables of persons means."""
