"""One running university per database, with its people and books: the one that is probed in `tests/contracts`."""

from tests.contracts.conftest import stage

__all__ = ["stage"]
