"""The faculty service, as students use it: assignments of the spaces they attend, their own work and its marks."""

from collections.abc import AsyncIterable, Mapping

from configuration.kit.envoy import Answered, Envoy, Operation
from configuration.kit.pagination import Page
from configuration.kit.security.actor import Actor
from student_mgt.models.request.assignment import AssignmentSubmit, Work
from student_mgt.models.response.assignment import AssignmentRead, MarkRead, SubmissionRead

PAGED = frozenset({"limit", "cursor"})
LIST = Operation("faculty", "GET", "/assignments/list", Page[AssignmentRead], parameters=PAGED)
ONE = Operation("faculty", "GET", "/assignments/{assignment_id}", AssignmentRead)
SUBMIT = Operation("faculty", "POST", "/assignments/student/submit", SubmissionRead, status=201, sends=AssignmentSubmit)
HAND_IN = Operation(
    "faculty", "POST", "/assignments/{assignment_id}/submissions", SubmissionRead, status=201, sends=Work
)
WORK = Operation("faculty", "GET", "/submissions/mine", Page[SubmissionRead], parameters=PAGED | {"assignment_id"})
MARKS = Operation("faculty", "GET", "/marks/mine", Page[MarkRead], parameters=PAGED)


async def published(envoy: Envoy, *, by: Actor, limit: int, cursor: str | None) -> Page[AssignmentRead]:
    """The assignments that are published where the student attends, page by page."""
    return (await envoy.ask(LIST, by=by, limit=limit, cursor=cursor)).value


async def one(envoy: Envoy, assignment_id: int, *, by: Actor) -> AssignmentRead:
    """One of them."""
    return (await envoy.ask(ONE, by=by, assignment_id=assignment_id)).value


async def submit(envoy: Envoy, work: AssignmentSubmit, *, by: Actor, key: str) -> Answered[SubmissionRead]:
    """Hand in a text, the assignment named by its number; once per key."""
    return await envoy.ask(SUBMIT, by=by, key=key, body=work)


async def hand_in(
    envoy: Envoy,
    assignment_id: int,
    content: AsyncIterable[bytes],
    headers: Mapping[str, str],
    *,
    by: Actor,
    key: str,
) -> Answered[SubmissionRead]:
    """Hand in work with files, carried on while it arrives; once per key."""
    return await envoy.carry(HAND_IN, content, headers, by=by, key=key, assignment_id=assignment_id)


async def work(
    envoy: Envoy, assignment_id: int | None, *, by: Actor, limit: int, cursor: str | None
) -> Page[SubmissionRead]:
    """One's own attempts, at all assignments or at one, in the order they came."""
    return (await envoy.ask(WORK, by=by, assignment_id=assignment_id, limit=limit, cursor=cursor)).value


async def marks(envoy: Envoy, *, by: Actor, limit: int, cursor: str | None) -> Page[MarkRead]:
    """One's own marks, as far as they were released."""
    return (await envoy.ask(MARKS, by=by, limit=limit, cursor=cursor)).value
