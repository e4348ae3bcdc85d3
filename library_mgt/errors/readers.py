"""Refusals about what the desk keeps of readers: cards, blocks, memberships, records that become one."""

from configuration.kit.errors import Conflict, NotFound


class CardNotFound(NotFound):
    """The reader has no such card."""

    code = "CARD_NOT_FOUND"
    title = "The reader has no such card"


class BlockNotFound(NotFound):
    """The reader has no such block, or it was lifted."""

    code = "BLOCK_NOT_FOUND"
    title = "The reader has no such block"


class CardOutOfUse(Conflict):
    """The card was lost or replaced; nobody is served with it."""

    code = "CARD_OUT_OF_USE"
    title = "This card is out of use"


class JoinCollides(Conflict):
    """Two records of a reader cannot become one as things stand."""

    code = "JOIN_COLLIDES"
    title = "The two records cannot become one yet"


class NotLocal(Conflict):
    """Another service says how long the reader belongs to the university."""

    code = "NOT_LOCAL"
    title = "The reader belongs to another service"
