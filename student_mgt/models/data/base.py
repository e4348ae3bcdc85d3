"""The service's own MetaData, and what its tables have in common."""

from sqlalchemy import MetaData

from configuration.kit.database import NAMING, one_of, unique_where

metadata = MetaData(naming_convention=NAMING)

__all__ = ["metadata", "one_of", "unique_where"]
