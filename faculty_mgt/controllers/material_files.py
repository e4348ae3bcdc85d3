"""Files as materials over HTTP: taken in while they arrive, handed out as attachments."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from configuration.kit.errors import Blocker
from configuration.kit.features.acts import act
from configuration.kit.features.files import Limits, attachment, receiving
from configuration.kit.features.idempotency import Answer
from configuration.kit.features.idempotency.key import HeldKeyDep
from configuration.kit.security.csrf import FIELD
from configuration.kit.versions import etag
from faculty_mgt.controllers.receiving import StoreDep, checked, described_form
from faculty_mgt.dependencies import DatabaseDep, Member, Now, PathId, Teacher, Zone
from faculty_mgt.errors import TeachingRefused
from faculty_mgt.models.request.postings import MaterialFileCreate
from faculty_mgt.models.response.postings import MaterialRead
from faculty_mgt.services import materials

router = APIRouter(tags=["teaching spaces"])
FORM = 1024 * 1024
"""Bytes of a form beside its file."""


@router.post(
    "/spaces/{space_id}/materials/files",
    name="faculty:add_material_file",
    status_code=201,
    response_model=MaterialRead,
    responses={413: {"description": "The file is larger than what is taken."}},
    max_body_size=materials.LARGEST_FILE + FORM,
    openapi_extra=described_form(MaterialFileCreate, files=1),
)
async def add_material_file(
    space_id: PathId, request: Request, db: DatabaseDep, by: Teacher, zone: Zone, key: HeldKeyDep, store: StoreDep
) -> Answer:
    """Put a file into a space."""
    clock = request.app.state.clock
    limits = await db.read(materials.limits_for, space_id, by, now=clock())
    fields = (*MaterialFileCreate.model_fields, FIELD)
    async with receiving(request, store, Limits(limits.files, limits.file_bytes, fields=fields)) as upload:
        said = checked(MaterialFileCreate, {name: value for name, value in upload.fields.items() if name != FIELD})
        if not upload.files:
            detail = "There is no file."
            raise TeachingRefused(detail, blockers=[Blocker("NO_FILE", detail, "/files")])
        (file,) = upload.files
        return await act(
            db,
            None if key is None else key.with_body(said.model_dump_json(), f"{file.sha256} {file.name}"),
            materials.add_file,
            space_id,
            said,
            file,
            zone=zone,
            about=f"space:{space_id}",
            by=by,
            now=clock(),
            answer=MaterialRead,
            etag=etag,
        )


@router.get(
    "/materials/{material_id}/file",
    name="faculty:material_file",
    response_class=FileResponse,
    responses={200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def material_file(material_id: PathId, by: Member, db: DatabaseDep, now: Now, store: StoreDep) -> Response:
    """The file of a material, to be saved under the name it came with."""
    file = await db.read(materials.file_of, material_id, by, now=now)
    return attachment(store, file.sha256, name=file.name, media_type=file.media_type)
