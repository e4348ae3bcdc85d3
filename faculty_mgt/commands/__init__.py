"""What the faculty service brings to the `erp` command."""

from configuration.commands import ServicePart
from configuration.kit.features import accounts
from configuration.kit.features.people import invariants as people
from faculty_mgt.commands.files import app as files
from faculty_mgt.commands.furnishing import furnish
from faculty_mgt.commands.receipts import app as receipts
from faculty_mgt.errors import REFUSALS
from faculty_mgt.models.data import ALL_METADATA
from faculty_mgt.repository import invariants, teaching_invariants
from faculty_mgt.services.accounts import ROLES

PART = ServicePart(
    service="faculty",
    package="faculty_mgt",
    metadata=ALL_METADATA,
    accounts=ROLES,
    refusals={**accounts.REFUSALS, **REFUSALS},
    invariants=(*people.INVARIANTS, *teaching_invariants.INVARIANTS, *invariants.INVARIANTS),
    groups={"receipt": receipts, "files": files},
    furnish=furnish,
)
