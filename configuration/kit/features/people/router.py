"""The routes about persons, the same in every service: the book's addresses, and resources beside them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.bodies import LARGEST
from configuration.kit.dependencies import DatabaseDep, Now
from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, KeyDep
from configuration.kit.features.people import belonging, profiles
from configuration.kit.features.people.access import FactsPeer, Number, OfficeDep, Owner, Sought, SpellId
from configuration.kit.features.people.answers import AddressRead, FormerNameRead, StandingRead
from configuration.kit.features.people.model import Address, PersonName, Standing, Summary
from configuration.kit.features.people.office import Office
from configuration.kit.features.people.reference_router import add_reference_routes
from configuration.kit.pagination import After, LimitDep, Page, cut, set_next_link
from configuration.kit.security.access import roles
from configuration.kit.security.actor import Actor
from configuration.kit.versions import Version, etag


def router(office: Office) -> APIRouter:
    """All JSON routes of a service about its people. It carries the office into `app.state.office`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.office = office
        yield

    made = APIRouter(tags=["people"], lifespan=lifespan)
    keeper = Annotated[Actor, Depends(roles(office.keeper, at_home=True))]
    _add_lists(made, office)
    _add_statements(made, office)
    _add_readings(made, office)
    _add_spells(made, office, keeper)
    add_reference_routes(made, office.keeper)
    return made


def _with_body(handler: Callable[..., Any], body: type[Any], **others: Any) -> Callable[..., Any]:
    """The handler with the service's own model as its body: what FastAPI reads, validates and documents."""
    handler.__annotations__.update({"body": body, **others})
    return handler


def _add_lists(made: APIRouter, office: Office) -> None:
    keeper = roles(office.keeper, at_home=True, everywhere=True)

    async def list_people(
        request: Request, response: Response, db: DatabaseDep, after: After, limit: LimitDep, q: Sought = None
    ) -> dict[str, list[Summary] | str | None]:
        """The service's people in the order they came on record."""
        found = await db.read(profiles.profiles, office, query=q, after=after, limit=limit + 1)
        items, following = cut(found, limit, lambda one: (one.id,))
        set_next_link(request, response, following)
        return {"items": items, "next": following}

    for path, name in (("/persons", "person:list"), ("/profile/list/all", "profile:list")):
        made.add_api_route(
            path,
            list_people,
            name=name,
            dependencies=[Depends(keeper)],
            response_model=Page[office.models.summary],  # type: ignore[name-defined]  # a model made for the service
        )


def _add_statements(made: APIRouter, office: Office) -> None:
    async def add(body: Any, db: DatabaseDep, by: Owner, now: Now, key: KeyDep) -> Answer:
        """State a profile for the first time: one's own, or as whoever keeps the records, anybody's."""
        about = "profile:own" if body.number is None else f"profile:{body.number}"
        return await act(
            db, key, profiles.add_profile, office, body, about=about, by=by, now=now, answer=answer, etag=etag
        )

    async def change(number: Number, body: Any, db: DatabaseDep, by: Owner, now: Now, version: Version) -> Answer:
        """Change a profile; what is left out stays. Some of it only the office changes."""
        return await act(
            db,
            None,
            profiles.edit_profile,
            office,
            number,
            body,
            version=version,
            about=f"profile:{number}",
            by=by,
            now=now,
            answer=answer,
            status=200,
            etag=etag,
        )

    async def update(body: Any, db: DatabaseDep, by: Owner, now: Now, version: Version, number: Any = None) -> Answer:
        """Change a profile: one's own, unless the number says whose."""
        whose = profiles.own_number(office, by) if number is None else number
        return await change(whose, body, db, by, now, version)

    answer, models = office.models.profile, office.models
    asked = Annotated[int | None, Query(alias=office.words.number, ge=1, le=LARGEST, description="Whose profile.")]
    for path, name in (("/persons", "person:add"), ("/profile/add", "profile:add")):
        made.add_api_route(
            path, _with_body(add, models.addition), methods=["POST"], name=name, status_code=201, response_model=answer
        )
    made.add_api_route(
        "/persons/{number}",
        _with_body(change, models.change),
        methods=["PATCH"],
        name="person:change",
        response_model=answer,
    )
    made.add_api_route(
        "/profile/update",
        _with_body(update, models.change, number=asked),
        methods=["PATCH"],
        name="profile:update",
        response_model=answer,
    )


def _add_readings(made: APIRouter, office: Office) -> None:
    @made.get("/profile", name="profile:own", response_model=office.models.profile)
    async def own_profile(response: Response, db: DatabaseDep, by: Owner, now: Now) -> Any:
        """One's own record."""
        found = await db.read(profiles.own_profile, office, by=by, now=now)
        response.headers["ETag"] = etag(found)
        return found

    @made.get("/persons/{number}", name="person:read", response_model=office.models.profile)
    async def profile(number: Number, response: Response, db: DatabaseDep, by: Owner, now: Now) -> Any:
        """A person's record; its ETag is what a change needs."""
        found = await db.read(profiles.profile_of, office, number, by=by, now=now)
        response.headers["ETag"] = etag(found)
        return found

    @made.get("/persons/{number}/standing", name="person:standing", response_model=StandingRead)
    async def standing(number: Number, _: FactsPeer, db: DatabaseDep, now: Now) -> Standing:
        """Who a person is, and whether they belong to the university today."""
        return await db.read(office.standing, number, now=now)

    @made.get("/persons/{number}/address", name="person:address", response_model=AddressRead)
    async def address(number: Number, _: FactsPeer, db: DatabaseDep) -> Address:
        """Where a person is reached by mail, asked when there is something to send and kept nowhere else."""
        return await db.read(profiles.address_of, office, number)


def _add_spells(made: APIRouter, office: Office, keeper: Any) -> None:
    """Former names, and the spells that the office begins and ends."""
    answer, path = office.models.profile, f"/persons/{{number}}/{office.words.spells}"

    async def names(number: Number, db: DatabaseDep, by: Any, now: Now) -> dict[str, list[PersonName] | None]:
        """The names somebody has and had, all on one page: only the office sees former ones."""
        return {"items": await db.read(profiles.names_of, office, number, by=by, now=now), "next": None}

    async def begin(number: Number, body: Any, db: DatabaseDep, by: Any, now: Now, key: KeyDep) -> Answer:
        """Begin another one, beside those there are."""
        about = f"profile:{number}"
        return await act(
            db, key, belonging.begin_spell, office, number, body, about=about, by=by, now=now, answer=answer, etag=etag
        )

    async def end(
        number: Number, spell_id: SpellId, body: Any, db: DatabaseDep, by: Any, now: Now, key: KeyDep
    ) -> Answer:
        """Say which day was, or will be, the last."""
        return await act(
            db,
            key,
            belonging.end_spell,
            office,
            number,
            spell_id,
            body,
            about=f"profile:{number}",
            by=by,
            now=now,
            answer=answer,
            status=200,
            etag=etag,
        )

    names.__annotations__["by"] = keeper
    made.add_api_route("/persons/{number}/names", names, name="person:names", response_model=Page[FormerNameRead])
    made.add_api_route(
        path,
        _with_body(begin, office.models.beginning, by=keeper),
        methods=["POST"],
        name=f"{office.words.spell}:begin",
        status_code=201,
        response_model=answer,
    )
    made.add_api_route(
        f"{path}/{{spell_id}}/end",
        _with_body(end, office.models.ending, by=keeper),
        methods=["POST"],
        name=f"{office.words.spell}:end",
        response_model=answer,
    )


__all__ = ["OfficeDep", "router"]
