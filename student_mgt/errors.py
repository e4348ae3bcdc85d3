"""Refusals of the student service, named after the fact."""

from collections.abc import Callable, Mapping

from configuration.kit.errors import Conflict, Refusal
from configuration.kit.features.people import errors as people


class NoStudent(Conflict):
    """The person has never been a student."""

    code = "NO_STUDENT"
    title = "This person is no student"


REFUSALS: Mapping[str, Callable[[], Refusal]] = {**people.REFUSALS}
"""What a broken constraint of this service's own tables means."""
