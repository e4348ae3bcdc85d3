"""The first page: what waits for whoever asks."""

from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.security.actor import Actor
from configuration.kit.web import marked
from configuration.kit.web.home import account_home

TITLE = marked("For lecturers")
LEAD = marked("Apply for your account, sign in, and use the library. Sections and assignments follow.")


async def home(request: Request, actor: Actor | None) -> Response:
    """The faculty service's home, with the applications that wait for the dean."""
    return await account_home(request, actor, decider="dean", title=TITLE, lead=LEAD)
