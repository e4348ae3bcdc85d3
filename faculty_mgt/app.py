"""The only constructor of the faculty service."""

from pathlib import Path

from fastapi import FastAPI

from configuration.app_factory import create_service, site_of
from configuration.kit.features import accounts, audit, idempotency
from configuration.kit.peers import PeerRegistry
from configuration.kit.web import Pages
from configuration.kit.web import accounts as account_pages
from configuration.settings import ServiceSettings
from faculty_mgt.controllers import accounts as sign_up
from faculty_mgt.controllers import books, persons
from faculty_mgt.controllers.pages import MENU
from faculty_mgt.controllers.pages.home import home
from faculty_mgt.errors import REFUSALS
from faculty_mgt.models.data import ALL_METADATA
from faculty_mgt.services.accounts import ROLES

DESCRIPTION = "Lecturers and deans: applications, accounts, and what other services may know of a person."


def create_app(settings: ServiceSettings, *, peers: PeerRegistry) -> FastAPI:
    """The faculty service."""
    return create_service(
        settings,
        peers=peers,
        metadata=ALL_METADATA,
        refusals={**accounts.REFUSALS, **REFUSALS},
        routers=[sign_up.router, accounts.router(ROLES), persons.router, books.router, account_pages.router(ROLES)],
        hooks=[lambda app: audit.sealing(app.state.database), lambda app: idempotency.forgetting(app.state.database)],
        pages=Pages("faculty", site=site_of(settings), folders=[Path(__file__).parent], menu=MENU),
        home=home,
        servers=["production_server", "prod_port"],
        description=DESCRIPTION,
    )
