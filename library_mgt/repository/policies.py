"""The lending rule in force. For now the row for all locations, groups and types."""

from sqlalchemy import select

from configuration.kit.database import Statement, Transaction
from library_mgt.domain.policy import Policy
from library_mgt.models.data.policies import policy

VALUES = tuple(Policy.__dataclass_fields__)
DEFAULT = policy.c.scope == ""
_DEFAULT = Statement(select(*(policy.c[name] for name in VALUES)).where(DEFAULT), Policy)


def default(tx: Transaction) -> Policy:
    """Every value of the row for all."""
    return tx.one(_DEFAULT)
