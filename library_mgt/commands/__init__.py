"""What the library brings to the `erp` command."""

from configuration.commands import ServicePart
from configuration.kit.features import accounts
from library_mgt.commands.desk import app as desk
from library_mgt.commands.furnishing import furnish
from library_mgt.commands.importing import app as importing
from library_mgt.commands.year.command import live_a_year
from library_mgt.controllers.clockwork import tasks
from library_mgt.errors import REFUSALS
from library_mgt.models.data import ALL_METADATA
from library_mgt.repository import imports
from library_mgt.repository.invariants import INVARIANTS
from library_mgt.services.accounts import ROLES
from library_mgt.services.import_chunks import WORKS

PART = ServicePart(
    service="library",
    package="library_mgt",
    metadata=ALL_METADATA,
    accounts=ROLES,
    refusals={**accounts.REFUSALS, **REFUSALS},
    invariants=(*INVARIANTS, *imports.INVARIANTS),
    works=WORKS,
    tasks=tasks,
    groups={"import": importing, "library": desk},
    furnish=furnish,
    live_a_year=live_a_year,
)
