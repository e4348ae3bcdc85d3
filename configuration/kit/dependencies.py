"""What a controller may ask for by annotation; the services' `dependencies.py` re-export these."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from configuration.kit.database import Database
from configuration.kit.peers import PeerRegistry


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _now(request: Request) -> datetime:
    now: datetime = request.app.state.clock()
    return now


async def _settings(request: Request) -> Any:
    return request.app.state.settings


async def _peers(request: Request) -> PeerRegistry:
    peers: PeerRegistry = request.app.state.peers
    return peers


DatabaseDep = Annotated[Database, Depends(_database)]
"""The service's own database."""
Now = Annotated[datetime, Depends(_now)]
"""The present instant, aware and in UTC; one per request."""
SettingsDep = Annotated[Any, Depends(_settings)]
"""The service's settings; the kit does not know their type, `configuration.dependencies` does."""
PeersDep = Annotated[PeerRegistry, Depends(_peers)]
"""The other services."""
