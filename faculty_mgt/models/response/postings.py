"""Materials and announcements as they go out."""

from datetime import datetime

from configuration.kit.bodies import Outbound
from faculty_mgt.models.data.spaces import MaterialKind


class MaterialRead(Outbound):
    """Something to read or to follow."""

    id: int
    version: int
    space_id: int
    kind: MaterialKind
    title: str
    body: str
    url: str | None
    position: int
    visible_from: datetime
    changed_at: datetime


class AnnouncementRead(Outbound):
    """Something that is said to everybody of a space."""

    id: int
    version: int
    space_id: int
    title: str
    body: str
    publish_at: datetime
    created_by: str
    changed_at: datetime
