"""The book's sign-up and its approval; the other routes of accounts are the same in every service."""

from fastapi import APIRouter

from configuration.kit.features.accounts import flows
from configuration.kit.features.accounts.requests import ApprovalBody
from faculty_mgt.dependencies import Applicant, ContextDep, Dean
from faculty_mgt.models.request.signup import SignUpRequest
from faculty_mgt.models.response.signup import ApprovalAnswer, SignUpAnswer

router = APIRouter(tags=["account"])


@router.post("/account/signup", name="account:sign_up", status_code=201, response_model=SignUpAnswer)
async def sign_up(body: SignUpRequest, applicant: Applicant, context: ContextDep) -> SignUpAnswer:
    """Apply for an account. The dean decides."""
    submitted = await flows.apply(context, body, applicant)
    return SignUpAnswer(
        sign_id=submitted.id,
        faculty_id=body.person_no,
        username=body.user_name,
        state=submitted.state,
        submitted_at=submitted.submitted_at,
        receipt=submitted.receipt,
    )


@router.post("/account/signup/approved", name="account:approve_sign_up", response_model=ApprovalAnswer)
async def approve_sign_up(body: ApprovalBody, by: Dean, context: ContextDep) -> ApprovalAnswer:
    """Approve an application: the person, their appointment and the account are made, once."""
    decided = await flows.decide(context, body.sign_id, "approve", by=by, reason=body.reason, attach=body.attach)
    return ApprovalAnswer(
        sign_id=decided.id,
        user_id=decided.account_id,
        faculty_id=decided.person_no,
        username=decided.user_name,
        state=decided.state,
        reason=decided.reason,
    )
