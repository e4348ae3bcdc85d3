"""The only constructor of the student service."""

from pathlib import Path

from fastapi import FastAPI

from configuration.app_factory import create_service, site_of
from configuration.kit.features import accounts, audit, idempotency
from configuration.kit.features.people import router as people
from configuration.kit.peers import PeerRegistry
from configuration.kit.web import Pages
from configuration.kit.web import accounts as account_pages
from configuration.kit.web import people as people_pages
from configuration.settings import ServiceSettings
from student_mgt.controllers import accounts as sign_up
from student_mgt.controllers import assignments, books, levels, persons
from student_mgt.controllers.pages import MENU
from student_mgt.controllers.pages import credits as credit_pages
from student_mgt.controllers.pages.home import home
from student_mgt.errors import REFUSALS
from student_mgt.models.data import ALL_METADATA
from student_mgt.services.accounts import ROLES
from student_mgt.services.profiles import OFFICE

DESCRIPTION = "Students and registrars: applications, accounts, and what other services may know of a person."


def create_app(settings: ServiceSettings, *, peers: PeerRegistry) -> FastAPI:
    """The student service."""
    return create_service(
        settings,
        peers=peers,
        metadata=ALL_METADATA,
        refusals={**accounts.REFUSALS, **REFUSALS},
        routers=[
            sign_up.router,
            accounts.router(ROLES),
            people.router(OFFICE),
            persons.router,
            levels.router,
            books.router,
            assignments.router,
            account_pages.router(ROLES),
            people_pages.router(OFFICE),
            credit_pages.router,
        ],
        hooks=[lambda app: audit.sealing(app.state.database), lambda app: idempotency.forgetting(app.state.database)],
        pages=Pages("student", site=site_of(settings), folders=[Path(__file__).parent], menu=MENU),
        home=home,
        servers=["development_server", "dev_port"],
        description=DESCRIPTION,
    )
