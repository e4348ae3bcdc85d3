"""The only constructor of the faculty service."""

from pathlib import Path

from fastapi import FastAPI

from configuration.app_factory import create_service, site_of
from configuration.kit.features import accounts, audit, files, idempotency
from configuration.kit.features.people import router as people
from configuration.kit.peers import PeerRegistry
from configuration.kit.web import Pages
from configuration.kit.web import accounts as account_pages
from configuration.kit.web import people as people_pages
from configuration.settings import ServiceSettings
from faculty_mgt.controllers import accounts as sign_up
from faculty_mgt.controllers import (
    announcements,
    assignments,
    books,
    courses,
    marks,
    material_files,
    materials,
    sections,
    spaces,
    submissions,
    workbins,
)
from faculty_mgt.controllers.pages import MENU, home
from faculty_mgt.controllers.pages import router as pages_router
from faculty_mgt.errors import REFUSALS
from faculty_mgt.models.data import ALL_METADATA
from faculty_mgt.services.accounts import ROLES
from faculty_mgt.services.profiles import OFFICE

DESCRIPTION = "Courses, sections and rosters, assignments and materials; accounts of lecturers and deans."
ROUTERS = [
    submissions.router, marks.router, workbins.router, assignments.router, spaces.router, sections.router,
    courses.router, materials.router, material_files.router, announcements.router,
]  # fmt: skip
"""What teaching needs."""


def create_app(settings: ServiceSettings, *, peers: PeerRegistry) -> FastAPI:
    """The faculty service."""
    app = create_service(
        settings,
        peers=peers,
        metadata=ALL_METADATA,
        refusals={**accounts.REFUSALS, **REFUSALS},
        routers=[
            *ROUTERS,
            sign_up.router,
            accounts.router(ROLES),
            people.router(OFFICE),
            books.router,
            account_pages.router(ROLES),
            people_pages.router(OFFICE),
            pages_router,
        ],
        hooks=[
            lambda app: audit.sealing(app.state.database),
            lambda app: idempotency.forgetting(app.state.database),
            lambda app: files.sweeping(app.state.database, app.state.files),
        ],
        pages=Pages("faculty", site=site_of(settings), folders=[Path(__file__).parent], menu=MENU),
        home=home,
        servers=["production_server", "prod_port"],
        description=DESCRIPTION,
    )
    app.state.files = files.FileStore(settings.files_dir)
    return app
