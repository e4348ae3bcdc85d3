"""Imports of books as they go out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, computed_field

from configuration.kit.bodies import Outbound
from library_mgt.domain.book_rows import tally


class Planned(Outbound):
    """How many rows got which verdict when the file was read."""

    create: int
    update: int
    duplicate: int
    refuse: int


class Isbns(Outbound):
    """What the ISBNs of a file are: as they stand, after putting lost zeros back, broken, rounded, or not there."""

    valid: int
    padded: int
    broken: int
    lossy: int
    absent: int


class ImportSummary(Outbound):
    """All rows accounted for: once applied, rows = created + updated + duplicate + refused."""

    rows: int
    planned: Planned
    isbn: Isbns
    created: int
    updated: int
    duplicate: int
    refused: int
    undone: int
    kept: int = Field(description="Titles that an undo left standing, because they were used or changed since.")


class ImportRead(Outbound):
    """An import: in state `waiting` at step `plan` it waits for somebody to apply it."""

    id: int
    label: str
    state: Literal["queued", "running", "waiting", "done", "failed", "cancelled"]
    step: Literal["receive", "plan", "apply", "undo"]
    position: int = Field(description="Rows finished in this step.")
    total: int | None
    problem: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    counts: Mapping[str, int] = Field(exclude=True)
    params: Mapping[str, Any] = Field(exclude=True)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def summary(self) -> ImportSummary:
        """The rows, counted."""
        return ImportSummary.model_validate(tally(self.counts))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def encoding(self) -> str | None:
        """How the file turned out to be written."""
        return self.params.get("encoding")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def separator(self) -> str | None:
        """What parts the cells of a row."""
        return self.params.get("separator")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def unknown_columns(self) -> list[str]:
        """Columns that are not understood and were not read."""
        return list(self.params.get("unknown_columns", []))


class ImportReason(Outbound):
    """Why a row has its verdict, or what to know about it."""

    code: str
    detail: str


class ImportRowRead(Outbound):
    """A row of the file: its verdict, and what became of it."""

    row_no: int
    verdict: Literal["create", "update", "duplicate", "refuse"]
    reasons: list[ImportReason]
    record: dict[str, Any] = Field(description="The book as it was read, or the cells of a refused row.")
    subject_id: int | None = Field(description="The title that the row made, changed, or is a duplicate of.")
    applied: str | None
    undone: str | None
