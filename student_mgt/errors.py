"""Refusals of the student service, named after the fact."""

from collections.abc import Callable, Mapping

from configuration.kit.errors import Refusal
from configuration.kit.features.people import errors as people

REFUSALS: Mapping[str, Callable[[], Refusal]] = {**people.REFUSALS}
"""What a broken constraint of this service's own tables means."""
