"""What charts have in common: paper and ink, title, axes with their units, legend, and stretches of time behind it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

WIDTH, HEIGHT = 960, 380
LEFT, RIGHT, TOP, BOTTOM = 72, 24, 86, 52
STYLE = """
svg.chart{--paper:#fff;--ink:#1c2733;--soft:#5a6875;--grid:#e3e8ee;--band:#f2f5f9;--c1:#0b6bcb;--c2:#d9480f;
--c3:#1a7f5a;--c4:#8a4fbf;--c5:#b08900;background:var(--paper);font-family:system-ui,'Segoe UI',sans-serif}
@media(prefers-color-scheme:dark){svg.chart{--paper:#12181f;--ink:#e6edf3;--soft:#9aa8b5;--grid:#2a3440;--band:#19212a;
--c1:#58a6ff;--c2:#ff9454;--c3:#4cc38a;--c4:#c297ff;--c5:#e3c04f}}
svg.chart text{fill:var(--ink);font-size:13px}svg.chart .soft{fill:var(--soft)}svg.chart .title{font-size:18px;
font-weight:600}svg.chart .grid{stroke:var(--grid)}svg.chart .axis{stroke:var(--soft)}svg.chart .band{fill:var(--band)}
svg.chart .line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}svg.chart .dashed{
stroke-dasharray:5 4}svg.chart .hit{fill:transparent}svg.chart .hit:hover{fill:var(--soft);fill-opacity:.12}
"""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the horizontal axis with a word on it."""

    start: float
    end: float
    word: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: what it measures, its ends, and where it is marked with which words."""

    label: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]

    @classmethod
    def numbers(cls, label: str, values: Iterable[float], *, most: int = 6) -> "Scale":
        """An axis from nothing, or from below it, to a round number above every value."""
        known = [0.0, *values]
        step = _round_step((max(known) - min(known)) / most)
        if all(float(value).is_integer() for value in known):
            step = max(1.0, math.ceil(step))
        low, high = math.floor(min(known) / step) * step, math.ceil(max(known) / step) * step
        high = max(high, low + step)
        places = round((high - low) / step)
        return cls(label, low, high, [(low + at * step, number(low + at * step)) for at in range(places + 1)])

    @classmethod
    def weeks(cls, first: date, count: int) -> "Scale":
        """An axis of weeks, each at its place from 0, marked where months begin."""
        days = [first + timedelta(days=day) for day in range(count * 7)]
        firsts = [(at / 7, day) for at, day in enumerate(days) if day.day == 1]
        every = -(-len(firsts) // 14) or 1
        ticks = [(at, f"{day:%b %Y}" if day.month == 1 or not place else f"{day:%b}")
                 for place, (at, day) in enumerate(firsts) if place % every == 0]  # fmt: skip
        return cls("", 0, max(count, 1), ticks)

    @classmethod
    def words(cls, label: str, words: Sequence[str]) -> "Scale":
        """An axis of things, each in the middle of its place."""
        return cls(label, 0, max(len(words), 1), [(at + 0.5, word) for at, word in enumerate(words)])


@dataclass(frozen=True, slots=True)
class Frame:
    """The chart but for its data: turns values into places on the paper."""

    title: str
    about: str
    x: Scale
    y: Scale

    def across(self, value: float) -> float:
        """Where a value of the horizontal axis lies."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - self.x.low) / (self.x.high - self.x.low)

    def up(self, value: float) -> float:
        """Where a value of the vertical axis lies."""
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - self.y.low) / (self.y.high - self.y.low)

    def drawn(
        self,
        marks: Iterable[str],
        legend: Sequence[tuple[str, str]] = (),
        bands: Sequence[Band] = (),
        *,
        ticked: bool = True,
    ) -> str:
        """The whole file: `marks` are what stands for the data, `legend` pairs each colour with a word."""
        name = "chart-" + "".join(letter if letter.isalnum() else "-" for letter in self.title.lower())
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {HEIGHT}"',
            f' role="img" aria-labelledby="{name}-title {name}-about">',
            f'<title id="{name}-title">{escape(self.title)}</title>',
            f'<desc id="{name}-about">{escape(self.about)}</desc>',
            f"<style>{STYLE}</style>",
            '<rect width="100%" height="100%" rx="8" fill="var(--paper)"/>',
            *self._bands(bands),
            f'<text class="title" x="{LEFT}" y="30">{escape(self.title)}</text>',
            *_legend(legend),
            *self._axes(ticked),
            *marks,
        ]
        return "\n".join([*parts, "</svg>", ""])

    def _bands(self, bands: Sequence[Band]) -> list[str]:
        drawn = []
        for band in bands:
            left, right = self.across(max(band.start, self.x.low)), self.across(min(band.end, self.x.high))
            drawn.append(
                f'<rect class="band" x="{left:.1f}" y="{TOP}" width="{max(0.0, right - left):.1f}" '
                f'height="{HEIGHT - BOTTOM - TOP}"><title>{escape(band.word)}</title></rect>'
            )
            if right - left > 3.6 * len(band.word):
                drawn.append(
                    f'<text class="soft" x="{(left + right) / 2:.1f}" y="{TOP - 6}" text-anchor="middle" '
                    f'font-style="italic">{escape(band.word)}</text>'
                )
        return drawn

    def _axes(self, ticked: bool) -> list[str]:
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        drawn = [f'<text class="soft" x="14" y="{TOP - 16}">{escape(self.y.label)}</text>']
        for value, word in self.y.ticks:
            y = self.up(value)
            drawn.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
            drawn.append(f'<text class="soft" x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{escape(word)}</text>')
        for value, word in self.x.ticks:
            x = self.across(value)
            if ticked:
                drawn.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 5}"/>')
            drawn.append(f'<text class="soft" x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{escape(word)}</text>')
        zero = self.up(max(self.y.low, min(0.0, self.y.high)))
        drawn.append(f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{zero:.1f}" y2="{zero:.1f}"/>')
        label = escape(self.x.label)
        drawn.append(f'<text class="soft" x="{right}" y="{HEIGHT - 12}" text-anchor="end">{label}</text>')
        return drawn


def number(value: float) -> str:
    """A number as people read it."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def _legend(entries: Sequence[tuple[str, str]]) -> list[str]:
    drawn, x = [], float(LEFT)
    for colour, word in entries:
        drawn.append(f'<rect x="{x:.0f}" y="43" width="14" height="14" rx="3" fill="{colour}"/>')
        drawn.append(f'<text x="{x + 20:.0f}" y="55">{escape(word)}</text>')
        x += 44 + 7.2 * len(word)
    return drawn


def _round_step(rough: float) -> float:
    """The least of 1, 2, 2.5 and 5 times a power of ten that is not below it."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough * 0.999)
