"""Facts about persons, for the other services."""

from typing import Annotated

from fastapi import APIRouter, Path

from configuration.kit.bodies import LARGEST
from configuration.kit.features.people import Standing
from configuration.kit.features.people.answers import StandingRead
from faculty_mgt.dependencies import DatabaseDep, FactsPeer, Now
from faculty_mgt.services import people

router = APIRouter(tags=["persons"])
Number = Annotated[int, Path(ge=1, le=LARGEST, description="The person's number.")]


@router.get("/persons/{number}/standing", name="person:standing", response_model=StandingRead)
async def standing(number: Number, _: FactsPeer, db: DatabaseDep, now: Now) -> Standing:
    """Who a person is, and whether they belong to the university today."""
    return await db.read(people.standing, number, now=now)
