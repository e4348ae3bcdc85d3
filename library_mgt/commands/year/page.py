"""The page that shows the year: its figures in words, and every picture."""

from collections.abc import Mapping, Sequence
from html import escape

from library_mgt.commands.year.figures import Figures, Waits

STYLE = """
:root{color-scheme:light dark;--paper:#f6f8fa;--card:#fff;--ink:#1c2733;--soft:#5a6875;--edge:#dfe5eb}
@media(prefers-color-scheme:dark){:root{--paper:#0d1218;--card:#12181f;--ink:#e6edf3;--soft:#9aa8b5;--edge:#2a3440}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,'Segoe UI',sans-serif}main{max-width:1040px;margin:0 auto;padding:2rem 1rem 4rem}
h1{margin:0 0 .25rem;font-size:1.9rem}h2{margin:2.5rem 0 .75rem;font-size:1.25rem}p{max-width:46rem}.soft{
color:var(--soft)}dl.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:.75rem;
margin:1.5rem 0}dl.tiles div{background:var(--card);border:1px solid var(--edge);border-radius:8px;padding:.7rem .9rem}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.45rem;font-weight:600;font-variant-numeric:tabular-nums}
figure{margin:0 0 1.25rem;border:1px solid var(--edge);border-radius:8px;overflow:hidden}figure svg{display:block;
width:100%;height:auto}table{border-collapse:collapse;background:var(--card)}th,td{padding:.3rem .9rem;
border:1px solid var(--edge);text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
code{background:var(--card);border:1px solid var(--edge);border-radius:4px;padding:.1rem .3rem}
"""


def page(year: Figures, drawn: Mapping[str, str], *, look: str) -> str:
    """The whole page; `look` is the command that shows this library in a browser."""
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>A year of a library</title><style>{STYLE}</style></head><body><main>",
            "<h1>A year of a library</h1>",
            f'<p class="soft">{escape(_beginning(year))}</p>',
            _tiles(tiles(year)),
            "<h2>What was lent and came back</h2>",
            *_figures(drawn, "loans", "standing"),
            "<h2>Who waited, and how long</h2>",
            *_figures(drawn, "queues"),
            f"<p>{escape(_told(year.waits))}</p>",
            *_figures(drawn, "waiting", "foretold"),
            "<h2>What it cost</h2>",
            *_figures(drawn, "fines"),
            "<h2>What was refused</h2>",
            *_figures(drawn, "refusals"),
            _table(("reason", "times"), [(code, f"{number:,}") for code, number in year.refused.items()]),
            "<h2>Look at it</h2>",
            f"<p>This library can be walked through in a browser: <code>{escape(look)}</code></p>",
            f"<p>Files: {', '.join(f'<a href={file}>{file}</a>' for file in ('figures.json', *_files(drawn)))}.</p>",
            "</main></body></html>",
            "",
        ]
    )


def _beginning(year: Figures) -> str:
    return (
        f"{year.first:%d %B %Y} to {year.last:%d %B %Y}, {year.titles:,} titles in {year.copies:,} copies, "
        f"{year.patrons:,} readers. Nobody in it is real: they were drawn by lot (seed {year.seed}), and lent, waited "
        "and paid through the same services as everybody."
    )


def _told(waits: Waits) -> str:
    """How true it was what readers were told of waiting."""
    told = len(waits.told)
    early, late = (sum(one.verdict == kind for one in waits.told) for kind in ("early", "late"))
    return (
        f"{told:,} readers were told a first and a last day on which a copy would lie ready for them, and got one. For "
        f"{waits.inside:.0%} of them it lay ready between the two; for {_share(early, told)} before the first, for "
        f"{_share(late, told)} after the last. {waits.unbounded:,} more were told that nobody knows until when, "
        f"{waits.ended:,} gave up or were not served, {waits.waiting:,} still wait."
    )


def _files(drawn: Mapping[str, str]) -> list[str]:
    return [f"{name}.svg" for name in drawn]


def tiles(year: Figures) -> Sequence[tuple[str, str]]:
    """The year in a few numbers."""
    balance = (year.weeks[-1].balance_minor if year.weeks else 0) / 100
    return (
        ("loans", f"{year.total('CHECKED_OUT'):,}"),
        ("returns", f"{year.total('RETURNED'):,}"),
        ("renewals", f"{year.total('RENEWED'):,}"),
        ("requests", f"{year.total('REQUESTED'):,}"),
        ("filled", f"{year.requests.get('FULFILLED', 0):,}"),
        ("not fetched in time", f"{year.total('EXPIRED'):,}"),
        ("called back", f"{year.total('RECALLED'):,}"),
        ("lost", f"{year.total('DECLARED_LOST'):,}"),
        ("reasons to refuse", f"{sum(year.refused.values()):,}"),
        (f"still owed, {year.currency}", f"{balance:,.2f}"),
    )


def _tiles(some: Sequence[tuple[str, str]]) -> str:
    inner = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in some)
    return f'<dl class="tiles">{inner}</dl>'


def _figures(drawn: Mapping[str, str], *names: str) -> list[str]:
    return [f"<figure>{drawn[name]}</figure>" for name in names]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    titles = "".join(f"<th scope='col'>{escape(one)}</th>" for one in head)
    body = "".join(f"<tr><th scope='row'><code>{escape(a)}</code></th><td class='n'>{b}</td></tr>" for a, b in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
