"""The only constructor of the faculty service."""

from fastapi import FastAPI

from configuration.app_factory import create_service
from configuration.kit.features import accounts, audit, idempotency, jobs
from configuration.kit.peers import PeerRegistry
from configuration.settings import ServiceSettings


def create_app(settings: ServiceSettings, *, peers: PeerRegistry) -> FastAPI:
    """The faculty service."""
    metadata = [
        accounts.tables.metadata, audit.tables.metadata, idempotency.tables.metadata, jobs.tables.metadata,
    ]  # fmt: skip
    return create_service(settings, peers=peers, metadata=metadata, routers=[], servers=["production_server", "prod_port"])
