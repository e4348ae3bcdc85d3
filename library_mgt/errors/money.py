"""Refusals about fees, payments and tills."""

from configuration.kit.errors import Conflict, Forbidden, NotFound, Refusal


class FeeNotFound(NotFound):
    """No such charge, or another reader's."""

    code = "FEE_NOT_FOUND"
    title = "There is no such charge"


class ReceiptNotFound(NotFound):
    """No such receipt, or another reader's."""

    code = "RECEIPT_NOT_FOUND"
    title = "There is no such receipt"


class TillNotFound(NotFound):
    """The library has no such till."""

    code = "TILL_NOT_FOUND"
    title = "There is no such till"


class NothingOpen(Conflict):
    """What was to be paid is paid, or owed no more."""

    code = "NOTHING_OPEN"
    title = "Nothing is open"


class FeesOpen(Conflict):
    """Something is still owed for it."""

    code = "FEES_OPEN"
    title = "Something is still owed for it"


class NothingPaid(Conflict):
    """Nothing was paid that could be given back."""

    code = "NOTHING_PAID"
    title = "Nothing was paid"


class PaymentTooHigh(Conflict):
    """More than is open, or was paid."""

    code = "PAYMENT_TOO_HIGH"
    title = "More than there is to settle"


class TillClosed(Conflict):
    """The till takes no money before it is opened."""

    code = "TILL_CLOSED"
    title = "The till is closed"


class TillOpen(Conflict):
    """The till takes money already."""

    code = "TILL_OPEN"
    title = "The till is open already"


class OwnFee(Forbidden):
    """Nobody forgives or gives back their own fees."""

    code = "OWN_FEE"
    title = "Somebody else has to settle your own fees"


class DifferenceNeedsReason(Refusal):
    """The till holds more or less than it should."""

    code = "DIFFERENCE_NEEDS_REASON"
    title = "Say why the till does not hold what it should"
