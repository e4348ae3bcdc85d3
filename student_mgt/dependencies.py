"""What the controllers ask for by annotation."""

from typing import Annotated

from fastapi import Depends

from configuration.kit.dependencies import DatabaseDep, Now
from configuration.kit.features.accounts import ContextDep
from configuration.kit.security.access import anyone, roles, service_token
from configuration.kit.security.actor import Actor

Applicant = Annotated[Actor | None, Depends(anyone("Anybody may apply; who is signed in is named as the applicant."))]
Registrar = Annotated[Actor, Depends(roles("registrar", at_home=True, everywhere=True))]
Student = Annotated[
    Actor, Depends(roles("student", relationship="own", at_home=True, description="students, for their own work"))
]
FactsPeer = Annotated[Actor, Depends(service_token("facts"))]

__all__ = ["Applicant", "ContextDep", "DatabaseDep", "FactsPeer", "Now", "Registrar", "Student"]
