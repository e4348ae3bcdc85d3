"""What a service's first page offers: doors to tasks, by who asks."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.features.accounts.use_cases import staffing
from configuration.kit.security.actor import Actor
from configuration.kit.web.pages import Pages

Say = Callable[[str], str]
MOST_COUNTED = 50


@dataclass(frozen=True, slots=True)
class Door:
    """One task: where it is and, where something waits there, how much."""

    symbol: str
    label: str
    note: str
    href: str
    count: str | None = None


def counted(found: int) -> str:
    """A count as it is shown; beyond `MOST_COUNTED` nobody counts on."""
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)


def entrance(pages: Pages, _: Say, *, may_apply: bool) -> list[Door]:
    """The doors for a visitor who is not signed in."""
    doors = [Door("key", _("Sign in"), _("With your user name and password"), pages.url("/sign-in"))]
    if may_apply:
        doors.append(Door("pen", _("Apply for an account"), _("Somebody decides, usually soon"), pages.url("/sign-up")))
    doors.append(Door("inbox", _("Activate your account"), _("With the code from your letter"), pages.url("/activate")))
    return doors


def everybody(pages: Pages, _: Say, actor: Actor) -> list[Door]:
    """The doors for whoever is signed in, whatever they are."""
    library = pages.site.root_of("library")
    account = f"{pages.site.root_of(actor.issuer)}/me"
    tasks = Door(
        "pen", _("My assignments"), _("What is due, what came of it"), f"{pages.site.root_of('faculty')}/my/assignments"
    )
    return [
        *([tasks] if actor.holds("student") else []),
        Door("search", _("Find a book"), _("Search the catalogue, request, see what is in"), f"{library}/find"),
        Door("book", _("My loans and requests"), _("What is due, what is ready"), f"{library}/my"),
        Door("person", _("Your account"), _("Password, and where you are signed in"), account),
    ]


async def account_home(request: Request, actor: Actor | None, *, decider: str, title: str, lead: str) -> Response:
    """The home of a service whose people apply for accounts; `decider` is the role that applications wait for.

    `title` and `lead` are what a visitor reads, marked for translation.
    """
    pages: Pages = request.app.state.pages
    _ = pages.gettext(request)
    if actor is None:
        doors = entrance(pages, _, may_apply=request.app.state.settings.signup_open)
        return pages.render(request, "shell/home.html", title=_(title), lead=_(lead), doors=doors)
    doors = everybody(pages, _, actor)
    if actor.has(decider):
        waiting = await request.app.state.database.read(
            staffing.list_applications, state="submitted", after=0, limit=MOST_COUNTED + 1
        )
        label, note = _("Applications to decide"), _("Approve or reject, oldest first")
        doors.insert(0, Door("inbox", label, note, pages.url("/applications"), counted(len(waiting))))
    return pages.render(request, "shell/home.html", title=_("Good to see you, %s") % actor.name, lead="", doors=doors)
