"""Majors and departments over HTTP."""

from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.dependencies import DatabaseDep, Now
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, KeyDep
from configuration.kit.features.people import reference
from configuration.kit.features.people.answers import ReferenceRead
from configuration.kit.features.people.model import Reference
from configuration.kit.features.people.requests import ReferenceBody
from configuration.kit.pagination import After, LimitDep, Page, cut, set_next_link
from configuration.kit.security.access import roles, signed_in
from configuration.kit.security.actor import Actor

Code = Annotated[str, Path(min_length=1, max_length=40)]


def add_reference_routes(made: APIRouter, keeper: str) -> None:
    """The lists, and their keeping, for each kind."""
    for kind in get_args(reference.Kind):
        _add(made, kind, f"/{kind}s", roles(keeper, at_home=True, everywhere=True))


def _add(made: APIRouter, kind: reference.Kind, path: str, kept: object) -> None:
    reader = Depends(signed_in("any signed-in person: the lists are what profiles choose from"))

    @made.get(path, name=f"{kind}:list", response_model=Page[ReferenceRead], dependencies=[reader])
    async def listed(
        request: Request, response: Response, db: DatabaseDep, after: After, limit: LimitDep
    ) -> dict[str, list[Reference] | str | None]:
        """In the order they were entered, retired ones too."""
        found = await db.read(reference.listed, kind, after=after, limit=limit + 1)
        items, following = cut(found, limit, lambda row: (row.id,))
        set_next_link(request, response, following)
        return {"items": items, "next": following}

    async def add(body: ReferenceBody, db: DatabaseDep, by: Actor, now: Now, key: KeyDep) -> Answer:
        """Enter one that may be chosen."""
        return await act(
            db,
            key,
            reference.add,
            kind,
            body.code,
            body.name,
            about=f"{kind}:new",
            by=by,
            now=now,
            answer=ReferenceRead,
        )

    async def retire(code: Code, db: DatabaseDep, by: Actor, now: Now, key: KeyDep) -> Answer:
        """Let it not be chosen any more; whoever has it keeps it."""
        return await _mark(code, db, by, now, key, retired=True)

    async def restore(code: Code, db: DatabaseDep, by: Actor, now: Now, key: KeyDep) -> Answer:
        """Let it be chosen again."""
        return await _mark(code, db, by, now, key, retired=False)

    async def _mark(code: str, db: DatabaseDep, by: Actor, now: Now, key: KeyDep, *, retired: bool) -> Answer:
        about = f"{kind}:{code}"
        return await act(
            db, key, reference.retire, kind, code, retired=retired, about=about, by=by, now=now, answer=ReferenceRead,
            status=200,
        )  # fmt: skip

    for handler, tail, status in ((add, "", 201), (retire, "/{code}/retire", 200), (restore, "/{code}/restore", 200)):
        handler.__annotations__["by"] = Annotated[Actor, Depends(kept)]  # type: ignore[arg-type]
        made.add_api_route(
            path + tail,
            handler,
            methods=["POST"],
            name=f"{kind}:{handler.__name__}",
            status_code=status,
            response_model=ReferenceRead,
        )
