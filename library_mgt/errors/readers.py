"""Refusals about readers: who is meant, with which card, and what nobody decides of themselves."""

from configuration.kit.errors import Conflict, Forbidden, NotFound, Unavailable


class PatronNotFound(NotFound):
    """Nobody is known under what was typed or scanned."""

    code = "PATRON_NOT_FOUND"
    title = "No reader is known under this number"


class CardNotFound(NotFound):
    """The reader has no such card."""

    code = "CARD_NOT_FOUND"
    title = "The reader has no such card"


class BlockNotFound(NotFound):
    """The reader has no such block, or it was lifted."""

    code = "BLOCK_NOT_FOUND"
    title = "The reader has no such block"


class CardTaken(Conflict):
    """Another reader has or had the card number."""

    code = "CARD_TAKEN"
    title = "Another reader has, or had, this card number"


class PersonTaken(Conflict):
    """The person is a reader already."""

    code = "PERSON_TAKEN"
    title = "This person is a reader already"


class PatronAmbiguous(Conflict):
    """The number belongs to several readers."""

    code = "PATRON_AMBIGUOUS"
    title = "Several readers have this number"


class StandingUnavailable(Unavailable):
    """The reader's home service is away and what it last said is too old."""

    code = "PATRON_STANDING_UNAVAILABLE"
    title = "The reader's standing cannot be asked for at the moment"


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


class OwnBlock(Forbidden):
    """Nobody blocks or unblocks themselves."""

    code = "OWN_BLOCK"
    title = "Somebody else has to do this"
