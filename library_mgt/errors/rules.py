"""Refusals about lending rules, hours and closures."""

from configuration.kit.errors import Conflict, NotFound, Refusal


class PolicyNotFound(NotFound):
    """No such policy row."""

    code = "POLICY_NOT_FOUND"
    title = "There is no such policy"


class PolicyExists(Conflict):
    """A row for the same location, group and type stands already."""

    code = "POLICY_EXISTS"
    title = "There is a policy for this location, group and type already"


class DefaultPolicy(Conflict):
    """The row for all answers what no other row does."""

    code = "DEFAULT_POLICY"
    title = "The policy for all has to set every value"


class LocationNotFound(NotFound):
    """No such location."""

    code = "LOCATION_NOT_FOUND"
    title = "There is no such location"


class ClosureNotFound(NotFound):
    """No such closure."""

    code = "CLOSURE_NOT_FOUND"
    title = "There is no such closure"


class DayHasHours(Conflict):
    """The day has hours of its own, or is closed by a closure."""

    code = "DAY_HAS_HOURS"
    title = "Something else is said of this day already"


class DayPassed(Refusal):
    """A closure is planned for days to come."""

    code = "DATE_PASSED"
    title = "The day has passed"


class NoDayOpen(Refusal):
    """The location has no open day that something could be due on."""

    code = "NO_OPEN_DAY"
    title = "No open day is in sight"
