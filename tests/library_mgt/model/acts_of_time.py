"""What happens without anybody at the desk: hours go by, homes of readers speak, clocks tick, processes die."""

from datetime import timedelta

from library_mgt.services import patrons, requests, suspensions
from tests.library_mgt.model import rules_of_requests, rules_of_stock
from tests.library_mgt.model.chance import act, of_the, some
from tests.library_mgt.model.oracle import Reader, Request
from tests.library_mgt.model.rule_book import ZONE
from tests.library_mgt.model.walk import Walk, some_day
from tests.library_mgt.world import LIBRARIAN

CLOCK = LIBRARIAN


class Happening(Walk):
    """Hours go by, clocks tick, processes die."""

    @act(often=3, hours=some(1, 9, 14, 24, 49, 24 * 8, 24 * 30), answers=some(True, True, True, False))
    def time_passes(self, hours: int, answers: bool) -> None:
        """Most of the time the homes of the readers answer, and say that all is well."""
        self.oracle.now += timedelta(hours=hours)
        for reader in self.oracle.readers:
            if answers and not reader.local:
                self._standing(reader, True, None)

    @act(reader=of_the("readers"), active=some(True, True, False), days=some(None, None, 3, 0, -1))
    def home_says(self, reader: Reader, active: bool, days: int | None) -> None:
        """The home service on one reader."""
        if not reader.local:
            self._standing(reader, active, days)

    def _standing(self, reader: Reader, active: bool, days: int | None) -> None:
        until = some_day(self.oracle, days) if days is not None else None
        group = {"student": "student", "faculty": "faculty"}[reader.actor.issuer]
        moment = self.oracle.now + timedelta(minutes=1)
        self.both(
            lambda: rules_of_stock.home_says(self.oracle, reader, active=active, until=until),
            patrons.take_standing, person=reader.actor.person, display_name=reader.actor.name, group=group,
            active=active, until=until, as_of=moment, by=LIBRARIAN,
        )  # fmt: skip

    @act(often=2)
    def clock_ticks(self) -> None:
        """What is over ends, one after the other."""
        over = self.stage.read(requests.expiring, now=self.oracle.now, zone=ZONE)
        wishes = rules_of_requests.overdue_wishes(self.oracle)
        assert over == [one.id for one in wishes], f"the clock finds {over}, the rules say {wishes}"
        for wish in wishes:
            self._expires(wish)
        resumed = self.stage.read(suspensions.to_resume, after=0, limit=100, now=self.oracle.now, zone=ZONE)
        put_off = rules_of_requests.suspended_long_enough(self.oracle)
        assert resumed == [one.id for one in put_off], f"the clock finds {resumed}, the rules say {put_off}"
        for wish in put_off:
            self._resumes(wish)

    def _expires(self, wish: Request) -> None:
        self.both(
            lambda: rules_of_requests.expire(self.oracle, wish),
            requests.expire, wish.id, by=CLOCK, zone=ZONE,
        )  # fmt: skip

    def _resumes(self, wish: Request) -> None:
        self.both(
            lambda: rules_of_requests.end_suspension(self.oracle, wish),
            suspensions.end_suspension, wish.id, by=CLOCK, zone=ZONE,
        )  # fmt: skip

    @act(fate=some("stumbles", "dies"))
    def next_unit_fails(self, fate: str) -> None:
        """After everything it wrote."""
        self.doom(fate)

    @act(often=1)
    def restart(self) -> None:
        """In order."""
        self.stage.restart()

    @act(often=1)
    def crash(self) -> None:
        """kill -9, with everything acknowledged."""
        self.stage.crash()
