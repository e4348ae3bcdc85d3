"""Dates, numbers and durations as people read them: in the university's zone and the reader's language."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from markupsafe import Markup

Filter = Callable[..., Any]
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def program(agent: str) -> str:
    """A browser and its system from what it sends as User-Agent; other programs by their first word."""
    browser = next((name for mark, name in BROWSERS if mark in agent), None)
    system = next((name for mark, name in SYSTEMS if mark in agent), None)
    if browser is None:
        return agent.partition("/")[0][:40]
    return f"{browser}, {system}" if system else browser


def filters(locale: str, zone: ZoneInfo, now: Callable[[], datetime]) -> dict[str, Filter]:
    """Jinja2 filters for one language. `now` is asked at each use."""

    def absolute(instant: datetime) -> str:
        """Such as *Mon 14 Nov 2025, 23:59 CET*: the zone is always said."""
        local = instant.astimezone(zone)
        return f"{format_datetime(local, 'EEE d MMM y, HH:mm', locale=locale)} {local.tzname() or zone.key}"

    def relative(instant: datetime) -> str:
        """Such as *in 28 days* or *2 hours ago*; weeks and months only where days no longer help."""
        away = instant - now()
        if timedelta(days=1) <= abs(away) < timedelta(days=60):
            return format_timedelta(away, "day", add_direction=True, locale=locale, threshold=9)
        return format_timedelta(away, add_direction=True, locale=locale, threshold=0.9)

    def when(instant: datetime | None, lead: str = "both") -> Markup:
        """A `<time>` element with relative and absolute time; `lead` is `both`, `relative` or `absolute`."""
        if instant is None:
            return Markup("")
        stamp, exact = instant.astimezone(zone).isoformat(timespec="seconds"), absolute(instant)
        if lead == "absolute":
            return Markup('<time datetime="{}">{}</time>').format(stamp, exact)
        if lead == "relative":
            return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, exact, relative(instant))
        return Markup('<time datetime="{}">{} <span class="when-exact">{}</span></time>').format(
            stamp, relative(instant), exact
        )

    def day(value: date | datetime | None) -> Markup:
        """A `<time>` element with the day alone."""
        if value is None:
            return Markup("")
        local = value.astimezone(zone).date() if isinstance(value, datetime) else value
        return Markup('<time datetime="{}">{}</time>').format(
            local.isoformat(), format_date(local, "EEE d MMM y", locale=locale)
        )

    def number(value: float) -> str:
        """With the language's grouping: *10,000*."""
        return format_decimal(value, locale=locale)

    return {"program": program, "when": when, "day": day, "number": number, "absolute": absolute, "relative": relative}
