"""The first page: what waits for whoever asks."""

from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.security.actor import Actor
from configuration.kit.web import marked
from configuration.kit.web.home import account_home

TITLE = marked("For students")
LEAD = marked("Apply for your account, sign in, and use the library. Courses and grades follow.")


async def home(request: Request, actor: Actor | None) -> Response:
    """The student service's home, with the applications that wait for the registrar."""
    return await account_home(request, actor, decider="registrar", title=TITLE, lead=LEAD)
