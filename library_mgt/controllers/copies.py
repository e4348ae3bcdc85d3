"""Copies over HTTP, by what stands on their label."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.versions import etag
from library_mgt.dependencies import DatabaseDep, DeskDep, LibrarianDep, Now, VersionOrNot, Zone
from library_mgt.models.data.copies import CopyView
from library_mgt.models.request.title import CopyChange
from library_mgt.models.response.title import DeskCopyRead
from library_mgt.services import copies

router = APIRouter(prefix="/copies", tags=["copies"])
Scanned = Annotated[str, Path(max_length=40, description="The barcode, or one the copy had before.")]


@router.get("/{barcode}", name="library:copy", response_model=DeskCopyRead)
async def copy_found(barcode: Scanned, response: Response, db: DatabaseDep, _desk: DeskDep) -> CopyView:
    """A copy, and which loan or request has it."""
    found = await db.read(copies.copy_found, barcode)
    response.headers["ETag"] = etag(found)
    return found


@router.patch("/{barcode}", name="library:edit_copy", response_model=DeskCopyRead)
async def edit_copy(
    barcode: Scanned,
    change: CopyChange,
    db: DatabaseDep,
    librarian: LibrarianDep,
    now: Now,
    zone: Zone,
    version: VersionOrNot,
) -> Answer:
    """Change a copy; what is left out stays. A copy that goes missing gives its request back to the queue."""
    return await act(
        db,
        None,
        copies.edit_copy,
        barcode,
        change,
        version=version,
        zone=zone,
        about=f"copy:{barcode}",
        by=librarian,
        now=now,
        answer=DeskCopyRead,
        status=200,
        etag=etag,
    )
