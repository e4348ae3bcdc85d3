"""Who did what to which thing, and when: rows that nobody changes unseen, and persons that can be forgotten."""

from configuration.kit.features.audit.chain import seal, verify
from configuration.kit.features.audit.invariants import Invariant, Violation, check
from configuration.kit.features.audit.record import Outcome, forget, forget_subject, record, refused
from configuration.kit.features.audit.sealer import sealing

__all__ = [
    "Invariant",
    "Outcome",
    "Violation",
    "check",
    "forget",
    "forget_subject",
    "record",
    "refused",
    "seal",
    "sealing",
    "verify",
]
