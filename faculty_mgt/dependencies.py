"""What the controllers ask for by annotation."""

from typing import Annotated

from fastapi import Depends

from configuration.kit.dependencies import DatabaseDep, Now, PathId, Zone
from configuration.kit.features.accounts import ContextDep
from configuration.kit.features.idempotency import KeyDep
from configuration.kit.pagination import After, CursorDep, LimitDep
from configuration.kit.security.access import anyone, roles, service_token, signed_in
from configuration.kit.security.actor import Actor
from configuration.kit.versions import Version, VersionOrNot

Applicant = Annotated[Actor | None, Depends(anyone("Anybody may apply; who is signed in is named as the applicant."))]
Dean = Annotated[Actor, Depends(roles("dean", at_home=True, everywhere=True))]
FactsPeer = Annotated[Actor, Depends(service_token("facts"))]
Reader = Annotated[Actor, Depends(signed_in("any signed-in person: what is taught is told to everybody of the house"))]
Teacher = Annotated[
    Actor, Depends(roles("lecturer", relationship="own", description="lecturers, in the spaces they teach now"))
]
Overseer = Annotated[
    Actor,
    Depends(roles("lecturer", "dean", description="the dean, and lecturers for the sections they teach now")),
]
Member = Annotated[
    Actor,
    Depends(
        roles(
            "student",
            "lecturer",
            relationship="own",
            description="students in the spaces they attend, lecturers in those they teach now",
        )
    ),
]

__all__ = [
    "After",
    "Applicant",
    "ContextDep",
    "CursorDep",
    "DatabaseDep",
    "Dean",
    "FactsPeer",
    "KeyDep",
    "LimitDep",
    "Member",
    "Now",
    "Overseer",
    "PathId",
    "Reader",
    "Teacher",
    "Version",
    "VersionOrNot",
    "Zone",
]
