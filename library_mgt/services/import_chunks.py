"""The chunks of a books import: reading and judging rows, doing what was judged, taking it back.

Each chunk is one unit of work of about a thousand rows, so that others who write wait little. What is prepared between
two chunks reads only; whatever decides is asked again inside the chunk, under the lock that lets one import at a time
change the catalogue.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from configuration.kit.database import Transaction
from configuration.kit.delimited import Row, Unreadable, recognise
from configuration.kit.features import audit, jobs
from configuration.kit.security.actor import Actor
from library_mgt.domain import words
from library_mgt.domain.book_rows import BookRecord, NoTitleColumn, Reason, match_key, read_row, understand
from library_mgt.errors import ImportUnreadable
from library_mgt.models.data.catalogue import Contributor, Identifier
from library_mgt.repository import import_effects as effects
from library_mgt.repository import imports as staged
from library_mgt.repository.imports import KnownTitle, Span, StagedRow
from library_mgt.services.catalogue import words_of
from library_mgt.services.imports import APPLY, KIND, PLAN, UNDO

CHUNK = 1000
CELL_SHOWN = 200
_NO_ISBN = {"state": "absent"}
_PLAIN = ("external", "title", "subtitle", "publisher", "year", "edition", "language", "call_number")
_ISBN = ("raw", "state", "isbn13", "qualifier")

Verdict = tuple[str, list[dict[str, str]], int | None]
Outcome = tuple[int, str, int | None, Mapping[str, Any] | None]
_T = TypeVar("_T")


def chunks(place: jobs.Workplace, job: jobs.Job, *, size: int = CHUNK) -> Iterator[jobs.Effect]:
    """The chunks of the import's present step, of `size` rows each."""
    return {PLAN: _plan, APPLY: _apply, UNDO: _undo}[job.step](place, job, size)


def _plan(place: jobs.Workplace, job: jobs.Job, size: int) -> Iterator[jobs.Effect]:
    """Read the file and give each row its verdict; then wait for a person to decide."""
    try:
        sheet = recognise(place.read(jobs.read_input, job.id))
        columns = understand(sheet.header)
        rows = list(_breathing(place, sheet.rows()))
    except (Unreadable, NoTitleColumn) as fault:
        raise ImportUnreadable(str(fault)) from fault
    found = {"encoding": sheet.encoding, "separator": sheet.separator, "unknown_columns": list(columns.unknown)[:100]}
    seen = _Seen()
    for start in range(0, len(rows), size):
        part = [_staged(job, columns, row, seen) for row in _breathing(place, rows[start : start + size])]
        if start + size > job.position:
            yield _planning(part, len(rows), found)
    yield _planned(len(rows), found)


def _breathing(place: jobs.Workplace, items: Iterable[_T]) -> Iterator[_T]:
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


def _planning(part: Sequence[dict[str, Any]], total: int, found: Mapping[str, Any]) -> jobs.Effect:
    def effect(tx: Transaction, job: jobs.Job, _now: datetime) -> jobs.Advance:
        staged.add_rows(tx, part)
        span = Span(job.id, part[0]["row_no"] - 1, part[-1]["row_no"])
        open_rows = [row for row in part if row["verdict"] == "create"]
        judged = _judge(tx, span, [(row["row_no"], row["record"]) for row in open_rows])
        by_row = {row["row_no"]: row for row in part}
        staged.judge(
            tx,
            job.id,
            [
                (row_no, verdict, reasons + by_row[row_no]["reasons"], title_id)
                for row_no, (verdict, reasons, title_id) in judged.items()
            ],
        )
        counts = Counter(judged[row["row_no"]][0] if row["row_no"] in judged else row["verdict"] for row in part)
        counts.update(
            f"isbn_{row['record'].get('isbn', {}).get('state', 'absent')}" for row in part if row["match_key"]
        )
        return jobs.Advance(done=len(part), total=total, counts=counts | Counter(rows=len(part)), params=found)

    return effect


def _planned(total: int, found: Mapping[str, Any]) -> jobs.Effect:
    def effect(_tx: Transaction, _job: jobs.Job, _now: datetime) -> jobs.Advance:
        return jobs.Advance(total=total, params=found, state="waiting")

    return effect


