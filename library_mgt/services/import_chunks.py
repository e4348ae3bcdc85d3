"""The chunks of a books import: reading and judging rows, doing what was judged, taking it back.

Each chunk is one short unit of work, so that others who write wait little. What is prepared between two chunks reads
only; whatever decides is asked again inside the chunk, under the lock that lets one import at a time change the
catalogue.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.features import audit, jobs
from configuration.kit.security.actor import Actor
from library_mgt.domain import words
from library_mgt.domain.book_rows import match_key
from library_mgt.models.data.catalogue import Contributor, Identifier
from library_mgt.repository import import_effects as effects
from library_mgt.repository import imports as staged
from library_mgt.repository.imports import Span, StagedRow
from library_mgt.services.catalogue import words_of
from library_mgt.services.import_verdicts import Verdict, breathing, judge, plan
from library_mgt.services.imports import APPLY, KIND, PLAN, UNDO

Outcome = tuple[int, str, int | None, Mapping[str, Any] | None]


def chunks(place: jobs.Workplace, job: jobs.Job, *, stride: jobs.Stride | None = None) -> Iterator[jobs.Effect]:
    """The chunks of the import's present step."""
    steps = {PLAN: plan, APPLY: _apply, UNDO: _undo}
    return steps[job.step](place, job, stride or jobs.Stride(seconds=place.chunk_seconds))


def _apply(place: jobs.Workplace, job: jobs.Job, stride: jobs.Stride) -> Iterator[jobs.Effect]:
    """Create and update titles as planned; rows that meanwhile say nothing new become duplicates."""
    for span, total in _spans(place, job, stride):
        rows = place.read(staged.to_apply, span)
        described = [(row, _described(row)) for row in breathing(place, rows)]
        yield _chunk(span, total, stride, partial(_applied, rows=described))
    yield _finishing("books_import.applied")


def _spans(place: jobs.Workplace, job: jobs.Job, stride: jobs.Stride) -> Iterator[tuple[Span, int]]:
    """The rows that are left, a stride at a time, and how many there are in all."""
    total = place.read(staged.last_row, job.id)
    after = job.position
    while after < total:
        upto = min(after + stride.size, total)
        yield Span(job.id, after, upto), total
        after = upto


def _chunk(
    span: Span, total: int, stride: jobs.Stride, act: Callable[[Transaction, Span, jobs.Job, datetime], Counter[str]]
) -> jobs.Effect:
    """Act on a span of rows while no other import changes the catalogue."""

    def effect(tx: Transaction, job: jobs.Job, now: datetime) -> jobs.Advance:
        with stride.timed():
            staged.one_at_a_time(tx, KIND)
            counts = act(tx, span, job, now)
        return jobs.Advance(done=span.upto - job.position, total=total, counts=counts)

    return effect


def _applied(
    tx: Transaction, span: Span, job: jobs.Job, now: datetime, *, rows: Sequence[tuple[StagedRow, effects.Description]]
) -> Counter[str]:
    judged = judge(tx, span, [(row.row_no, row.record) for row, _ in rows])
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
    return Counter(outcome for _, outcome, _, _ in outcomes) + Counter(created=len(new))


def _settled(tx: Transaction, row: Span, judged: Verdict, book: effects.Description, now: datetime) -> Outcome:
    """Update the title a row names, or leave it where the row says nothing new."""
    verdict, _, title_id = judged
    if verdict != "update" or title_id is None:
        return row.upto, "found", title_id, None
    version = effects.version_of(tx, title_id)
    before = staged.known(tx, row)[row.upto]
    effects.change_title(tx, title_id, book, now=now)
    return row.upto, "updated", title_id, {"record": before.record, "version": (version or 0) + 1}


def _undo(place: jobs.Workplace, job: jobs.Job, stride: jobs.Stride) -> Iterator[jobs.Effect]:
    """Take back what the import did, from the first row to the last."""
    for span, total in _spans(place, job, stride):
        yield _chunk(span, total, stride, _undone)
    yield _finishing("books_import.undone")


def _undone(tx: Transaction, span: Span, job: jobs.Job, now: datetime) -> Counter[str]:
    effects.settle(tx, job.id, [(row.row_no, _restored(tx, row, now)) for row in staged.updated(tx, span)])
    effects.remove_unused(tx, span)
    counts: Counter[str] = Counter()
    for outcome, number in effects.undone_counts(tx, span).items():
        counts["kept" if outcome.startswith("kept") else "undone"] += number
    return counts


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


WORKS: Mapping[str, jobs.Work] = {KIND: chunks}
"""What a worker of the library can do."""
