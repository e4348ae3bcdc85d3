"""Pages about persons, the same in every service that keeps their records: one's own, and the office's."""

from fastapi import APIRouter, Depends

from configuration.kit.features.people.office import Office
from configuration.kit.security.access import roles
from configuration.kit.web.people import keeping, lists, own


def router(office: Office) -> APIRouter:
    """All pages about persons. Include it beside the JSON router of the same office."""
    made = APIRouter(include_in_schema=False)
    made.include_router(own.router)
    keepers = Depends(roles(office.keeper, at_home=True, everywhere=True))
    made.include_router(lists.router, dependencies=[keepers])
    made.include_router(keeping.router, dependencies=[keepers])
    return made


__all__ = ["router"]
