"""Copies that do not come back: lost, or said to have been brought; and those that turn up again."""

from datetime import datetime
from functools import partial

from library_mgt.commands.year import paying, returning
from library_mgt.commands.year.readers import Out, Reader
from library_mgt.commands.year.setting import Library
from library_mgt.models.data.loans import LoanView
from library_mgt.services import losses

FOUND_AGAIN = 0.15
FOUND_ON_THE_SHELF = 0.6
"""Of what readers say to have brought back."""


def own_up(library: Library, reader: Reader, out: Out) -> None:
    """Say at the desk that it is lost."""
    if out.loan_id in reader.out:
        declare_lost(library, reader, out, library.sometime())


def declare_lost(library: Library, reader: Reader, out: Out, at: datetime) -> None:
    """Give it up; some of what was given up turns up again."""

    def lost(_: LoanView) -> None:
        paying.owing(library, reader, lost=out.loan_id)
        if library.happens(FOUND_AGAIN):
            library.when_open(library.in_days(10, 60), partial(turn_up, library, reader, out))

    library.act(
        at, "losses.declare_lost", f"loan:{out.loan_id}", library.librarian, losses.declare_lost, out.loan_id,
        then=lost,
    )  # fmt: skip


def turn_up(library: Library, reader: Reader, out: Out) -> None:
    """What was lost stands on a shelf, or comes out from under a sofa."""
    returning.over_the_desk(library, reader, out)


def claim(library: Library, reader: Reader, out: Out) -> None:
    """Say that it was brought back; then it is looked for, and found or not."""
    if out.loan_id not in reader.out:
        return

    def looked_for(_: LoanView) -> None:
        if library.happens(FOUND_ON_THE_SHELF):
            library.when_open(library.in_days(2, 14), partial(turn_up, library, reader, out))
        else:
            library.when_open(library.in_days(14, 21), partial(own_up, library, reader, out))

    library.act(
        library.sometime(), "losses.claim_returned", f"loan:{out.loan_id}", library.assistant, losses.claim_returned,
        out.loan_id, then=looked_for,
    )  # fmt: skip
