"""SQL about what is posted in a teaching space: materials and announcements."""

from sqlalchemy import bindparam, select

from configuration.kit.database import Instant
from configuration.kit.database.rows import Pages, Rows
from faculty_mgt.models.data.spaces import Announcement, Material, announcement, material

materials = Rows(
    material, Material, changeable=("kind", "title", "body", "url", "position", "visible_from", "changed_at")
)
announcements = Rows(announcement, Announcement, changeable=("title", "body", "publish_at", "changed_at"))
_until = bindparam("until", type_=Instant)
# `until` leaves out what is to be seen later.
material_pages = Pages(
    select(*(material.c[name] for name in Material.__dataclass_fields__)).where(
        material.c.space_id == bindparam("space_id")
    ),
    (material.c.position, material.c.id),
    Material,
    filters={"until": material.c.visible_from <= _until},
)
announcement_pages = Pages(
    select(*(announcement.c[name] for name in Announcement.__dataclass_fields__)).where(
        announcement.c.space_id == bindparam("space_id")
    ),
    announcement.c.id,
    Announcement,
    filters={"until": announcement.c.publish_at <= _until},
)
