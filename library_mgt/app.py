"""The only constructor of the library service."""

from pathlib import Path

from fastapi import FastAPI

from configuration.app_factory import create_service, site_of
from configuration.kit.features import accounts, audit, jobs
from configuration.kit.peers import PeerRegistry
from configuration.kit.web import Pages
from configuration.kit.web import accounts as account_pages
from configuration.settings import ServiceSettings
from library_mgt.controllers import (
    batches,
    book,
    book_circulation,
    calendars,
    copies,
    imports,
    journal,
    loans,
    notices,
    patrons,
    policies,
    purchases,
    requests,
    titles,
)
from library_mgt.controllers.clockwork import tasks_of
from library_mgt.controllers.pages import MENU, home
from library_mgt.controllers.pages import router as pages_router
from library_mgt.errors import REFUSALS
from library_mgt.models.data import ALL_METADATA
from library_mgt.services.accounts import ROLES
from library_mgt.services.import_chunks import WORKS

DESCRIPTION = "Titles and copies, readers, requests, loans and returns; accounts of the library's staff."
ROUTERS = [
    loans.router, requests.router, titles.router, copies.router, patrons.router, book_circulation.router, book.router,
    batches.router, notices.router, purchases.router, policies.router, calendars.router, imports.router,
    journal.router, jobs.router,
]  # fmt: skip
"""The busiest first: routes are tried one after the other, and trying costs."""


def create_app(settings: ServiceSettings, *, peers: PeerRegistry) -> FastAPI:
    """The library service."""
    return create_service(
        settings,
        peers=peers,
        metadata=ALL_METADATA,
        refusals={**accounts.REFUSALS, **REFUSALS},
        routers=[*ROUTERS, accounts.router(ROLES), account_pages.router(ROLES), pages_router],
        hooks=[
            lambda app: audit.sealing(app.state.database),
            jobs.worker(WORKS),
            jobs.clockwork(tasks_of),
        ],
        pages=Pages("library", site=site_of(settings), folders=[Path(__file__).parent], menu=MENU),
        home=home,
        description=DESCRIPTION,
    )
