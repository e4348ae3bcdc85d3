"""How the student service has its accounts."""

from configuration.kit.features.accounts import Roles
from student_mgt.services.people import RECORDS

REGISTRAR = frozenset({"registrar"})
OPERATOR = frozenset({"operator"})

ROLES = Roles(
    service="student",
    managers=REGISTRAR,
    grantable={"student": REGISTRAR, "registrar": REGISTRAR, "auditor": REGISTRAR, "operator": OPERATOR},
    applicant_role="student",
    people=RECORDS,
)
"""The registrar decides applications and manages accounts; only an operator makes another one."""
