"""Tables and rows of the faculty service's database."""

from sqlalchemy import MetaData

from configuration.kit.features.accounts.tables import metadata as accounts
from configuration.kit.features.audit.tables import metadata as audit
from configuration.kit.features.files.tables import metadata as files
from configuration.kit.features.idempotency.tables import metadata as idempotency
from configuration.kit.features.jobs.tables import metadata as jobs
from faculty_mgt.models.data import (
    appointment,
    assignments,
    marks,
    offer,
    person,
    reference,
    roster,
    spaces,
    submissions,
    workbins,
)
from faculty_mgt.models.data.base import metadata

ALL_METADATA: tuple[MetaData, ...] = (files, metadata, accounts, audit, idempotency, jobs)
"""Everything that stands in this service's database; submissions refer to files."""

__all__ = [
    "ALL_METADATA",
    "appointment",
    "assignments",
    "marks",
    "metadata",
    "offer",
    "person",
    "reference",
    "roster",
    "spaces",
    "submissions",
    "workbins",
]
