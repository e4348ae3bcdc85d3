"""Notices and the choice of one's history as they go out."""

from datetime import datetime

from pydantic import Field

from configuration.kit.bodies import Outbound
from library_mgt.domain.notices import Kind


class NoticeRead(Outbound):
    """What a reader was told."""

    id: int
    kind: Kind
    subject: str = Field(description="A line that says it all.")
    lines: list[str] = Field(description="What more there is to say.")
    loan_id: int | None
    request_id: int | None
    made_at: datetime
    sent_at: datetime | None = Field(description="When it went out; null while it waits.")


class HistoryRead(Outbound):
    """Whether one's loans and requests are remembered after they have ended."""

    kept: bool
    forgotten_after_days: int = Field(description="How long after its end each is forgotten, unless `kept`.")
