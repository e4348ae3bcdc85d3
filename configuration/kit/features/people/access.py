"""What the routes about persons ask for by annotation."""

from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.requests import Request

from configuration.kit.bodies import LARGEST
from configuration.kit.features.people.office import Office
from configuration.kit.security.access import service_token, signed_in
from configuration.kit.security.actor import Actor

Number = Annotated[int, Path(ge=1, le=LARGEST, description="The person's number.")]
SpellId = Annotated[int, Path(ge=1, le=LARGEST)]
Sought = Annotated[str | None, Query(min_length=1, max_length=100, description="A number, or a part of a name.")]
FactsPeer = Annotated[Actor, Depends(service_token("facts"))]
Owner = Annotated[Actor, Depends(signed_in("one's own record; whoever keeps the records, anybody's", at_home=True))]


async def _office(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


OfficeDep = Annotated[Office, Depends(_office)]
"""How this service keeps its people's records; the router carries it into the application's state."""
