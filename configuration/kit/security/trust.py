"""Which service vouches for which roles. Reviewed by hand: a service that asserts more than this is not believed."""

from collections.abc import Mapping

from configuration.kit.security.actor import Service

ANYWHERE = frozenset({"operator", "auditor"})
"""Roles that any issuer may assert: they come with the running of the house, not with a person's place in it."""

TRUST: Mapping[Service, frozenset[str]] = {
    "student": frozenset({"student", "registrar"}) | ANYWHERE,
    "faculty": frozenset({"lecturer", "dean"}) | ANYWHERE,
    "library": frozenset({"librarian", "library_assistant"}) | ANYWHERE,
}
"""The roles each issuer may assert."""

SCOPES = frozenset({"facts", "events"})
"""What a bare service token may be used for: reading facts, or delivering events."""
