"""What a librarian may overrule, for others and with a reason in words."""

from collections.abc import Sequence
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker
from configuration.kit.security.actor import Actor
from library_mgt.domain import lending
from library_mgt.domain.barcodes import normalised, reader_text
from library_mgt.errors import OverrideForbidden, ReasonIsBarcode, refuse
from library_mgt.models.request.circulation import Override
from library_mgt.repository import copies, patrons
from library_mgt.services.requests import is_own


def overruled(
    tx: Transaction, found: Sequence[Blocker], override: Override | None, patron_id: int, by: Actor
) -> dict[str, Any] | None:
    """What is overruled and why, to be kept with the loan; raises with all blockers that remain."""
    remaining = lending.not_overruled(found, override.codes if override else ())
    if remaining:
        raise refuse(remaining)
    if not found or override is None:
        return None
    if not by.has("librarian"):
        raise OverrideForbidden("Only a librarian may overrule this.", blockers=found)
    if is_own(tx, patron_id, by):
        raise OverrideForbidden("Nobody overrules a rule for themselves; ask a colleague.", blockers=found)
    if copies.by_barcode(tx, normalised(override.reason)) or patrons.by_typed(tx, reader_text(override.reason)):
        detail = "The reason is a barcode or a reader's number. Say in words why it is allowed all the same."
        raise ReasonIsBarcode(detail, blockers=[Blocker(ReasonIsBarcode.code, detail, "/override/reason"), *found])
    return {"codes": sorted({blocker.code for blocker in found}), "reason": override.reason}
