"""The library's tables, their guards, and the first rows of its reference data."""

from configuration.kit.features.accounts import migrations as accounts
from configuration.kit.features.audit import migrations as audit
from configuration.kit.features.idempotency import migrations as idempotency
from configuration.kit.features.jobs import migrations as jobs
from library_mgt.migrations.steps import catalogue_v1, circulation_v1, guards_v1, patrons_v1, reference_v1, rows_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up everything of the first version."""
    accounts.create_v1()
    audit.create_v1()
    idempotency.create_v1()
    jobs.create_v1()
    reference_v1.create()
    catalogue_v1.create()
    patrons_v1.create()
    circulation_v1.create()
    guards_v1.create()
    rows_v1.insert()
