"""What the student service brings to the `erp` command."""

from configuration.commands import ServicePart
from configuration.kit.features import accounts
from configuration.kit.features.people import invariants as people
from student_mgt.commands.furnishing import furnish
from student_mgt.errors import REFUSALS
from student_mgt.models.data import ALL_METADATA
from student_mgt.services.accounts import ROLES

PART = ServicePart(
    service="student",
    package="student_mgt",
    metadata=ALL_METADATA,
    accounts=ROLES,
    refusals={**accounts.REFUSALS, **REFUSALS},
    invariants=people.INVARIANTS,
    furnish=furnish,
)
