"""The gateway's own addresses: landing, the services' health side by side, the merged documents."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from configuration.kit import docs
from configuration.kit.dependencies import PeersDep
from configuration.kit.errors import Refusal
from configuration.kit.openapi import merge
from configuration.kit.peers import PeerRegistry, document_of
from configuration.kit.security.access import public
from configuration.kit.urls import wants_page
from gateway.directory import Entry
from gateway.visitor import Visitor

FRESH_SECONDS = 60.0
UP_OR_DOWN = Depends(public("A load balancer asks without an identity and learns nothing but up or down."))
HEALTH_SECONDS = 2.0


class Portal(BaseModel):
    """One service of the university."""

    service: str
    name: str
    index: str


class University(BaseModel):
    """What the gateway leads to."""

    project_name: str
    portals: list[Portal]
    documentation: str


class ServiceHealth(BaseModel):
    """Whether one service can serve."""

    status: Literal["ready", "away"]


class Overview(BaseModel):
    """The gateway and all services side by side."""

    status: Literal["ready", "degraded"]
    services: dict[str, ServiceHealth]


class Alive(BaseModel):
    """The gateway itself: it has no database to wait for."""

    status: Literal["live", "ready"]
    service: Literal["gateway"] = "gateway"


router = APIRouter(tags=["gateway"])
outside = APIRouter(include_in_schema=False, dependencies=[docs.PUBLIC])
"""Addresses outside the prefix."""


def _directory(request: Request) -> Sequence[Entry]:
    entries: Sequence[Entry] = request.app.state.directory
    return entries


@router.get("/", name="landing", response_model=University, dependencies=[Depends(public("The front door."))])
async def landing(request: Request, _: Visitor) -> University | Response:
    """The front door: a page for a browser, the list of portals for a client."""
    pages, settings = request.app.state.pages, request.app.state.settings
    if pages is not None and wants_page(request):
        page: Response = pages.render(request, "landing.html")
        return page
    portals = [Portal(service=e.service, name=e.label, index=f"{e.prefix}/index") for e in _directory(request)]
    return University(
        project_name=settings.university, portals=portals, documentation=f"{settings.prefix}/openapi.json"
    )


@router.get("/health/live", name="health:live", response_model=Alive, dependencies=[UP_OR_DOWN])
async def live() -> Alive:
    """Say that the gateway runs."""
    return Alive(status="live")


@router.get("/health/ready", name="health:ready", response_model=Alive, dependencies=[UP_OR_DOWN])
async def ready() -> Alive:
    """Say that the gateway can lead the way."""
    return Alive(status="ready")


async def _health(peers: PeerRegistry, entry: Entry) -> ServiceHealth:
    try:
        answer = await peers.call(
            entry.service, "GET", f"{entry.prefix}/health/ready", timeout=HEALTH_SECONDS, leaf=True
        )
    except Refusal:
        return ServiceHealth(status="away")
    return ServiceHealth(status="ready" if answer.status_code == 200 else "away")


@router.get("/health", name="health:all", response_model=Overview, dependencies=[UP_OR_DOWN])
async def health(request: Request, peers: PeersDep) -> Overview:
    """Say of every service whether it can serve."""
    entries = _directory(request)
    found = await asyncio.gather(*(_health(peers, entry) for entry in entries))
    services = {entry.service: state for entry, state in zip(entries, found, strict=True)}
    whole = all(state.status == "ready" for state in found)
    return Overview(status="ready" if whole else "degraded", services=services)


async def _document(peers: PeerRegistry, entry: Entry) -> dict[str, Any] | None:
    try:
        answer = await peers.call(entry.service, "GET", f"{entry.prefix}/openapi.json", leaf=True)
        return document_of(entry.service, answer) if answer.status_code == 200 else None
    except Refusal:
        return None


async def merged_document(request: Request, peers: PeerRegistry) -> dict[str, Any]:
    """One document of the gateway and of every service that answers, kept for a minute once it is complete."""
    kept: tuple[float, dict[str, Any]] | None = getattr(request.app.state, "merged", None)
    if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
        return kept[1]
    entries = _directory(request)
    found = await asyncio.gather(*(_document(peers, entry) for entry in entries))
    present = {entry.service: document for entry, document in zip(entries, found, strict=True) if document is not None}
    settings = request.app.state.settings
    merged = merge(settings.university, request.app.version, {"gateway": request.app.openapi(), **present})
    if len(present) == len(entries):
        request.app.state.merged = (time.monotonic(), merged)
    else:
        merged["x-away"] = sorted({entry.service for entry in entries} - present.keys())
    return merged


@outside.get("/openapi.json", name="docs:root")
@router.get("/openapi.json", name="docs:openapi", include_in_schema=False, dependencies=[docs.PUBLIC])
async def openapi(request: Request, peers: PeersDep) -> JSONResponse:
    """The OpenAPI document of the whole university."""
    return JSONResponse(await merged_document(request, peers), headers={"Cache-Control": "no-cache"})


@router.get("/docs", name="docs:page", include_in_schema=False, dependencies=[docs.PUBLIC])
async def page(request: Request) -> Response:
    """The documents as a page, with a drop-down per service."""
    settings = request.app.state.settings
    documents = {"All services": f"{settings.prefix}/openapi.json"}
    documents |= {entry.label: f"{entry.prefix}/openapi.json" for entry in _directory(request)}
    return docs.docs_page(settings.university, f"{settings.prefix}/docs", documents, f"{settings.prefix}/")


router.add_api_route("/docs/{name}", docs.file, name="docs:file", include_in_schema=False, dependencies=[docs.PUBLIC])


@outside.get("/", name="root")
async def root(request: Request) -> Response:
    """The front door is under the prefix."""
    return RedirectResponse(f"{request.app.state.settings.prefix}/")


@outside.get("/docs", name="docs:short")
async def short(request: Request) -> Response:
    """The documents are under the prefix."""
    return RedirectResponse(f"{request.app.state.settings.prefix}/docs")


def bare_prefixes(settings: Any) -> APIRouter:
    """`/ch04/library` leads to `/ch04/library/index`, and `/ch04` to `/ch04/`."""
    bare = APIRouter(include_in_schema=False, dependencies=[docs.PUBLIC])

    def lead(source: str, target: str) -> None:
        async def go() -> Response:
            return RedirectResponse(target)

        bare.add_api_route(source, go, name=f"bare:{source}")

    lead(settings.prefix, f"{settings.prefix}/")
    for own in settings.services:
        lead(own.prefix, f"{own.prefix}/index")
    return bare
