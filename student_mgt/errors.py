"""Refusals of the student service, named after the fact."""

from collections.abc import Callable, Mapping

from configuration.kit.errors import Conflict, Refusal
from configuration.kit.features.people import errors as people


class NoStudent(Conflict):
    """The person has never been a student."""

    code = "NO_STUDENT"
    title = "This person is no student"


class LevelRuleExists(Conflict):
    """There is a rule for this level already."""

    code = "LEVEL_RULE_EXISTS"
    title = "The programme has a rule for this level already"


REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    **people.REFUSALS,
    "uq_level_rule_general": LevelRuleExists,
    "uq_level_rule_programme": LevelRuleExists,
}
"""What a broken constraint of this service's own tables means."""
