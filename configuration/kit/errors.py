"""Refusals: an act that a rule forbids, said so that the person can go on.

A refusal knows nothing of HTTP frameworks; `configuration.kit.problems` turns it into `application/problem+json`
(RFC 9457). Raising one inside a unit of work rolls the unit back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason among all those that stand in the way.

    `code` is stable and upper case; `detail` is a sentence for the person; `pointer` is a JSON pointer into the body
    where one field is to blame; `override` names the role that may overrule it, with a reason, where one may.
    """

    code: str
    detail: str
    pointer: str | None = None
    override: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """Base of every refusal. Subclasses are named after the fact and set `status`, `code` and `title`."""

    status: int = 422
    code: str = "REFUSED"
    title: str = "Refused by a rule"

    def __init__(
        self,
        detail: str | None = None,
        *,
        blockers: Sequence[Blocker] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.blockers = tuple(blockers)
        self.headers = dict(headers or {})
        self.extra = extra


class NotFound(Refusal):
    """Absent, or not visible to the person who asks: the answer is the same."""

    status = 404
    code = "NOT_FOUND"
    title = "Not found"


class Conflict(Refusal):
    """The act does not fit the present state."""

    status = 409
    code = "CONFLICT"
    title = "Conflict with the present state"


class NotSignedIn(Refusal):
    """No valid identity came with the request."""

    status = 401
    code = "NOT_SIGNED_IN"
    title = "Sign in first"


class Forbidden(Refusal):
    """The person is known and may not do this."""

    status = 403
    code = "FORBIDDEN"
    title = "Not allowed"


class VersionMismatch(Refusal):
    """`If-Match` names another version than the present one."""

    status = 412
    code = "VERSION_MISMATCH"
    title = "Somebody else changed this meanwhile"


class VersionRequired(Refusal):
    """The change needs `If-Match`."""

    status = 428
    code = "VERSION_REQUIRED"
    title = "Say which version you change"


class Unavailable(Refusal):
    """Something this act needs is away for the moment; `Retry-After` says when to try again."""

    status = 503
    code = "UNAVAILABLE"
    title = "Not available for the moment"
