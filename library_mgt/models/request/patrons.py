"""Bodies about readers: local ones, cards, blocks, groups, and records that become one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from library_mgt.models.request.fields import Barcode, Code, GivenLine, Id, Inbound, Line, Reason, example


class PatronCreate(Inbound):
    """A local reader, who belongs to no other service: `library:` and a number."""

    model_config = example(number="90001", display_name="A. Guest", group="guest", until="2030-12-31")

    number: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$", max_length=18)]
    display_name: GivenLine
    group: Code = "guest"
    until: date = Field(description="Last day of the membership.")
    guarantor: Line | None = None
    card: Barcode | None = None


class PatronExtension(Inbound):
    """Until which day a local reader belongs to the library; a guarantor that is left out stays."""

    model_config = example(until="2031-12-31")

    until: date = Field(description="Last day of the membership.")
    guarantor: Line | None = None


class PatronChange(Inbound):
    """Block a reader with a reason, until a day if it ends by itself; or lift every block."""

    model_config = example(blocked=True, reason="A book came back wet.", until="2030-12-31")

    blocked: bool
    reason: Reason
    until: date | None = Field(default=None, description="Last day of the block; without one somebody has to lift it.")


class BlockLifting(Inbound):
    """Why a block holds no longer."""

    reason: Reason


class GroupChange(Inbound):
    """The group that the library puts a reader into; null leaves it to the home service again."""

    model_config = example(group="faculty", reason="Emeritus; the dean wrote.")

    group: Code | None
    reason: Reason


class GroupName(Inbound):
    """What a group of readers is called."""

    name: GivenLine


class PatronJoining(Inbound):
    """The other record of the same human, which becomes part of this one."""

    model_config = example(other=12, reason="She teaches and studies; seen with both cards.")

    other: Id
    reason: Reason


class CardCreate(Inbound):
    """A card for a reader."""

    number: Barcode


class CardChange(Inbound):
    """What became of a card. Lost is lost: who brings it back may be another; the reader gets a new one."""

    state: Literal["lost"]
