"""SQL about what is posted in a teaching space: materials and announcements."""

from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.database.rows import Pages, Rows
from configuration.kit.features.files.tables import stored_file
from faculty_mgt.models.data.spaces import Announcement, Material, MaterialFile, announcement, material, material_file

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
_ADD_FILE: Statement[Any] = Statement(insert_into(material_file))
_FILE_OF = Statement(
    select(material_file.c.name, stored_file.c.sha256, stored_file.c.size, stored_file.c.media_type)
    .select_from(material_file.join(stored_file, stored_file.c.id == material_file.c.stored_file_id))
    .where(material_file.c.material_id == bindparam("id")),
    MaterialFile,
)


def add_file(tx: Transaction, material_id: int, name: str, stored_file_id: int) -> None:
    """Let a material hold a file."""
    tx.run(_ADD_FILE, material_id=material_id, name=name, stored_file_id=stored_file_id)


def file_of(tx: Transaction, material_id: int) -> MaterialFile | None:
    """The file that a material holds."""
    return tx.first(_FILE_OF, id=material_id)
