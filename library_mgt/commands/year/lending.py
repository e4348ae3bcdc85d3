"""What readers do with a copy: borrow it, keep it, renew it, and mean to bring it back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from configuration.kit.days import local_day
from configuration.kit.errors import Refusal
from library_mgt.commands.year import losing, paying, returning
from library_mgt.commands.year.agenda import nothing
from library_mgt.commands.year.readers import Out, Reader
from library_mgt.commands.year.setting import DAY, Library
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.services import circulation, patrons, renewals

BOOK_DROP = 0.15
"""The share of copies that go through the flap in the wall after closing, and are scanned the next morning."""
CLAIMS = 0.003
"""The share of loans that somebody says to have brought back, where no desk has seen the copy."""
OWNS_UP = 0.3
"""The share of readers who say themselves that they lost a copy."""


def vouch(library: Library, reader: Reader, at: datetime) -> None:
    """Note what the home service says of a reader whose card is scanned; a library knows its guests itself."""
    if not reader.local:
        library.act(
            at, "patrons.take_standing", f"person:{reader.number}", library.assistant, patrons.take_standing,
            person=reader.person, display_name=reader.name, group=reader.group, active=True, until=None, as_of=at,
        )  # fmt: skip


def borrow(
    library: Library,
    reader: Reader,
    barcode: str,
    at: datetime,
    otherwise: Callable[[Refusal], None] = nothing,
) -> None:
    """Have a copy lent over the desk; who is turned away knows why."""
    wish = LoanCreate(patron=reader.person, barcode=barcode)

    def turned_away(refusal: Refusal) -> None:
        paying.turned_away(library, reader, refusal)
        otherwise(refusal)

    library.act(
        at, "circulation.check_out", f"copy:{barcode}", library.assistant, circulation.check_out, wish,
        then=partial(lent, library, reader), refused=turned_away, **library.zone,
    )  # fmt: skip


def lent(library: Library, reader: Reader, loan: LoanView) -> None:
    """Decide how long to keep what was lent, and what may become of it."""
    assert loan.title_id is not None
    assert loan.barcode is not None
    reader.patron_id = loan.patron_id
    reader.wishes.discard(loan.title_id)
    wanted = max(1.0, library.chance.lognormvariate(0, 0.6) * reader.keeps_days)
    out = Out(loan.id, loan.title_id, loan.barcode, _day(library, loan.due_at), library.day + wanted * DAY)
    reader.out[loan.id] = out
    if library.happens(reader.loses):
        if library.happens(OWNS_UP):
            library.when_open(library.in_days(5, 40), partial(losing.own_up, library, reader, out))
    elif library.happens(CLAIMS):
        library.when_open(out.due + 3 * DAY, partial(losing.claim, library, reader, out))
    else:
        go_on(library, reader, out)


def go_on(library: Library, reader: Reader, out: Out) -> None:
    """Bring it back when it was read, or shortly before it is due try to keep it longer; or forget to."""
    if out.until > out.due and library.happens(reader.late / 2):
        bring_on(library, reader, out, out.due + _late(library))
    elif out.until > out.due:
        library.agenda.on(max(library.day + DAY, out.due - 2 * DAY), partial(renew, library, reader, out))
    else:
        bring_on(library, reader, out, out.until)


def bring_on(library: Library, reader: Reader, out: Out, day: date) -> None:
    """Mean to bring it back on a day; a later thought takes the place of an earlier one."""
    out.back_on = max(library.day + DAY, day)
    library.agenda.on(out.back_on, partial(bring, library, reader, out, out.back_on))


def bring_by_due(library: Library, reader: Reader, out: Out) -> None:
    """It cannot be kept: bring it about when it is due, some late and a few very late."""
    early = library.chance.choice((0, 0, 1, 1, 2, 3)) * DAY
    bring_on(library, reader, out, out.due + _late(library) if library.happens(reader.late) else out.due - early)


def bring(library: Library, reader: Reader, out: Out, meant: date) -> None:
    """Bring it over the desk, or through the flap where it is closed."""
    if out.back_on != meant or out.loan_id not in reader.out:
        return
    if library.hours is None or library.happens(BOOK_DROP):
        library.when_open(library.day + DAY, partial(returning.empty_flap, library, reader, out))
        return
    returning.over_the_desk(library, reader, out)


def renew(library: Library, reader: Reader, out: Out) -> None:
    """Try to keep it longer, from home."""
    if out.loan_id not in reader.out:
        return

    def longer(loan: LoanView) -> None:
        out.due = _day(library, loan.due_at)
        go_on(library, reader, out)

    def not_longer(_: Refusal) -> None:
        bring_by_due(library, reader, out)

    library.act(
        library.whenever(), "renewals.renew", f"loan:{out.loan_id}", reader.actor, renewals.renew, out.loan_id,
        then=longer, refused=not_longer, **library.zone,
    )  # fmt: skip


def recalled(library: Library, reader: Reader, out: Out, loan: LoanView) -> None:
    """It is called back: most bring it by the new date."""
    out.due = _day(library, loan.due_at)
    if out.back_on is None or out.back_on > out.due:
        bring_by_due(library, reader, out)


def _day(library: Library, moment: datetime) -> date:
    return local_day(moment, library.settings.zone_info)


def _late(library: Library) -> timedelta:
    """How late somebody is: most some days, a few for weeks."""
    return (round(library.chance.expovariate(1 / 7)) + 1) * DAY
