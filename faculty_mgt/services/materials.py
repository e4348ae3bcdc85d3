"""Materials: texts to read and links to follow."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import beginning
from configuration.kit.errors import Blocker
from configuration.kit.features import files
from configuration.kit.security.actor import Actor
from faculty_mgt.errors import MaterialNotFound, TeachingRefused
from faculty_mgt.models.data.spaces import Material, MaterialFile
from faculty_mgt.models.request.postings import MaterialChange, MaterialCreate, MaterialFileCreate
from faculty_mgt.repository import postings
from faculty_mgt.services.postings import Board
from faculty_mgt.services.teaching import require_editor

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes of one file as a material."""
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


def limits_for(tx: Transaction, space_id: int, by: Actor, *, now: datetime) -> files.Limits:
    """What an upload into a space may bring, before its first byte is read: one file, from whoever may post there."""
    require_editor(tx, space_id, by, now)
    return files.Limits(files=1, file_bytes=LARGEST_FILE)


def add_file(
    tx: Transaction,
    space_id: int,
    new: MaterialFileCreate,
    arrived: files.Arrived,
    *,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> Material:
    """Put a file, which lies in the store already, into a space."""
    since = now if new.visible_from is None else beginning(new.visible_from, zone)
    values = {"kind": "file", "title": new.title or arrived.name, "body": new.body, "url": None, "position": 0}
    made = BOARD.add(tx, space_id, {**values, "visible_from": since}, by=by, now=now)
    postings.add_file(tx, made.id, arrived.name, files.record(tx, arrived, now=now))
    return made


def file_of(tx: Transaction, material_id: int, by: Actor, *, now: datetime) -> MaterialFile:
    """The file of a material that somebody sees."""
    BOARD.seen(tx, material_id, by, now=now)
    found = postings.file_of(tx, material_id)
    if found is None:
        raise files.FileNotFound("This material is not a file.")
    return found


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
