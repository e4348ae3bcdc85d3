"""The library's first page: for visitors the way in, for readers their books, for the desk what waits."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.security.actor import Actor
from configuration.kit.web import Pages
from configuration.kit.web.home import MOST_COUNTED, Door, counted, entrance, everybody
from library_mgt.controllers.pages.doing import may_catalogue, works_at_desk
from library_mgt.controllers.pages.queue import counts_of
from library_mgt.services import requests


async def home(request: Request, actor: Actor | None) -> Response:
    """The library's home, by task."""
    pages: Pages = request.app.state.pages
    _ = pages.gettext(request)
    find = Door("search", _("Find a book"), _("Search the catalogue, see what is in"), pages.url("/find"))
    if actor is None:
        doors = [find, *entrance(pages, _, may_apply=False)]
        lead = _("The catalogue is open to everybody. To request a book, sign in as a student or a lecturer.")
        return pages.render(request, "shell/home.html", title=_("The library"), lead=lead, doors=doors)
    database = request.app.state.database
    doors = everybody(pages, _, actor)
    ready = await database.read(requests.requests_of, actor, state="READY", limit=MOST_COUNTED + 1)
    if ready:
        say = pages.ngettext(request)("%s book is ready for you", "%s books are ready for you", len(ready))
        count = counted(len(ready))
        own = next(door for door in doors if door.href == pages.url("/my"))
        doors = [replace(own, count=count, note=say % count), *(door for door in doors if door is not own)]
    if works_at_desk(actor):
        counts = await database.read(counts_of)
        desk = Door("out", _("Desk"), _("Lend and take back, with one scan box"), pages.url("/desk"))
        decide = Door("inbox", _("Requests to decide"), _("Approve or reject"), pages.url("/queue"), counts["approve"])
        pull = Door(
            "shelf", _("To pull"), _("Approved, on their shelves"), pages.url("/queue?view=pull"), counts["pull"]
        )
        doors = [desk, *([decide] if may_catalogue(actor) else []), pull, *doors]
    if may_catalogue(actor):
        add = Door("plus", _("Add a title"), _("With its first copy"), pages.url("/catalogue/new"))
        many = Door("upload", _("Import books"), _("A whole list, with a dry run"), pages.url("/catalogue/import"))
        doors += [add, many]
    return pages.render(request, "shell/home.html", title=_("Good to see you, %s") % actor.name, lead="", doors=doors)
