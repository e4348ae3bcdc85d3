"""Idempotency keys: a request sent twice has one effect and one answer."""

from configuration.kit.features.idempotency.answer import Answer
from configuration.kit.features.idempotency.forgetting import KEPT, forgetting
from configuration.kit.features.idempotency.key import InvalidKey, Key, KeyDep, KeyReused
from configuration.kit.features.idempotency.once import forget_before, once
from configuration.kit.features.idempotency.onward import onward

__all__ = [
    "KEPT",
    "Answer",
    "InvalidKey",
    "Key",
    "KeyDep",
    "KeyReused",
    "forget_before",
    "forgetting",
    "once",
    "onward",
]
