"""Plain values the pages of a service are built from: the site, its places, its menu."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from configuration.kit.security.actor import Actor

UTC = ZoneInfo("UTC")


def marked(message: str) -> str:
    """Mark a string for extraction; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Place:
    """One service as the switcher shows it. `root` is its full path, such as `/ch04/library`."""

    name: str
    label: str
    note: str
    root: str
    home: str = "/index"

    @property
    def href(self) -> str:
        """Full path of the page a person lands on."""
        return self.root + self.home


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A task in a service's menu: shown to everybody, or to holders of any of `roles`; `office` work stands apart."""

    label: str
    path: str
    roles: frozenset[str] = frozenset()
    signed_in: bool = False
    office: bool = False

    def visible_to(self, actor: Actor | None) -> bool:
        """Whether the item helps this person."""
        if self.roles:
            return actor is not None and actor.has(*self.roles)
        return actor is not None or not self.signed_in


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of one university share."""

    university: str = "University ERP"
    prefix: str = "/ch04"
    zone: ZoneInfo = UTC
    secure_cookies: bool = False
    languages: tuple[str, ...] = ("en",)

    @property
    def places(self) -> tuple[Place, ...]:
        """The three services, in the order people think of them."""
        return (
            Place("student", marked("Students"), marked("Applications, accounts, records"), f"{self.prefix}/student"),
            Place("faculty", marked("Faculty"), marked("Lecturers, deans, their accounts"), f"{self.prefix}/faculty"),
            Place("library", marked("Library"), marked("Catalogue, loans, the desk"), f"{self.prefix}/library"),
        )

    def root_of(self, service: str) -> str:
        """Full path of a service; the gateway's is the prefix itself."""
        return self.prefix if service == "gateway" else f"{self.prefix}/{service}"
