"""Dates, numbers and durations as people read them: in the university's zone and the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from markupsafe import Markup

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
IN_DAYS = (timedelta(days=1), timedelta(days=60))
"""Between these, how far away something is, is said in days: *in 28 days* says more than *in a month*."""


def program(agent: str) -> str:
    """A browser and its system from what it sends as User-Agent; other programs by their first word."""
    browser = next((name for mark, name in BROWSERS if mark in agent), None)
    system = next((name for mark, name in SYSTEMS if mark in agent), None)
    if browser is None:
        return agent.partition("/")[0][:40]
    return f"{browser}, {system}" if system else browser


@dataclass(frozen=True)
class Formats:
    """Jinja2 filters for one language. `now` is asked at each use."""

    locale: str
    zone: ZoneInfo
    now: Callable[[], datetime]

    def absolute(self, instant: datetime) -> str:
        """Such as *Mon 14 Nov 2025, 23:59 CET*: the zone is always said."""
        local = instant.astimezone(self.zone)
        said = format_datetime(local, "EEE d MMM y, HH:mm", locale=self.locale)
        return f"{said} {local.tzname() or self.zone.key}"

    def relative(self, instant: datetime) -> str:
        """Such as *in 28 days* or *2 hours ago*."""
        away = instant - self.now()
        if IN_DAYS[0] <= abs(away) < IN_DAYS[1]:
            return format_timedelta(away, "day", add_direction=True, locale=self.locale, threshold=9)
        return format_timedelta(away, add_direction=True, locale=self.locale, threshold=0.9)

    def when(self, instant: datetime | None, lead: str = "both") -> Markup:
        """A `<time>` element with relative and absolute time; with `lead="relative"` the absolute one is its title."""
        if instant is None:
            return Markup("")
        stamp, exact = instant.astimezone(self.zone).isoformat(timespec="seconds"), self.absolute(instant)
        if lead == "relative":
            return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, exact, self.relative(instant))
        return Markup('<time datetime="{}">{} <span class="when-exact">{}</span></time>').format(
            stamp, self.relative(instant), exact
        )

    def day(self, value: date | None) -> Markup:
        """A `<time>` element with the day alone."""
        if value is None:
            return Markup("")
        shown = format_date(value, "EEE d MMM y", locale=self.locale)
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), shown)

    def number(self, value: float) -> str:
        """With the language's grouping: *10,000*."""
        return format_decimal(value, locale=self.locale)

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The filters by the names templates use."""
        return {"when": self.when, "day": self.day, "number": self.number, "program": program}
