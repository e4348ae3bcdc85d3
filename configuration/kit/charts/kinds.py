"""The kinds of charts: lines over time, bars beside or upon one another, dots of pairs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from configuration.kit.charts.frame import BOTTOM, HEIGHT, TOP, Band, Frame, Scale, number

COLOURS = tuple(f"var(--c{place})" for place in range(1, 6))
GAP = 0.18
"""The part of a bar's place that stays empty."""
WIDEST = 70
FEWEST_DOTS_SEEN_WHOLE = 400


@dataclass(frozen=True, slots=True)
class Series:
    """Values with a name; `None` where there is none. `dashed` sets an aside apart from what the chart is about."""

    name: str
    values: Sequence[float | None]
    dashed: bool = False
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """What a chart of series says beside them: its title, what it shows in a sentence, its axes and what lies behind.

    `at` names each place of the horizontal axis, to be said with the values there; `unit` is that of the values.
    """

    title: str
    about: str
    x: Scale
    unit: str
    at: Sequence[str]
    bands: Sequence[Band] = ()

    def frame(self, values: Iterable[float]) -> Frame:
        """Paper with axes for these values."""
        return Frame(self.title, self.about, self.x, Scale.numbers(self.unit, values))


def lines(plot: Plot, series: Sequence[Series]) -> str:
    """A line for each series."""
    frame = plot.frame(value for one in series for value in one.values if value is not None)
    marks = [_path(frame, one, _colour(series, place)) for place, one in enumerate(series)]
    return frame.drawn([*marks, *_hits(frame, series, plot.at)], _entries(series), plot.bands)


def bars(plot: Plot, series: Sequence[Series]) -> str:
    """Bars upon one another, one stack for each place: what is above nothing upwards, what is below it downwards."""
    tops = [sum(max(0, value or 0) for value in stack) for stack in _stacks(series)]
    depths = [sum(min(0, value or 0) for value in stack) for stack in _stacks(series)]
    frame = plot.frame([*tops, *depths])
    marks = []
    for place, stack in enumerate(_stacks(series)):
        top, depth = 0.0, 0.0
        for rank, value in enumerate(stack):
            if not value:
                continue
            start, end = (top, top + value) if value > 0 else (depth, depth + value)
            top, depth = (end, depth) if value > 0 else (top, end)
            middle, half = frame.across(place + 0.5), min(WIDEST, frame.across(1 - GAP) - frame.across(0)) / 2
            left, right = middle - half, middle + half
            upper, lower = sorted((frame.up(start), frame.up(end)))
            marks.append(
                f'<rect x="{left:.1f}" y="{upper:.1f}" width="{right - left:.1f}" height="{lower - upper:.1f}" '
                f'fill="{_colour(series, rank)}"/>'
            )
    named = _entries(series) if len(series) > 1 else []
    return frame.drawn([*marks, *_hits(frame, series, plot.at)], named, plot.bands, ticked=False)


def dots(
    title: str,
    about: str,
    series: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    *,
    across: str,
    up: str,
    even: str | None = None,
) -> str:
    """A dot for each pair; `even` names the line on which both values of a pair are the same."""
    pairs = [pair for _, some in series for pair in some]
    x, y = Scale.numbers(across, [one for one, _ in pairs], most=10), Scale.numbers(up, [other for _, other in pairs])
    frame = Frame(title, about, x, y)
    opacity = 0.75 if len(pairs) < FEWEST_DOTS_SEEN_WHOLE else 0.4
    marks = []
    if even is not None:
        end = min(x.high, y.high)
        marks.append(
            f'<line class="axis dashed" x1="{frame.across(0):.1f}" y1="{frame.up(0):.1f}" x2="{frame.across(end):.1f}" '
            f'y2="{frame.up(end):.1f}"><title>{escape(even)}</title></line>'
        )
    for place, (_, some) in enumerate(series):
        places = dict.fromkeys((round(frame.across(one), 1), round(frame.up(other), 1)) for one, other in some)
        circles = "".join(f'<circle cx="{cx}" cy="{cy}" r="3.2"/>' for cx, cy in places)
        marks.append(f'<g fill="{COLOURS[place]}" fill-opacity="{opacity}">{circles}</g>')
    return frame.drawn(marks, [(COLOURS[place], name) for place, (name, _) in enumerate(series)])


def _path(frame: Frame, one: Series, colour: str) -> str:
    """The line of a series, broken where it has no value."""
    steps, pen = [], "M"
    for place, value in enumerate(one.values):
        if value is None:
            pen = "M"
            continue
        steps.append(f"{pen}{frame.across(place + 0.5):.1f} {frame.up(value):.1f}")
        pen = "L"
    kind = "line dashed" if one.dashed else "line"
    return f'<path class="{kind}" stroke="{colour}" d="{" ".join(steps)}"><title>{escape(one.name)}</title></path>'


def _hits(frame: Frame, series: Sequence[Series], at: Sequence[str]) -> list[str]:
    """What the pointer and a screen reader find at each place: its name with every value there."""
    found = []
    for place, word in enumerate(at):
        values = [(one.name, one.values[place]) for one in series]
        told = ", ".join(f"{name} {number(abs(value))}" for name, value in values if value is not None)
        left, right = frame.across(place), frame.across(place + 1)
        found.append(
            f'<rect class="hit" x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{HEIGHT - BOTTOM - TOP}">'
            f"<title>{escape(word)}: {escape(told)}</title></rect>"
        )
    return found


def _stacks(series: Sequence[Series]) -> list[tuple[float | None, ...]]:
    return list(zip(*(one.values for one in series), strict=True))


def _colour(series: Sequence[Series], place: int) -> str:
    chosen = series[place].colour
    return COLOURS[place % len(COLOURS) if chosen is None else chosen - 1]


def _entries(series: Sequence[Series]) -> list[tuple[str, str]]:
    return [(_colour(series, place), one.name) for place, one in enumerate(series)]
