"""Persons over HTTP: what every service of people has, and the credits of students."""

from fastapi import APIRouter

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer, KeyDep
from configuration.kit.features.people.access import Number
from configuration.kit.versions import etag
from student_mgt.dependencies import DatabaseDep, Now, Registrar
from student_mgt.models.request.profile import CreditsBody
from student_mgt.models.response.profile import StudentRead
from student_mgt.services import profiles

router = APIRouter(tags=["people"])


@router.post("/persons/{number}/credits", name="credits:set", status_code=201, response_model=StudentRead)
async def set_credits(
    number: Number, body: CreditsBody, db: DatabaseDep, by: Registrar, now: Now, key: KeyDep
) -> Answer:
    """Say what a student has earned in all; the level follows from it."""
    about = f"profile:{number}"
    return await act(
        db, key, profiles.set_credits, number, body, about=about, by=by, now=now, answer=StudentRead, etag=etag
    )
