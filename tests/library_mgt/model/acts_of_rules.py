"""What librarians change of the rules while people borrow: values, rows beside them, weekdays that are closed."""

from dataclasses import replace
from datetime import time
from typing import Any

from library_mgt.models.request.calendar import WeekdayHours, WeekPut
from library_mgt.models.request.policy import PolicyChange, PolicyCreate, PolicyValues
from library_mgt.services import calendars, policies
from tests.library_mgt.model.chance import act, some
from tests.library_mgt.model.rule_book import Row
from tests.library_mgt.model.walk import LOCATIONS, Walk
from tests.library_mgt.world import LIBRARIAN

ROWS = (
    Row(None, None, "disc", {"loan_period": 1, "auto_approve": True, "max_loans": 1}),
    Row("branch", None, None, {"loan_period": 7, "pickup_days": 2, "closed_days": "NEXT_OPEN"}),
    Row(None, "faculty", None, {"loan_period": 60, "max_loans": 4, "renewals": 3}),
    Row("branch", None, "disc", {"requests_allowed": False, "loan_period": 3}),
    Row("main", "student", None, {"loanable": False}),
)
CHANGES: tuple[dict[str, Any], ...] = ({"loan_period": 5}, {"max_loans": 3}, {"renewals": 2}, {"auto_approve": True})
OPENS, CLOSES = time(9), time(18)


class Ruling(Walk):
    """The rule book is written on."""

    @act(often=1, row=some(*ROWS))
    def add_row(self, row: Row) -> None:
        """Other values for some."""
        if row not in self.oracle.book.rows:
            values = PolicyValues(**row.values)
            new = PolicyCreate(location=row.location, group_code=row.group, item_type=row.kind, values=values)
            self.both(lambda: self.oracle.book.rows.append(row), policies.add_policy, new, by=LIBRARIAN)

    @act(often=1, values=some(*CHANGES))
    def change_rule_for_all(self, values: dict[str, Any]) -> None:
        """Loans that stand keep theirs."""
        book, present = self.oracle.book, self.stage.read(policies.policies_listed, limit=1)[0]
        change = PolicyChange(values=PolicyValues(**values))
        self.both(
            lambda: setattr(book, "for_all", replace(book.for_all, **values)),
            policies.change_policy,
            present.id,
            change,
            version=present.version,
            by=LIBRARIAN,
        )

    @act(often=1, at=some(*LOCATIONS), closed=some((6,), (5, 6), (0, 1, 2), ()))
    def close_weekdays(self, at: str, closed: tuple[int, ...]) -> None:
        """What is due or kept already stays as it was told."""
        days = [day for day in range(7) if day not in closed]
        week = WeekPut(hours=[WeekdayHours(weekday=day, opens=OPENS, closes=CLOSES) for day in days])
        version = self.stage.read(calendars.calendar_record, at).version
        self.both(
            lambda: self.oracle.book.closed.update({at: frozenset(closed)}),
            calendars.set_week,
            at,
            week,
            version=version,
            by=LIBRARIAN,
        )
