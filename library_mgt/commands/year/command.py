"""`erp demo --library-year`: the library's part of it."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

from configuration.commands import Demo
from configuration.commands.console import err, good, progress, say
from configuration.commands.part import YearWish
from configuration.kit.days import local_day
from library_mgt.commands.year.figures import Figures, figures
from library_mgt.commands.year.living import Lived, Year, furnish, live
from library_mgt.commands.year.page import page
from library_mgt.commands.year.pictures import pictures
from library_mgt.commands.year.seasons import WEEK
from library_mgt.commands.year.setting import DAY


def live_a_year(demo: Demo, wish: YearWish) -> None:
    """Live a year that ends with last week, and draw it. One that was interrupted is drawn as far as it came."""
    began, worked = time.monotonic(), time.process_time()
    lived = furnish(demo, year_of(demo, wish))
    good(
        f"{len(lived.library.shelves.titles):,} titles in {lived.library.shelves.copies:,} copies, "
        f"{wish.patrons:,} readers ({time.monotonic() - began:.0f} s)"
    )
    with interruptible() as stopped:
        whole = _lived_whole(lived, stopped)
    took, cpu, acts = time.monotonic() - began, time.process_time() - worked, sum(lived.acts.values())
    if lived.weeks:
        draw(demo.database.read_sync(figures, lived), wish)
    good(f"{acts:,} acts in {took:.0f} s, {acts / took:.0f} a second ({cpu:.0f} s of processor time)")
    good(f"Pictures, page and figures: {wish.folder / 'index.html'}")
    say(f"   To look at this library: {wish.look}")
    if not whole:
        say(f"The year ends with {lived.library.day}: what was done until then is whole, the rest did not happen.")
        raise KeyboardInterrupt


def year_of(demo: Demo, wish: YearWish) -> Year:
    """A year of whole weeks that ends with the last Sunday before the day that was said, or before today."""
    day = wish.until or local_day(demo.clock(), demo.settings.library.zone_info)
    monday = day - timedelta(days=day.weekday())
    return Year(wish.titles, wish.patrons, wish.seed, monday - wish.weeks * WEEK, wish.weeks)


def draw(year: Figures, wish: YearWish) -> None:
    """Write the pictures, the page that shows them, and the figures for machines."""
    drawn = pictures(year)
    for name, picture in drawn.items():
        (wish.folder / f"{name}.svg").write_text(picture, encoding="utf-8")
    (wish.folder / "index.html").write_text(page(year, drawn, look=wish.look), encoding="utf-8")
    told = json.dumps(year.as_json(), indent=1, ensure_ascii=False)
    (wish.folder / "figures.json").write_text(told + "\n", encoding="utf-8")


class Stopped:
    """Whether somebody has pressed Ctrl-C."""

    def __init__(self) -> None:
        self.wanted = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Stop after the day in hand; a second Ctrl-C stops at once."""
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
        err.print("Ending with this day.")


@contextmanager
def interruptible() -> Iterator[Stopped]:
    """Let Ctrl-C end the year with the day in hand, and not in the middle of it."""
    stopped = Stopped()
    before = signal.signal(signal.SIGINT, stopped.ask)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _lived_whole(lived: Lived, stopped: Stopped) -> bool:
    """Live day by day under a progress bar, or with a line for each month where there is no terminal."""
    with progress() as bar:
        task = bar.add_task("Living the year", total=lived.year.weeks * 7)
        for day in live(lived):
            month = f"{day:%B %Y}"
            bar.update(task, advance=1, description=month)
            if bar.disable and (day + DAY).month != day.month:
                say(f"   {month}: {sum(lived.acts.values()):,} acts so far")
            if stopped.wanted and day != lived.year.last:
                return False
    return True
