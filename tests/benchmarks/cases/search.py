"""Lists and searches in a small and in a large catalogue: what grows when the catalogue grows tenfold?

1.0 is the CPU of the same call in the small catalogue, served in turns.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from urllib.parse import quote

from tests.benchmarks import books
from tests.benchmarks.compare import Comparison, Subject, in_turns
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.servers import Server
from tests.benchmarks.whole import whole
from tests.benchmarks.wire import ask, check, encode
from tests.reliability.installation import PREFIX, Installation

TITLES = f"{PREFIX}/library/titles"
CLIENTS = 8
LIMIT = 50


def search(small: Installation, large: Installation, pace: Pace) -> list[Row]:
    """The ratios of the large catalogue to the small one."""
    ordered = _by_frequency()
    common, mixed = ordered[:8], [ordered[int(len(ordered) ** (step / 12)) - 1] for step in range(12)]
    rows = []
    with whole(small) as one, whole(large) as other:
        first = [[f"{TITLES}?limit={LIMIT}"]] * 2
        # A deep page of the large catalogue is held against the first page of the small one.
        deep = [first[0], _deep_pages(other, pace.large)]
        rows.append(_row("first page", first, (one, other), 1.5, pace))
        rows.append(_row("deep page, to the first", deep, (one, other), 1.5, pace))
        rows.append(_row("search, words of all kinds", [_asking(mixed)] * 2, (one, other), 2, pace))
        rows.append(_row("search, the most common words", [_asking(common)] * 2, (one, other), 2, pace))
        starts = [f"{word[:3]}*" for word in mixed if len(word) > 3]
        rows.append(_row("search, beginnings of words", [_asking(starts)] * 2, (one, other), 2, pace))
    return rows


def _row(name: str, paths: Sequence[Sequence[str]], servers: Sequence[Server], bound: float, pace: Pace) -> Row:
    subjects = [_subject(server, asked) for server, asked in zip(servers, paths, strict=True)]
    found = in_turns(subjects, clients=CLIENTS, seconds=pace.seconds / 2, rounds=pace.rounds)
    what = f"{name}, {pace.small // 1000} to {pace.large // 1000} thousand titles"
    return Row("search", what, "small catalogue, CPU", found.cpu[1], Goal("at most", bound), _waits(found))


def _subject(server: Server, paths: Sequence[str]) -> Subject:
    return Subject(server, lambda: cycle([encode("GET", path) for path in paths]))


def _waits(found: Comparison) -> str:
    slowest = sorted(taken[1].p95 / taken[0].p95 for taken in found.slices)[len(found.slices) // 2]
    return f"p95 {slowest:.2f}"


def _asking(queries: Sequence[str]) -> list[str]:
    return [f"{TITLES}?limit={LIMIT}&q={quote(query)}" for query in queries]


def _by_frequency() -> list[str]:
    """The words of the catalogue, the most frequent first."""
    counted = Counter(word for book in books.described(10_000) for word in set(book.words.split()))
    return [word for word, _ in counted.most_common() if len(word) > 1]


def _deep_pages(server: Server, titles: int) -> list[str]:
    """Pages from the middle of the catalogue on, reached as a reader reaches them: cursor by cursor."""
    cursor: str | None = None
    pages: list[str] = []
    for step in range(titles // 200):
        reply = check(ask(server.port, "GET", f"{TITLES}?limit=200" + (f"&cursor={cursor}" if cursor else "")), 200)
        cursor = reply.json()["next"]
        if cursor is None:
            break
        if step >= titles // 400 and len(pages) < 20:
            pages.append(f"{TITLES}?limit={LIMIT}&cursor={cursor}")
    return pages
