"""The faculty service, as students use it: the assignments of the spaces they attend."""

from configuration.kit.envoy import Envoy, Operation
from configuration.kit.pagination import Page
from configuration.kit.security.actor import Actor
from student_mgt.models.response.assignment import AssignmentRead

PAGED = frozenset({"limit", "cursor"})
LIST = Operation("faculty", "GET", "/assignments/list", Page[AssignmentRead], parameters=PAGED)
ONE = Operation("faculty", "GET", "/assignments/{assignment_id}", AssignmentRead)


async def published(envoy: Envoy, *, by: Actor, limit: int, cursor: str | None) -> Page[AssignmentRead]:
    """The assignments that are published where the student attends, page by page."""
    return (await envoy.ask(LIST, by=by, limit=limit, cursor=cursor)).value


async def one(envoy: Envoy, assignment_id: int, *, by: Actor) -> AssignmentRead:
    """One of them."""
    return (await envoy.ask(ONE, by=by, assignment_id=assignment_id)).value
