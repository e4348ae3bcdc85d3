"""The table of ratios beside the goals, and its two files: JSON for machines, SVG for people."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from tests.benchmarks.compare import Spread
from tests.benchmarks.plot import bars


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that a ratio should keep."""

    kind: Literal["at least", "at most"]
    bound: float

    def met(self, value: float) -> bool:
        """Whether the value keeps it."""
        return value >= self.bound if self.kind == "at least" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.kind} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One ratio: of what, to what, and the goal if the design sets one."""

    group: str
    name: str
    of: str
    """What counts as 1.0."""
    value: Spread
    goal: Goal | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        return self.goal.met(self.value.median) if self.goal else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures that are read beside one another, not held against goals."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(slots=True)
class Report:
    """All ratios of one run."""

    database: str
    short: bool
    started: datetime
    rows: list[Row] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)

    @property
    def missed(self) -> list[Row]:
        """The rows whose goal is not met."""
        return [row for row in self.rows if row.met is False]

    def show(self, console: Console) -> None:
        """Print the table."""
        table = Table(
            title=f"Ratios, {self.database}{', short' if self.short else ''}",
            title_justify="left",
        )
        for heading in (
            "what",
            "1.0 is",
            "ratio",
            "lowest - highest",
            "goal",
            "",
            "beside it",
        ):
            table.add_column(
                heading,
                justify="right" if heading in ("ratio", "lowest - highest") else "left",
            )
        group = None
        for row in self.rows:
            if group is not None and row.group != group:
                table.add_section()
            group = row.group
            mark = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[row.met]
            value = row.value
            span = "" if value.low == value.high else f"{figure(value.low)} - {figure(value.high)}"
            table.add_row(
                row.name,
                row.of,
                figure(value.median),
                span,
                str(row.goal or ""),
                mark,
                row.note,
            )
        console.print(table)
        for sheet in self.sheets:
            console.print(_printed(sheet))

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file."""
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "database": self.database,
            "short": self.short,
            "machine": {
                "cores": os.cpu_count(),
                "processor": platform.machine(),
                "python": platform.python_version(),
                "load_at_end": os.getloadavg()[0],
            },
            "rows": [{**asdict(row), "met": row.met} for row in self.rows],
            "sheets": [asdict(sheet) for sheet in self.sheets],
        }

    def save(self, folder: Path) -> tuple[Path, Path]:
        """Write both files; answers their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = folder / f"{self.started:%Y-%m-%d-%H%M%S}-{self.database}"
        data, picture = stem.with_suffix(".json"), stem.with_suffix(".svg")
        data.write_text(json.dumps(self.as_json(), indent=2) + "\n", encoding="utf-8")
        picture.write_text(
            bars(self.rows, title=f"Ratios beside their goals, {self.database}"),
            encoding="utf-8",
        )
        return data, picture


def _printed(sheet: Sheet) -> Table:
    table = Table(title=sheet.title, title_justify="left")
    for place, heading in enumerate(sheet.headings):
        table.add_column(heading, justify="right" if place else "left")
    for row in sheet.rows:
        table.add_row(*row)
    return table


def figure(value: float) -> str:
    """A ratio with as many digits as mean something."""
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value >= 0.1 else f"{value:.3g}"
