"""Announcements over HTTP, by themselves; they are added in their spaces."""

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.versions import etag
from faculty_mgt.dependencies import DatabaseDep, Member, Now, PathId, Teacher, Version, Zone
from faculty_mgt.models.data.spaces import Announcement
from faculty_mgt.models.request.postings import AnnouncementChange
from faculty_mgt.models.response.postings import AnnouncementRead
from faculty_mgt.services import announcements

router = APIRouter(prefix="/announcements", tags=["teaching spaces"])


@router.get("/{announcement_id}", name="faculty:announcement", response_model=AnnouncementRead)
async def announcement(
    announcement_id: PathId, response: Response, by: Member, db: DatabaseDep, now: Now
) -> Announcement:
    """One announcement; its ETag is what a change needs."""
    seen = await db.read(announcements.BOARD.seen, announcement_id, by, now=now)
    response.headers["ETag"] = etag(seen)
    return seen


@router.patch("/{announcement_id}", name="faculty:change_announcement", response_model=AnnouncementRead)
async def change_announcement(
    announcement_id: PathId,
    said: AnnouncementChange,
    db: DatabaseDep,
    by: Teacher,
    now: Now,
    zone: Zone,
    version: Version,
) -> Answer:
    """Change an announcement; what is left out stays."""
    return await act(
        db,
        None,
        announcements.change,
        announcement_id,
        said,
        version=version,
        zone=zone,
        about=f"announcement:{announcement_id}",
        by=by,
        now=now,
        answer=AnnouncementRead,
        status=200,
        etag=etag,
    )


@router.delete("/{announcement_id}", name="faculty:remove_announcement", status_code=204)
async def remove_announcement(
    announcement_id: PathId, db: DatabaseDep, by: Teacher, now: Now, version: Version
) -> Answer:
    """Take an announcement down."""
    return await act(
        db,
        None,
        announcements.remove,
        announcement_id,
        version=version,
        about=f"announcement:{announcement_id}",
        by=by,
        now=now,
        answer=None,
        status=204,
    )
