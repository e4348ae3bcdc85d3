"""An import beside its goal, and what other writers feel of one that makes room for them."""

import asyncio
import time
from functools import partial

from tests.benchmarks.cases import imports
from tests.benchmarks.compare import Spread
from tests.benchmarks.pace import Pace
from tests.benchmarks.people import opened
from tests.benchmarks.report import Goal, Row
from tests.reliability.installation import Installation

NEEDED = 5000


def books_import(installation: Installation, pace: Pace) -> list[Row]:
    """The ratios."""
    file = imports.content()
    with opened(installation, "library") as db:
        measured = imports.speeds(db, file, times=pace.starts)
        alone = asyncio.run(imports.waits(db, partial(time.sleep, pace.seconds)))

        def import_again() -> None:
            imports.planned_and_applied(db, file, "beside", beside_server=True)

        beside = asyncio.run(imports.waits(db, import_again))
    rates = [one.rows_per_second for one in measured]
    waited = beside.p99 / alone.p99
    note = f"p99 {alone.p99:.0f} ms alone, {beside.p99:.0f} ms beside an import"
    return [
        Row(
            "import",
            "books imported per second, with verdicts",
            f"{NEEDED:,} rows/s",
            Spread.of([rate / NEEDED for rate in rates]),
            Goal("at least", 1),
            f"{max(rates):,.0f} rows/s at best, {imports.ROWS / min(one.cpu for one in measured):,.0f} per CPU second",
        ),
        Row("import", "wait of 16 writers beside an import", "p99 alone", Spread(waited, waited, waited), None, note),
    ]
