"""Announcements: what is said to everybody of a space, from a time on."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import beginning
from configuration.kit.security.actor import Actor
from faculty_mgt.errors import AnnouncementNotFound
from faculty_mgt.models.data.spaces import Announcement
from faculty_mgt.models.request.postings import AnnouncementChange, AnnouncementCreate
from faculty_mgt.repository import postings
from faculty_mgt.services.postings import Board

BOARD = Board(
    "announcement",
    postings.announcements,
    postings.announcement_pages,
    ("title", "body", "publish_at"),
    lambda row: row.publish_at,
    AnnouncementNotFound,
)


def add(
    tx: Transaction, space_id: int, new: AnnouncementCreate, *, by: Actor, now: datetime, zone: tzinfo
) -> Announcement:
    """Say something to everybody of a space."""
    since = now if new.publish_at is None else beginning(new.publish_at, zone)
    return BOARD.add(tx, space_id, {**new.model_dump(), "publish_at": since}, by=by, now=now)


def change(
    tx: Transaction,
    announcement_id: int,
    said: AnnouncementChange,
    *,
    version: int,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> Announcement:
    """Change what was said, or from when."""
    given = said.model_dump(exclude_unset=True)
    if said.publish_at is not None:
        given["publish_at"] = beginning(said.publish_at, zone)
    return BOARD.change(tx, announcement_id, given, version=version, by=by, now=now)


def remove(tx: Transaction, announcement_id: int, *, version: int, by: Actor, now: datetime) -> None:
    """Take an announcement down."""
    BOARD.remove(tx, announcement_id, version=version, by=by, now=now)
