"""Dates, numbers and durations as people read them: in the university's zone and the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations
from markupsafe import Markup

from configuration.kit.web.sentences import Sentence

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
IN_DAYS = (timedelta(days=1), timedelta(days=60))
"""Between these, how far away something is, is said in days: *in 28 days* says more than *in a month*."""


class Amounts(Protocol):
    """The currency that amounts are in: its ISO 4217 code, and the decimal places of its smallest unit."""

    @property
    def code(self) -> str:
        """Such as *EUR*."""

    @property
    def digits(self) -> int:
        """Such as 2."""


def _ends_a_day(local: datetime) -> bool:
    return (local.hour, local.minute) == (23, 59)


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
    translations: NullTranslations = field(default_factory=NullTranslations)

    def say(self, message: str) -> str:
        """The message in the language."""
        return self.translations.ugettext(message)

    def many(self, one: str, many: str, count: int) -> str:
        """The message for that many, with the number put in."""
        return self.translations.ungettext(one, many, count) % self.number(count)

    def said(self, text: str) -> str:
        """A sentence in the language; other texts as they are."""
        return text.said(self.say) if isinstance(text, Sentence) else text

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

    def day_of(self, instant: datetime) -> str:
        """The day of an instant in the zone: *Mon 14 Nov 2025*."""
        return self.calendar_day(instant.astimezone(self.zone).date())

    def deadline(self, instant: datetime) -> str:
        """Until when: the day alone where it lasts until the end of that day in the zone, else day and time."""
        local = instant.astimezone(self.zone)
        return self.calendar_day(local.date()) if _ends_a_day(local) else self.absolute(instant)

    def away(self, instant: datetime) -> str:
        """How far a deadline is away, in days of the calendar: *today*, *in 28 days*, *12 days late*."""
        local, now = instant.astimezone(self.zone), self.now().astimezone(self.zone)
        days = (local.date() - now.date()).days
        if not _ends_a_day(local) and abs(days) < 1:
            return self.relative(instant)
        if days < 0:
            return self.translations.ungettext("%(num)s day late", "%(num)s days late", -days) % {"num": -days}
        if days < 2:
            return self.translations.ugettext("tomorrow") if days else self.translations.ugettext("today")
        return format_timedelta(timedelta(days=days), "day", add_direction=True, locale=self.locale, threshold=1000)

    def due(self, instant: datetime | None, lead: str = "both") -> Markup:
        """A `<time>` element for a deadline: how many days, and which day; on paper, `lead="exact"`, the day alone."""
        if instant is None:
            return Markup("")
        stamp = instant.astimezone(self.zone).isoformat(timespec="seconds")
        if lead == "exact":
            return Markup('<time datetime="{}">{}</time>').format(stamp, self.deadline(instant))
        return Markup('<time datetime="{}">{} <span class="when-exact">{}</span></time>').format(
            stamp, self.away(instant), self.deadline(instant)
        )

    def when(self, instant: datetime | None, lead: str = "both") -> Markup:
        """A `<time>` element with relative and absolute time.

        With `lead="relative"` the absolute one is its title; on paper, with `lead="exact"`, it stands alone.
        """
        if instant is None:
            return Markup("")
        stamp, exact = instant.astimezone(self.zone).isoformat(timespec="seconds"), self.absolute(instant)
        if lead == "relative":
            return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, exact, self.relative(instant))
        if lead == "exact":
            return Markup('<time datetime="{}">{}</time>').format(stamp, exact)
        return Markup('<time datetime="{}">{} <span class="when-exact">{}</span></time>').format(
            stamp, self.relative(instant), exact
        )

    def day(self, value: date | None) -> Markup:
        """A `<time>` element with the day alone."""
        if value is None:
            return Markup("")
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), self.calendar_day(value))

    def calendar_day(self, value: date) -> str:
        """A day of the calendar: *Mon 14 Nov 2025*."""
        return format_date(value, "EEE d MMM y", locale=self.locale)

    def number(self, value: float) -> str:
        """With the language's grouping: *10,000*."""
        return format_decimal(value, locale=self.locale)

    def money(self, minor: int, currency: Amounts) -> str:
        """An amount in smallest units, as the language writes its currency: *€12.50*, *12,50 €*."""
        amount = Decimal(minor).scaleb(-currency.digits)
        return format_currency(amount, currency.code, locale=self.locale)

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The filters by the names templates use."""
        return {
            "when": self.when,
            "due": self.due,
            "day": self.day,
            "number": self.number,
            "money": self.money,
            "said": self.said,
            "program": program,
        }
