"""Money at the desk: payments, waivers and refunds on a reader's page, and receipts on paper."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.errors import Refusal
from configuration.kit.web.dependencies import PagesDep
from configuration.kit.web.forms import given
from library_mgt.controllers.fees import ReceiptNumber, TillCode
from library_mgt.controllers.pages.doing import Doing, DoingDep, Said
from library_mgt.controllers.pages.reader import done, page_of, refused, understood
from library_mgt.dependencies import DatabaseDep, DeskDep, Id, LibrarianDep, ReaderDep
from library_mgt.models.request.fees import DamageCreate, PaymentCreate, RefundCreate, WaiverCreate
from library_mgt.models.response.fees import DeskFeeLineRead, ReceiptRead
from library_mgt.services import fees, payments

router = APIRouter(include_in_schema=False)


async def amounts(doing: Doing, *names: str) -> tuple[Said, list[str]]:
    """The amounts that were typed, in smallest units under the name of the body's field; and which are none."""
    currency = await doing.db.read(fees.currency)
    minor = {name: currency.minor(doing.fields[name]) for name in names if doing.fields[name]}
    wrong = [f"{doing.fields[name]}: {doing.say('not an amount')}" for name, found in minor.items() if found is None]
    return {f"{name}_minor": found for name, found in minor.items()}, wrong


@router.post("/desk/readers/{patron_id}/pay", name="pages:reader:pay")
async def pay(patron_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Take money for what is open, or for one charge; then show the receipt."""
    typed, wrong = await amounts(doing, "amount")
    charge = doing.fields["charge"]
    named = {"charges": [int(charge)]} if charge.isdecimal() and len(charge) < 19 else {}
    values = {**typed, **named, **given(doing.fields, "till", "method")}
    payment, faulty = understood(doing, page_of(patron_id), PaymentCreate, values)
    if wrong or payment is None:
        return refused(doing, page_of(patron_id), wrong) if wrong else faulty
    try:
        paid = await doing.act(
            payments.pay, patron_id, payment, about=f"patron:{patron_id}", by=actor, answer=ReceiptRead
        )
    except Refusal as refusal:
        return refused(doing, page_of(patron_id), [refusal.detail])
    return doing.back(receipt_page(paid), doing.say("Paid. This is the receipt."))


@router.post("/desk/readers/{patron_id}/damage", name="pages:reader:damage")
async def damage(patron_id: Id, actor: DeskDep, doing: DoingDep) -> Response:
    """Charge the reader for what came back damaged."""
    typed, wrong = await amounts(doing, "amount")
    new, faulty = understood(doing, page_of(patron_id), DamageCreate, {**typed, **given(doing.fields, "reason")})
    if wrong or new is None:
        return refused(doing, page_of(patron_id), wrong) if wrong else faulty
    said = doing.say("Charged. The reader sees the reason.")
    return await done(doing, patron_id, fees.charge_damage, patron_id, new, by=actor, said=said, answer=DeskFeeLineRead)


@router.post("/desk/readers/{patron_id}/fees/{charge_id}/waive", name="pages:reader:waive")
async def waive(patron_id: Id, charge_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Let the reader off part or all of a charge."""
    typed, wrong = await amounts(doing, "amount")
    waiver, faulty = understood(doing, page_of(patron_id), WaiverCreate, {**typed, **given(doing.fields, "reason")})
    if wrong or waiver is None:
        return refused(doing, page_of(patron_id), wrong) if wrong else faulty
    said, about = doing.say("Waived. The reader sees the reason."), f"fee:{charge_id}"
    return await done(
        doing, patron_id, payments.waive, charge_id, waiver, by=actor, said=said, answer=DeskFeeLineRead, about=about
    )


@router.post("/desk/readers/{patron_id}/fees/{charge_id}/refund", name="pages:reader:refund")
async def refund(patron_id: Id, charge_id: Id, actor: LibrarianDep, doing: DoingDep) -> Response:
    """Give back what was paid for a charge; then show the receipt."""
    typed, wrong = await amounts(doing, "amount")
    values = {**typed, **given(doing.fields, "reason", "till", "method")}
    wish, faulty = understood(doing, page_of(patron_id), RefundCreate, values)
    if wrong or wish is None:
        return refused(doing, page_of(patron_id), wrong) if wrong else faulty
    try:
        paid = await doing.act(payments.refund, charge_id, wish, about=f"fee:{charge_id}", by=actor, answer=ReceiptRead)
    except Refusal as refusal:
        return refused(doing, page_of(patron_id), [refusal.detail])
    return doing.back(receipt_page(paid), doing.say("Given back. This is the receipt."))


def receipt_page(paid: Said) -> str:
    """Where a receipt's page is."""
    return f"/receipts/{paid['till']}/{paid['number']}"


@router.get("/receipts/{till}/{number}", name="pages:money_receipt")
async def receipt(
    request: Request, till: TillCode, number: ReceiptNumber, db: DatabaseDep, pages: PagesDep, reader: ReaderDep
) -> Response:
    """A receipt for paper, for staff and for the reader whose money it was."""
    found = await db.read(payments.receipt, till, number, reader)
    return pages.render(request, "payment.html", receipt=found, page_of=page_of(found.line.patron_id))
