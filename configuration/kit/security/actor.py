"""Who acts: the person behind a request, as the services see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Service = Literal["student", "faculty", "library"]
Via = Literal["bearer", "session", "delegated", "service", "command"]

UNIVERSITY = "university"
"""The scope of a grant that holds everywhere. Others read `department:<id>` or `section:<id>`."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The identity a request acts under.

    `person` is the person reference `<service>:<number>` ("student:1001"); `persons` holds it and every person
    reference linked to the same human, and rules such as *never oneself* compare against all of them. `grants` maps a
    role to the scopes it was granted for. A bare service token has person `service:<name>` and the single role
    `service:<scope>`; a command line has person `operator:<login>`.
    """

    person: str
    issuer: Service
    name: str
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    persons: frozenset[str] = frozenset()
    account_id: int | None = None
    family_id: int | None = None
    via: Via = "bearer"
    behalf_of_service: Service | None = None

    def has(self, *roles: str, scope: str = UNIVERSITY) -> bool:
        """Whether any of the roles is held for the scope, or for the whole university."""
        return any(
            scope in self.grants.get(role, frozenset()) or UNIVERSITY in self.grants.get(role, frozenset())
            for role in roles
        )

    def holds(self, *roles: str) -> bool:
        """Whether any of the roles is held, in whatever scope."""
        return any(self.grants.get(role) for role in roles)

    def is_person(self, reference: str) -> bool:
        """Whether the reference names this human, under any of their hats."""
        return reference == self.person or reference in self.persons