def _judge(tx: Transaction, span: Span, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[int, Verdict]:
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


def _apply(place: jobs.Workplace, job: jobs.Job, size: int) -> Iterator[jobs.Effect]:
    """Create and update titles as planned; rows that meanwhile say nothing new become duplicates."""
    total = place.read(staged.last_row, job.id)
    for after in range(job.position, total, size):
        span = Span(job.id, after, min(after + size, total))
        rows = place.read(staged.to_apply, span)
        yield _applying(span, [(row, _described(row)) for row in _breathing(place, rows)], total)
    yield _finishing("books_import.applied")


def _applying(span: Span, rows: Sequence[tuple[StagedRow, effects.Description]], total: int) -> jobs.Effect:
    def effect(tx: Transaction, job: jobs.Job, now: datetime) -> jobs.Advance:
        staged.one_at_a_time(tx, KIND)
        judged = _judge(tx, span, [(row.row_no, row.record) for row, _ in rows])
        new = [(row, book) for row, book in rows if row.row_no not in judged]
        shelf = effects.Shelf(*(job.params[name] for name in ("location", "item_type", "material_type")))
        ids = effects.create_titles(tx, [book for _, book in new], shelf, job_id=job.id, now=now)
        staged.mark_created(tx, job.id, [(row.row_no, title_id) for (row, _), title_id in zip(new, ids, strict=True)])
        outcomes: list[Outcome] = []
        for row, book in rows:
            if row.row_no in judged:
                alone = Span(span.job_id, row.row_no - 1, row.row_no)
                outcomes.append(_settled(tx, alone, judged[row.row_no], book, now))
        staged.mark(tx, job.id, outcomes)
        counts = Counter(outcome for _, outcome, _, _ in outcomes) + Counter(created=len(new))
        return jobs.Advance(done=span.upto - job.position, total=total, counts=counts)

    return effect


def _settled(tx: Transaction, row: Span, judged: Verdict, book: effects.Description, now: datetime) -> Outcome:
    """Update the title a row names, or leave it where the row says nothing new."""
    verdict, _, title_id = judged
    if verdict != "update" or title_id is None:
        return row.upto, "found", title_id, None
    version = effects.version_of(tx, title_id)
    before = staged.known(tx, row)[row.upto]
    effects.change_title(tx, title_id, book, now=now)
    return row.upto, "updated", title_id, {"record": before.record, "version": (version or 0) + 1}


def _undo(place: jobs.Workplace, job: jobs.Job, size: int) -> Iterator[jobs.Effect]:
    """Take back what the import did, from the first row to the last."""
    total = place.read(staged.last_row, job.id)
    for after in range(job.position, total, size):
        yield _undoing(Span(job.id, after, min(after + size, total)), total)
    yield _finishing("books_import.undone")


def _undoing(span: Span, total: int) -> jobs.Effect:
    def effect(tx: Transaction, job: jobs.Job, now: datetime) -> jobs.Advance:
        staged.one_at_a_time(tx, KIND)
        effects.settle(tx, job.id, [(row.row_no, _restored(tx, row, now)) for row in staged.updated(tx, span)])
        effects.remove_unused(tx, span)
        counts: Counter[str] = Counter()
        for outcome, number in effects.undone_counts(tx, span).items():
            counts["kept" if outcome.startswith("kept") else "undone"] += number
        return jobs.Advance(done=span.upto - job.position, total=total, counts=counts)

    return effect


def _restored(tx: Transaction, row: StagedRow, now: datetime) -> str:
    """Give a title back the description an update replaced, unless somebody changed it since."""
    version = effects.version_of(tx, row.subject_id or 0)
    if version is None:
        return "gone"
    if row.before is None or version != row.before["version"]:
        return "kept: changed since"
    earlier = StagedRow(row.row_no, "update", row.before["record"], row.external_key, None, row.subject_id, None)
    effects.change_title(tx, row.subject_id or 0, _described(earlier), now=now)
    return "undone"


def _finishing(action: str) -> jobs.Effect:
    def effect(tx: Transaction, job: jobs.Job, now: datetime) -> jobs.Advance:
        jobs.drop_input(tx, job.id)
        by = Actor(person=job.owner, issuer="library", name=job.owner, via="command")
        audit.record(tx, action, f"job:{job.id}", by=by, now=now, facts=dict(job.counts))
        return jobs.Advance(state="done")

    return effect


def _described(row: StagedRow) -> effects.Description:
    record = row.record
    isbn = record.get("isbn")
    authors, subjects = tuple(record.get("authors", ())), tuple(record.get("subjects", ()))
    subtitle = record.get("subtitle")
    year = record.get("year")
    isbn13 = isbn.get("isbn13") if isbn else None
    identifier = Identifier("isbn", isbn["raw"], isbn13, isbn["state"], isbn.get("qualifier")) if isbn else None
    found_by = {"title": record["title"], "subtitle": subtitle}
    return effects.Description(
        external_id=row.external_key,
        title=record["title"],
        subtitle=subtitle,
        sort_key=words.sort_key(record["title"]),
        match_key=row.match_key or match_key(record["title"], authors, year, isbn13),
        publisher=record.get("publisher"),
        year=year,
        edition=record.get("edition"),
        language=record.get("language"),
        authors=authors,
        subjects=subjects,
        identifier=identifier,
        call_number=record.get("call_number"),
        words=words_of(found_by, [Contributor(name) for name in authors], subjects, [identifier] if identifier else []),
    )


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


WORKS: Mapping[str, jobs.Work] = {KIND: chunks}
"""What a worker of the library can do."""
