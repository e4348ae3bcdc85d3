"""A bar per ratio on a logarithmic scale, drawn to its goal: 1.0 on the scale is the goal itself.

A bar that ends left of the line keeps its goal, whichever way the goal points.
"""

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.report import Row

ROW_HEIGHT, LEFT, WIDTH, RIGHT, TOP = 24, 420, 420, 150, 56
DECADES = 2.0
"""The scale goes from a hundredth of the goal to a hundred times it."""


def strain(row: "Row") -> float:
    """How much of its goal a ratio uses up: below 1 it is met."""
    assert row.goal is not None
    value = max(row.value.median, 1e-9)
    return row.goal.bound / value if row.goal.kind == "at least" else value / max(row.goal.bound, 1e-9)


def _x(share: float) -> float:
    place = (math.log10(max(share, 1e-9)) + DECADES) / (2 * DECADES)
    return LEFT + WIDTH * min(1.0, max(0.0, place))


def bars(rows: Sequence["Row"], *, title: str) -> str:
    """The picture of all rows that have a goal."""
    shown = [row for row in rows if row.goal is not None]
    height = TOP + ROW_HEIGHT * len(shown) + 24
    box = f"0 0 {LEFT + WIDTH + RIGHT} {height}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="12" y="24" font-size="16">{escape(title)}</text>',
        f'<text x="{_x(1):.0f}" y="44" text-anchor="middle" fill="#333">goal</text>',
        f'<text x="{LEFT}" y="44" fill="#333">better</text>',
        f'<text x="{LEFT + WIDTH}" y="44" text-anchor="end" fill="#333">worse</text>',
    ]
    for at, row in enumerate(shown):
        assert row.goal is not None
        y = TOP + at * ROW_HEIGHT
        end, zero = _x(strain(row)), _x(1e-9)
        colour = "#1a7f5a" if row.met else "#b3261e"
        label = f"{row.value.median:.3g} ({row.goal})"
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(row.name)}</text>',
            f'<rect x="{zero:.0f}" y="{y + 3}" width="{max(1, end - zero):.0f}" height="16" fill="{colour}"/>',
            f'<text x="{LEFT + WIDTH + 6}" y="{y + 15}">{escape(label)}</text>',
        ]
    parts.append(
        f'<line x1="{_x(1):.0f}" x2="{_x(1):.0f}" y1="{TOP - 6}" y2="{height - 20}" stroke="#333" stroke-width="1.5"/>'
    )
    return "\n".join([*parts, "</svg>", ""])
