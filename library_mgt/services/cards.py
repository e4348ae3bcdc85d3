"""Readers' cards: given, lost, replaced. A card that went out of use never comes back."""

from datetime import datetime, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.barcodes import normalised
from library_mgt.errors import CardNotFound, CardOutOfUse
from library_mgt.repository import cards
from library_mgt.repository.cards import OwnedCard
from library_mgt.services.patrons import PatronRecord, locked, out_of_use, patron_record


def add_card(tx: Transaction, patron_id: int, number: str, *, by: Actor, now: datetime, zone: tzinfo) -> PatronRecord:
    """Give a reader a card."""
    locked(tx, patron_id)
    cards.add(tx, patron_id, normalised(number), now=now)
    audit.record(tx, "patron.card_added", f"patron:{patron_id}", by=by, now=now)
    return patron_record(tx, patron_id, now=now, zone=zone)


def report_lost(
    tx: Transaction, patron_id: int, number: str, *, by: Actor, now: datetime, zone: tzinfo
) -> PatronRecord:
    """Take a lost card out of use: whoever brings it from now on is not served with it."""
    card = _card(tx, patron_id, number)
    if card.state == "replaced":
        raise CardOutOfUse(f"The card was replaced by {card.replaced_by} already; is that one lost?")
    if card.state == "active":
        cards.set_state(tx, card.number, "lost", now=now)
        audit.record(tx, "patron.card_lost", f"patron:{patron_id}", by=by, now=now)
    return patron_record(tx, patron_id, now=now, zone=zone)


def replace_card(
    tx: Transaction, patron_id: int, number: str, new_number: str, *, by: Actor, now: datetime, zone: tzinfo
) -> PatronRecord:
    """Give a reader another card instead of this one, lost or not; who scans the old one is told the new one."""
    card = _card(tx, patron_id, number)
    if card.state == "replaced":
        raise out_of_use(tx, card.number) or CardNotFound()
    new = normalised(new_number)
    cards.add(tx, patron_id, new, now=now)
    cards.set_state(tx, card.number, "replaced", replaced_by=new, now=now)
    audit.record(tx, "patron.card_replaced", f"patron:{patron_id}", by=by, now=now)
    return patron_record(tx, patron_id, now=now, zone=zone)


def _card(tx: Transaction, patron_id: int, number: str) -> OwnedCard:
    locked(tx, patron_id)
    card = cards.find(tx, normalised(number))
    if card is None or card.patron_id != patron_id:
        raise CardNotFound()
    return card
