"""The gateway's application; the composition root mounts the services in it."""

from typing import Any

from fastapi import FastAPI

from configuration.app_factory import bare_application, finish
from configuration.kit.clock import utc_now
from configuration.kit.peers import PeerRegistry
from configuration.settings import Settings
from gateway import portal, router
from gateway.directory import directory_of
from gateway.pages import router as sign_in_router


def create_gateway(settings: Settings, *, peers: PeerRegistry, pages: Any = None) -> FastAPI:
    """The gateway of one university."""
    app = bare_application(title=settings.university, description="The gateway to the university's services.")
    app.state.settings = settings
    app.state.peers = peers
    app.state.clock = utc_now
    app.state.pages = pages
    app.state.directory = directory_of(settings)
    app.add_exception_handler(portal.PortalChosen, portal.to_portal)
    app.include_router(router.outside)
    app.include_router(router.bare_prefixes(settings))
    for own in (portal.router, router.router, sign_in_router):
        app.include_router(own, prefix=settings.prefix)
    if pages is not None:
        app.mount(f"{settings.prefix}/static", pages.assets, name="static")
    finish(app, "")
    return app
