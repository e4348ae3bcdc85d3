"""The verdicts of an import: what each row of a file is to do, as the file and the catalogue stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from configuration.kit.database import Transaction
from configuration.kit.delimited import Row, Unreadable, recognise
from configuration.kit.features import jobs
from library_mgt.domain.book_rows import BookRecord, NoTitleColumn, Reason, match_key, read_row, understand
from library_mgt.errors import ImportUnreadable
from library_mgt.repository import imports as staged
from library_mgt.repository.imports import KnownTitle, Span

CELL_SHOWN = 200
_NO_ISBN = {"state": "absent"}
_PLAIN = ("external", "title", "subtitle", "publisher", "year", "edition", "language", "call_number")
_ISBN = ("raw", "state", "isbn13", "qualifier")

Verdict = tuple[str, list[dict[str, str]], int | None]
"""The word, the reasons, and the title that the row is about."""
_T = TypeVar("_T")


def plan(place: jobs.Workplace, job: jobs.Job, stride: jobs.Stride) -> Iterator[jobs.Effect]:
    """Read the file and give each row its verdict; then wait for a person to decide."""
    try:
        sheet = recognise(place.read(jobs.read_input, job.id))
        columns = understand(sheet.header)
        rows = list(breathing(place, sheet.rows()))
    except (Unreadable, NoTitleColumn) as fault:
        raise ImportUnreadable(str(fault)) from fault
    seen = _Seen()
    found = {"encoding": sheet.encoding, "separator": sheet.separator, "unknown_columns": list(columns.unknown)[:100]}
    staging = (_staged(job, columns, row, seen) for row in breathing(place, rows))
    for _ in islice(staging, job.position):
        pass  # Planned before an interruption; what they said is in `seen` now.
    while part := list(islice(staging, stride.size)):
        yield _planning(part, len(rows), found, stride)
    yield _planned(len(rows), found)


def breathing(place: jobs.Workplace, items: Iterable[_T]) -> Iterator[_T]:
    """The items, with a rest for others between them."""
    for item in items:
        place.breathe()
        yield item


class _Seen:
    """In which row of the file each identity and each description stood first."""

    def __init__(self) -> None:
        self.external: dict[str, tuple[int, str]] = {}
        self.described: dict[str, int] = {}

    def verdict(self, row_no: int, external: str | None, described: str) -> Verdict:
        """Whether the file says the same twice, or two things of the same."""
        if external is not None:
            first, as_described = self.external.setdefault(external, (row_no, described))
            if first != row_no and as_described != described:
                detail = f"Row {first} gives the same number to another book."
                return "refuse", [{"code": "NUMBER_REPEATED", "detail": detail}], None
        first = self.described.setdefault(described, row_no)
        if first != row_no:
            return "duplicate", [{"code": "SAME_AS_ROW", "detail": f"Row {first} describes the same book."}], None
        return "create", [], None


def _staged(job: jobs.Job, columns: Any, row: Row, seen: _Seen) -> dict[str, Any]:
    """A row of the file as a row of the job, judged as far as the file alone allows."""
    record, remarks = read_row(columns, row.cells, source=job.params["source"])
    base = {"job_id": job.id, "row_no": row.number, "subject_id": None, "before": None, "applied": None, "undone": None}
    if record is None:
        shown = {"line": row.line, "cells": [cell[:CELL_SHOWN] for cell in row.cells]}
        return base | {
            "verdict": "refuse", "reasons": _reasons(remarks), "record": shown, "external_key": None, "match_key": None,
        }  # fmt: skip
    described = match_key(record.title, record.authors, record.year, record.isbn.isbn13)
    verdict, reasons, _ = seen.verdict(row.number, record.external, described)
    return base | {
        "verdict": verdict,
        "reasons": reasons + _reasons(remarks),
        "record": _as_json(record),
        "external_key": record.external,
        "match_key": described,
    }


def _planning(part: Sequence[dict[str, Any]], total: int, found: Mapping[str, Any], stride: jobs.Stride) -> jobs.Effect:
    def effect(tx: Transaction, job: jobs.Job, _now: datetime) -> jobs.Advance:
        with stride.timed():
            counts = _kept(tx, job.id, part)
        return jobs.Advance(done=len(part), total=total, counts=counts, params=found)

    return effect


def _kept(tx: Transaction, job_id: int, part: Sequence[dict[str, Any]]) -> Counter[str]:
    """Keep the rows with their verdicts, and count them."""
    staged.add_rows(tx, part)
    span = Span(job_id, part[0]["row_no"] - 1, part[-1]["row_no"])
    judged = judge(tx, span, [(row["row_no"], row["record"]) for row in part if row["verdict"] == "create"])
    remarks = {row["row_no"]: row["reasons"] for row in part}
    verdicts = [
        (row_no, verdict, reasons + remarks[row_no], title) for row_no, (verdict, reasons, title) in judged.items()
    ]
    staged.judge(tx, job_id, verdicts)
    counts = Counter(judged[row["row_no"]][0] if row["row_no"] in judged else row["verdict"] for row in part)
    counts.update(f"isbn_{row['record'].get('isbn', _NO_ISBN)['state']}" for row in part if row["match_key"])
    counts["rows"] += len(part)
    return counts


def _planned(total: int, found: Mapping[str, Any]) -> jobs.Effect:
    def effect(_tx: Transaction, _job: jobs.Job, _now: datetime) -> jobs.Advance:
        return jobs.Advance(total=total, params=found, state="waiting")

    return effect


def judge(tx: Transaction, span: Span, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[int, Verdict]:
    """The verdicts that are not *create*, as the catalogue stands now."""
    if not rows:
        return {}
    known, matching = staged.known(tx, span), staged.matching(tx, span)
    verdicts: dict[int, Verdict] = {}
    for row_no, record in rows:
        if title := known.get(row_no):
            verdicts[row_no] = _compared(title, record)
        elif found := matching.get(row_no):
            detail = f"Title {found} is the same book."
            verdicts[row_no] = ("duplicate", [{"code": "SAME_AS_TITLE", "detail": detail}], found)
    return verdicts


def _compared(title: KnownTitle, record: Mapping[str, Any]) -> Verdict:
    described = {name: value for name, value in record.items() if name not in {"external", "call_number"}}
    differing = sorted(
        name for name in described.keys() | title.record.keys() if described.get(name) != title.record.get(name)
    )
    if not differing:
        detail = f"Title {title.title_id} says the same."
        return "duplicate", [{"code": "UNCHANGED", "detail": detail}], title.title_id
    return "update", [{"code": "CHANGES", "detail": ", ".join(differing)}], title.title_id


def _as_json(record: BookRecord) -> dict[str, Any]:
    described = {name: value for name in _PLAIN if (value := getattr(record, name)) is not None}
    if record.authors:
        described["authors"] = list(record.authors)
    if record.subjects:
        described["subjects"] = list(record.subjects)
    isbn = record.isbn
    if isbn.state != "absent":
        described["isbn"] = {name: value for name in _ISBN if (value := getattr(isbn, name)) is not None}
    return described


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, str]]:
    return [asdict(reason) for reason in reasons]
