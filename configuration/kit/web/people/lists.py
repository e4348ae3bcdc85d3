"""The office's lists: its people, and the majors and departments they are sorted by."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Transaction
from configuration.kit.dependencies import DatabaseDep
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts.controllers.shared import CurrentActor
from configuration.kit.features.people import profiles, reference
from configuration.kit.features.people.access import OfficeDep
from configuration.kit.features.people.answers import ReferenceRead
from configuration.kit.features.people.requests import ReferenceBody
from configuration.kit.pagination import After, cut
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.doing import Doing, DoingDep
from configuration.kit.web.forms import read, said
from configuration.kit.web.urls import next_link

PAGE = 50
MOST = 200
Kind = Annotated[reference.Kind, Path()]
Code = Annotated[str, Path(min_length=1, max_length=40)]
router = APIRouter()


@router.get("/records", name="pages:records")
async def records(
    request: Request,
    office: OfficeDep,
    db: DatabaseDep,
    pages: PagesDep,
    after: After,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The service's people, found by number or by part of a name."""
    query = q.strip()
    found = await db.read(profiles.profiles, office, query=query or None, after=after, limit=PAGE + 1)
    people, following = cut(found, PAGE, lambda one: (one.id,))
    return pages.render(
        request, "people/records.html", people=people, next_url=next_link(request, following), query=query
    )


def _rows(tx: Transaction) -> dict[str, Any]:
    return {
        "majors": reference.listed(tx, "major", after=0, limit=MOST),
        "departments": reference.listed(tx, "department", after=0, limit=MOST),
    }


async def _lists(
    doing: Doing, *, kind: str = "", errors: list[FieldError] | None = None, status: int = 200
) -> Response:
    rows = await doing.db.read(_rows)
    values = doing.fields if errors else Fields()
    placed = [replace(error, field=f"{error.field}-{kind}" if error.field else "") for error in errors or []]
    return doing.pages.render(
        doing.request, "people/lists.html", status, values=values, errors=placed, entered=kind, **rows
    )


@router.get("/lists", name="pages:lists")
async def lists(_actor: CurrentActor, doing: DoingDep) -> Response:
    """Majors and departments, retired ones too."""
    return await _lists(doing)


@router.post("/lists/{kind}", name="pages:lists:add")
async def add(kind: Kind, actor: CurrentActor, doing: DoingDep) -> Response:
    """Enter one that may be chosen."""
    body, errors = read(ReferenceBody, said(doing.fields, "code", "name"))
    status = 422
    if body is not None:
        try:
            await doing.act(
                reference.add, kind, body.code, body.name, about=f"{kind}:new", by=actor, answer=ReferenceRead
            )
            return doing.back("/lists", f"{doing.say('Entered')}: {body.name}")
        except Refusal as refusal:
            errors, status = faults_of(refusal), refusal.status
    return await _lists(doing, kind=kind, errors=errors, status=status)


@router.post("/lists/{kind}/{code}/{act}", name="pages:lists:retire")
async def retire(
    kind: Kind, code: Code, act: Literal["retire", "restore"], actor: CurrentActor, doing: DoingDep
) -> Response:
    """Let it not be chosen any more, or again."""
    retired = act == "retire"
    try:
        done = await doing.act(
            reference.retire, kind, code, retired=retired, about=f"{kind}:{code}", by=actor, answer=ReferenceRead
        )
    except Refusal as refusal:
        return doing.back("/lists", refusal.detail, "danger")
    outcome = doing.say("Retired") if retired else doing.say("May be chosen again")
    return doing.back("/lists", f"{outcome}: {done['name']}", "info")
