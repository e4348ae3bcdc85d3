"""Tables and rows of the library's database."""

from sqlalchemy import MetaData

from configuration.kit.features.accounts.tables import metadata as accounts
from configuration.kit.features.audit.tables import metadata as audit
from configuration.kit.features.idempotency.tables import metadata as idempotency
from configuration.kit.features.jobs.tables import metadata as jobs
from configuration.kit.features.jobs.task_tables import metadata as tasks
from library_mgt.models.data import (
    calendars,
    catalogue,
    copies,
    journal,
    loans,
    notices,
    patrons,
    policies,
    reference,
    requests,
    shelf,
)
from library_mgt.models.data.base import metadata

ALL_METADATA: tuple[MetaData, ...] = (
    metadata,
    accounts,
    audit,
    idempotency,
    jobs,
    tasks,
)
"""Everything that stands in this service's database."""

__all__ = [
    "ALL_METADATA", "calendars", "catalogue", "copies", "journal", "loans", "metadata", "notices", "patrons",
    "policies", "reference", "requests", "shelf",
]  # fmt: skip
