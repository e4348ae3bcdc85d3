"""Readers as the desk, and they themselves, see them."""

from datetime import date, datetime
from typing import Any

from pydantic import AliasChoices, Field, model_validator

from configuration.kit.bodies import Outbound
from library_mgt.domain.states import CardState


class CardRead(Outbound):
    """A reader's card."""

    number: str
    state: CardState
    since: datetime
    replaced_by: str | None


class BlockRead(Outbound):
    """Why a reader is blocked, and until which day where it ends by itself."""

    id: int
    reason: str
    until: date | None
    made_at: datetime


class PatronSummaryRead(Outbound):
    """A reader in a list. Without an id it is somebody who never borrowed or requested yet."""

    id: int | None = None
    person: str | None
    display_name: str | None
    group: str = Field(validation_alias=AliasChoices("group_code", "group"))
    active: bool
    until: date | None
    blocked_until: date | None = Field(
        default=None, description="Last day of the longest block, 9999-12-31 where somebody has to lift it."
    )
    live_loans: int = 0
    open_requests: int = 0


class PatronRead(Outbound):
    """A reader with hats, cards and the blocks that hold. `as_of` is when the home service last said how they stand."""

    id: int
    version: int
    persons: list[str]
    display_name: str | None
    group: str
    active: bool
    until: date | None
    as_of: datetime
    local: bool
    blocked: bool
    blocks: list[BlockRead]
    live_loans: int
    open_requests: int
    cards: list[CardRead]

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        """The record keeps the patron's own row apart."""
        if isinstance(value, dict):
            return value
        row = value.patron
        own = ("id", "version", "display_name", "active", "until", "as_of", "local", "live_loans", "open_requests")
        return {
            **{name: getattr(row, name) for name in own},
            "group": row.group_code,
            "blocked": bool(value.blocks),
            "persons": list(value.persons),
            "blocks": list(value.blocks),
            "cards": list(value.cards),
        }


class GroupRead(Outbound):
    """A group of readers."""

    code: str
    name: str
