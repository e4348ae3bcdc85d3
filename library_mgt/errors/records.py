"""Refusals about titles, copies, readers and the codes they refer to."""

from configuration.kit.errors import Conflict, Forbidden, NotFound, Refusal, Unavailable


class TitleNotFound(NotFound):
    """No such title."""

    code = "TITLE_NOT_FOUND"
    title = "There is no such title"


class CopyNotFound(NotFound):
    """No copy has the barcode."""

    code = "COPY_NOT_FOUND"
    title = "No copy has this barcode"


class PatronNotFound(NotFound):
    """Nobody is known under what was typed or scanned."""

    code = "PATRON_NOT_FOUND"
    title = "No reader is known under this number"


class NumberTaken(Conflict):
    """Another title has the number."""

    code = "NUMBER_TAKEN"
    title = "Another title has this number"


class ExternalIdTaken(Conflict):
    """Another record has the external id."""

    code = "EXTERNAL_ID_TAKEN"
    title = "Another record has this external id"


class BarcodeTaken(Conflict):
    """Another copy has or had the barcode."""

    code = "BARCODE_TAKEN"
    title = "Another copy has, or had, this barcode"


class CardTaken(Conflict):
    """Another reader has or had the card number."""

    code = "CARD_TAKEN"
    title = "Another reader has, or had, this card number"


class PersonTaken(Conflict):
    """The person is a reader already."""

    code = "PERSON_TAKEN"
    title = "This person is a reader already"


class HasDependents(Conflict):
    """Live loans or open requests hang on it."""

    code = "HAS_DEPENDENTS"
    title = "Loans or requests depend on it"


class PatronAmbiguous(Conflict):
    """The number belongs to several readers."""

    code = "PATRON_AMBIGUOUS"
    title = "Several readers have this number"


class StandingUnavailable(Unavailable):
    """The reader's home service is away and what it last said is too old."""

    code = "PATRON_STANDING_UNAVAILABLE"
    title = "The reader's standing cannot be asked for at the moment"


class OwnBlock(Forbidden):
    """Nobody blocks or unblocks themselves."""

    code = "OWN_BLOCK"
    title = "Somebody else has to do this"


class CopySetAside(Conflict):
    """The copy is set aside for a request and cannot leave service before that is settled."""

    code = "COPY_SET_ASIDE"
    title = "The copy is set aside for a request"


class UnknownReference(Refusal):
    """A code of the request is not among the library's rows."""

    code = "UNKNOWN_CODE"
    title = "Not one of the library's codes"


class IsbnInvalid(Refusal):
    """The check digit does not prove it."""

    code = "ISBN_INVALID"
    title = "Not an ISBN"
