"""How the faculty service has its accounts."""

from configuration.kit.features.accounts import Roles
from faculty_mgt.services.people import RECORDS

DEAN = frozenset({"dean"})
OPERATOR = frozenset({"operator"})

ROLES = Roles(
    service="faculty",
    managers=DEAN,
    grantable={"lecturer": DEAN, "dean": DEAN, "auditor": DEAN, "operator": OPERATOR},
    applicant_role="lecturer",
    people=RECORDS,
)
"""The dean decides applications and manages accounts; only an operator makes another one."""
