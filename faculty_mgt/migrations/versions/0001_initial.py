"""The tables of the faculty service, and the first rows of its reference data."""

from configuration.kit.features.accounts import migrations as accounts
from configuration.kit.features.audit import migrations as audit
from configuration.kit.features.idempotency import migrations as idempotency
from configuration.kit.features.jobs import migrations as jobs
from configuration.kit.features.people import migrations as people
from faculty_mgt.migrations.steps import people_v1

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
    people.create_reference_v1()
    people_v1.create()
    people.insert_majors_v1()
