"""Materials over HTTP, by themselves; they are added in their spaces."""

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.versions import etag
from faculty_mgt.dependencies import DatabaseDep, Member, Now, PathId, Teacher, Version, Zone
from faculty_mgt.models.data.spaces import Material
from faculty_mgt.models.request.postings import MaterialChange
from faculty_mgt.models.response.postings import MaterialRead
from faculty_mgt.services import materials

router = APIRouter(prefix="/materials", tags=["teaching spaces"])


@router.get("/{material_id}", name="faculty:material", response_model=MaterialRead)
async def material(material_id: PathId, response: Response, by: Member, db: DatabaseDep, now: Now) -> Material:
    """One material; its ETag is what a change needs."""
    seen = await db.read(materials.BOARD.seen, material_id, by, now=now)
    response.headers["ETag"] = etag(seen)
    return seen


@router.patch("/{material_id}", name="faculty:change_material", response_model=MaterialRead)
async def change_material(
    material_id: PathId, said: MaterialChange, db: DatabaseDep, by: Teacher, now: Now, zone: Zone, version: Version
) -> Answer:
    """Change a material; what is left out stays."""
    return await act(
        db,
        None,
        materials.change,
        material_id,
        said,
        version=version,
        zone=zone,
        about=f"material:{material_id}",
        by=by,
        now=now,
        answer=MaterialRead,
        status=200,
        etag=etag,
    )


@router.delete("/{material_id}", name="faculty:remove_material", status_code=204)
async def remove_material(material_id: PathId, db: DatabaseDep, by: Teacher, now: Now, version: Version) -> Answer:
    """Take a material down."""
    return await act(
        db,
        None,
        materials.remove,
        material_id,
        version=version,
        about=f"material:{material_id}",
        by=by,
        now=now,
        answer=None,
        status=204,
    )
