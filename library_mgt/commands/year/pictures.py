"""The year drawn: what was lent and came back, who waited and how long, and what it cost."""

from collections.abc import Mapping
from datetime import timedelta

from configuration.kit.charts import Band, Plot, Scale, Series, bars, dots, lines
from library_mgt.commands.year.figures import Figures, Waits
from library_mgt.commands.year.seasons import WEEK

MOST_REASONS = 4
BUSY = ("exams", "start of term")
QUEUES = {"QUEUED": "in a queue", "ALLOCATED": "to be pulled", "READY": "on the hold shelf"}


def pictures(year: Figures) -> Mapping[str, str]:
    """Every picture by the name of its file."""
    return {
        "loans": loans(year),
        "queues": queues(year),
        "waiting": waiting(year.waits),
        "foretold": foretold(year.waits),
        "fines": fines(year),
        "standing": standing(year),
        "refusals": refusals(year),
    }


def loans(year: Figures) -> str:
    """Loans, returns and renewals of each week."""
    out, back, longer = (year.each_week(kind) for kind in ("CHECKED_OUT", "RETURNED", "RENEWED"))
    about = f"Each week of the year: {sum(out):,} loans, {sum(back):,} returns and {sum(longer):,} renewals."
    series = [Series("loans", out), Series("returns", back), Series("renewals", longer, dashed=True)]
    return lines(_by_week(year, "Loans and returns", about, "a week"), series)


def queues(year: Figures) -> str:
    """Who waits, at the end of each week."""
    series = [Series(word, [week.requests.get(state, 0) for week in year.weeks]) for state, word in QUEUES.items()]
    most = max((week.requests.get("QUEUED", 0) for week in year.weeks), default=0)
    about = f"Open requests on the evening of each Sunday; at most {most:,} of them stood in a queue."
    return bars(_by_week(year, "Who waits", about, "requests"), series)


def standing(year: Figures) -> str:
    """What is out, and what of it is late, at the end of each week."""
    out = Series("out", [week.out for week in year.weeks])
    late = Series("of them overdue", [week.overdue for week in year.weeks])
    about = f"On the evening of each Sunday; {year.copies:,} copies in all."
    return lines(_by_week(year, "Copies out, and overdue", about, "copies"), [out, late])


def waiting(waits: Waits) -> str:
    """How many waits lay in the range that was foretold, and by how much the others missed it."""
    spans = waits.spans()
    inside = [number if name == "as foretold" else None for name, number in spans.items()]
    outside = [None if name == "as foretold" else number for name, number in spans.items()]
    words = [name.replace("more than ", "> ").replace(" weeks", " w").replace(" days", " d") for name in spans]
    plot = Plot(
        "How true the waiting times were",
        f"Of {len(waits.told):,} waits foretold with a first and a last day, {waits.inside:.0%} ended between them.",
        Scale.words("when a copy lay ready, beside the days that were foretold", words),
        "requests",
        list(spans),
    )
    return bars(plot, [Series("inside the range", inside, colour=3), Series("outside", outside, colour=2)])


def foretold(waits: Waits) -> str:
    """The last day that was foretold, and the day that it was, request by request."""
    kinds = {"early": "earlier than foretold", "late": "later than foretold", "inside": "inside the range"}
    series = [
        (word, [(float(one.latest), float(one.took)) for one in waits.told if one.verdict == kind])
        for kind, word in kinds.items()
    ]
    return dots(
        "Waits foretold, and waits as they were",
        "Each dot is a request: across, in how many days a copy was promised at the latest; up, how many it took.",
        series,
        across="days until the last day foretold",
        up="days it took",
        even="as long as the latest that was foretold",
    )


def fines(year: Figures) -> str:
    """What was charged, paid and let go each week; what takes a charge away points down."""
    charged = year.money("OVERDUE", "LOST", "DAMAGE")
    paid, waived = year.money("PAYMENT", "REFUND"), year.money("WAIVER")
    about = (
        f"Each week, in {year.currency}: {sum(charged):,.2f} charged, {-sum(paid):,.2f} paid, {-sum(waived):,.2f} "
        "waived; what takes a charge away points down."
    )
    series = [
        Series("fines", year.money("OVERDUE"), colour=2),
        Series("losses", year.money("LOST", "DAMAGE"), colour=5),
        Series("paid", paid, colour=3),
        Series("waived", waived, colour=4),
    ]
    return bars(_by_week(year, "Fines and losses", about, year.currency), series)


def refusals(year: Figures) -> str:
    """The reasons that stood against acts, week by week; the rare ones together."""
    frequent = list(year.refused)[:MOST_REASONS]
    series = [
        Series(code.replace("_", " ").lower(), [week.refused.get(code, 0) for week in year.weeks]) for code in frequent
    ]
    rare = [sum(times for code, times in week.refused.items() if code not in frequent) for week in year.weeks]
    about = "How often each reason stood against an act, each week; all that stand against one act are told together."
    return bars(_by_week(year, "Why something was refused", about, "times"), [*series, Series("others", rare)])


def _by_week(year: Figures, title: str, about: str, unit: str) -> Plot:
    """A chart over the weeks of the year, with exams and beginnings of terms behind it."""
    names = [f"week of {year.first + place * WEEK:%d %b %Y}" for place in range(len(year.weeks))]
    bands = [
        Band((one.first - year.first).days / 7, ((one.last - year.first) + timedelta(days=1)).days / 7, one.what)
        for one in year.seasons
        if one.what in BUSY
    ]
    return Plot(title, about, Scale.weeks(year.first, len(year.weeks)), unit, names, bands)
