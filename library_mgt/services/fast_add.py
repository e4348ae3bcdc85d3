"""A book that nobody catalogued and somebody wants: catalogued and lent in one act, or not at all."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.security.actor import Actor
from library_mgt.models.data.loans import LoanView
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.models.request.title import CopyCreate, TitleCreate
from library_mgt.services import desk
from library_mgt.services.circulation import check_out


def add_and_lend(
    tx: Transaction, title: TitleCreate, copy: CopyCreate, patron: str, *, by: Actor, now: datetime, zone: tzinfo
) -> LoanView:
    """Catalogue the title with its copy and lend that to the reader; a refusal of either leaves nothing behind."""
    made = desk.add_title_with_copy(tx, title, copy, by=by, now=now, zone=zone)
    barcode = made.copies[0].barcode
    assert barcode is not None
    return check_out(tx, LoanCreate(patron=patron, barcode=barcode), by=by, now=now, zone=zone)
