"""What readers owe, and the money that they pay, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, KeyDep, LibrarianDep, Now, ReaderDep, Zone
from library_mgt.models.request.fees import DamageCreate, PaymentCreate, RefundCreate, WaiverCreate
from library_mgt.models.response.fees import AccountRead, DeskAccountRead, DeskFeeLineRead, ReceiptRead
from library_mgt.services import fees, payments

router = APIRouter(tags=["fees"])
TillCode = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
ReceiptNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/fees/mine", name="library:my_fees", response_model=AccountRead)
async def my_fees(db: DatabaseDep, reader: ReaderDep, now: Now, zone: Zone) -> fees.Account:
    """What one owes oneself, with what grows on late loans."""
    return await db.read(fees.own_account, reader, now=now, zone=zone)


@router.get("/patrons/{patron_id}/fees", name="library:patron_fees", response_model=DeskAccountRead)
async def patron_fees(patron_id: Id, db: DatabaseDep, _desk: DeskDep, now: Now, zone: Zone) -> fees.Account:
    """What a reader owes, with what grows on late loans."""
    return await db.read(fees.account, patron_id, now=now, zone=zone)


@router.post(
    "/patrons/{patron_id}/fees/damage", name="library:charge_damage", status_code=201, response_model=DeskFeeLineRead
)
async def charge_damage(
    patron_id: Id, damage: DamageCreate, db: DatabaseDep, desk: DeskDep, now: Now, key: KeyDep
) -> Answer:
    """Charge a reader for what came back damaged."""
    return await act(
        db, key, fees.charge_damage, patron_id, damage, about=f"patron:{patron_id}", by=desk, now=now,
        answer=DeskFeeLineRead,
    )  # fmt: skip


@router.post("/patrons/{patron_id}/payments", name="library:pay", status_code=201, response_model=ReceiptRead)
async def pay(patron_id: Id, payment: PaymentCreate, db: DatabaseDep, desk: DeskDep, now: Now, key: KeyDep) -> Answer:
    """Take money for what is open, the oldest charge first; part of it is fine, more is refused."""
    return await act(
        db, key, payments.pay, patron_id, payment, about=f"patron:{patron_id}", by=desk, now=now, answer=ReceiptRead
    )


@router.post("/fees/{charge_id}/waive", name="library:waive_fee", status_code=201, response_model=DeskFeeLineRead)
async def waive(
    charge_id: Id, waiver: WaiverCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Let a reader off part or all of a charge. Never oneself."""
    return await act(
        db, key, payments.waive, charge_id, waiver, about=f"fee:{charge_id}", by=librarian, now=now,
        answer=DeskFeeLineRead,
    )  # fmt: skip


@router.post("/fees/{charge_id}/refund", name="library:refund_fee", status_code=201, response_model=ReceiptRead)
async def refund(
    charge_id: Id, wish: RefundCreate, db: DatabaseDep, librarian: LibrarianDep, now: Now, key: KeyDep
) -> Answer:
    """Give back what was paid for a charge, or part of it. Never to oneself."""
    return await act(
        db, key, payments.refund, charge_id, wish, about=f"fee:{charge_id}", by=librarian, now=now, answer=ReceiptRead
    )


@router.get("/fees/receipts/{till}/{number}", name="library:receipt", response_model=ReceiptRead)
async def receipt(till: TillCode, number: ReceiptNumber, db: DatabaseDep, reader: ReaderDep) -> payments.Receipt:
    """A receipt, for staff and for the reader whose money it was."""
    return await db.read(payments.receipt, till, number, reader)
