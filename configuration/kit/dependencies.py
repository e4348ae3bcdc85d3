"""What a controller may ask for by annotation; the services' `dependencies.py` re-export these."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Path
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


async def _zone(request: Request) -> ZoneInfo:
    zone: ZoneInfo = request.app.state.settings.zone_info
    return zone


DatabaseDep = Annotated[Database, Depends(_database)]
"""The service's own database."""
Now = Annotated[datetime, Depends(_now)]
"""The present instant, aware and in UTC; one per request."""
SettingsDep = Annotated[Any, Depends(_settings)]
"""The service's settings; the kit does not know their type, `configuration.dependencies` does."""
PeersDep = Annotated[PeerRegistry, Depends(_peers)]
"""The other services."""
Zone = Annotated[ZoneInfo, Depends(_zone)]
"""The university's time zone: days begin and end there."""
PathId = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""An internal id in an address."""
