"""Materials: texts to read and links to follow."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import beginning
from configuration.kit.errors import Blocker
from configuration.kit.security.actor import Actor
from faculty_mgt.errors import MaterialNotFound, TeachingRefused
from faculty_mgt.models.data.spaces import Material
from faculty_mgt.models.request.postings import MaterialChange, MaterialCreate
from faculty_mgt.repository import postings
from faculty_mgt.services.postings import Board

BOARD = Board(
    "material",
    postings.materials,
    postings.material_pages,
    ("kind", "title", "body", "url", "position", "visible_from"),
    lambda row: row.visible_from,
    MaterialNotFound,
)


def add(tx: Transaction, space_id: int, new: MaterialCreate, *, by: Actor, now: datetime, zone: tzinfo) -> Material:
    """Put a text or a link into a space."""
    since = now if new.visible_from is None else beginning(new.visible_from, zone)
    return BOARD.add(tx, space_id, {**new.model_dump(), "visible_from": since}, by=by, now=now)


def change(
    tx: Transaction, material_id: int, said: MaterialChange, *, version: int, by: Actor, now: datetime, zone: tzinfo
) -> Material:
    """Change a material; a text stays a text."""
    given = said.model_dump(exclude_unset=True)
    if said.visible_from is not None:
        given["visible_from"] = beginning(said.visible_from, zone)
    if given.get("url") is not None and BOARD.seen(tx, material_id, by, now=now).kind != "link":
        detail = "Only a link has a url."
        raise TeachingRefused(detail, blockers=[Blocker("NOT_A_LINK", detail, "/url")])
    return BOARD.change(tx, material_id, given, version=version, by=by, now=now)


def remove(tx: Transaction, material_id: int, *, version: int, by: Actor, now: datetime) -> None:
    """Take a material down."""
    BOARD.remove(tx, material_id, version=version, by=by, now=now)
