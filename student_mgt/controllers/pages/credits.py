"""The credits of a student, set on the page of the record."""

from fastapi import APIRouter
from starlette.responses import Response

from configuration.kit.features.people.access import Number
from configuration.kit.web.doing import DoingDep
from configuration.kit.web.forms import read
from configuration.kit.web.people.keeping import act_on
from student_mgt.dependencies import Registrar
from student_mgt.models.request.profile import CreditsBody
from student_mgt.services.profiles import OFFICE, set_credits

router = APIRouter(include_in_schema=False)


@router.post("/records/{number}/credits", name="pages:record:credits")
async def credits_set(number: Number, actor: Registrar, doing: DoingDep) -> Response:
    """Say what the student has earned in all, and why."""
    body, faults = read(CreditsBody, {"credits": doing.fields["credits"], "reason": doing.fields["why"]})
    return await act_on(
        doing,
        OFFICE,
        number,
        actor,
        set_credits,
        number,
        body,
        done=doing.say("The credits are set; the level follows."),
        faults=faults,
        fields={"reason": "why"},
    )
