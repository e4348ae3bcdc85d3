"""The pages of accounts, the same in every service: the way in and out, one's own account, applications to decide."""

from fastapi import APIRouter, Depends

from configuration.kit.features.accounts.model import Roles
from configuration.kit.security.access import roles
from configuration.kit.web import routes
from configuration.kit.web.accounts import applications, entry, own, staff


def router(config: Roles) -> APIRouter:
    """All pages of a service's accounts. Include it beside the JSON router of the same `config`."""
    made = APIRouter(include_in_schema=False)
    made.include_router(routes.router)
    made.include_router(entry.router)
    made.include_router(own.router)
    managers = Depends(roles(*sorted(config.managers), at_home=True, everywhere=True))
    made.include_router(staff.router, dependencies=[managers])
    if config.applicant_role is not None:
        made.include_router(entry.applying)
        made.include_router(applications.router, dependencies=[managers])
    return made


__all__ = ["router"]
