"""What the database itself forbids, whoever asks: each truth has its key, and its audit finds what is planted."""

import pytest
from sqlalchemy import Executable, Insert, Table, Update, delete, func, insert, select, text, update

from configuration.kit.errors import Refusal
from library_mgt.models.data.copies import copy
from library_mgt.models.data.loans import circulation_event, loan
from library_mgt.models.data.requests import request
from library_mgt.repository.invariants import INVARIANTS
from tests.library_mgt.world import ANN, BEN, CAL, Library, sql


def twin(table: Table, **changed: object) -> Insert:
    """An insert of a second row like the newest one, with some values changed; a string in `sql:` is an expression."""
    kept = [column for column in table.c if column.name != "id" and column.name not in changed]
    newest = select(func.max(table.c.id)).scalar_subquery()
    source = select(*kept, *(text(literal(value)) for value in changed.values())).where(table.c.id == newest)
    names = [column.name for column in kept] + list(changed)
    return insert(table).from_select(names, source, include_defaults=False)


def literal(value: object) -> str:
    if value is None:
        return "NULL"
    return value.removeprefix("sql:") if isinstance(value, str) and value.startswith("sql:") else repr(value)


class TestKeys:
    def refused(self, library: Library, statement: Executable) -> str:
        with pytest.raises(Refusal) as refused:
            sql(library, statement)
        assert library.broken() == []
        return refused.value.code

    def test_a_second_live_loan_of_a_copy(self, library: Library) -> None:
        _, [one] = library.book()
        library.reader(ANN)
        library.lend(ANN, one)

        assert self.refused(library, twin(loan, request_id=None)) == "COPY_ALREADY_ON_LOAN"

    def test_a_second_request_with_the_same_copy_set_aside(self, library: Library) -> None:
        title, _ = library.book()
        library.wait(ANN, title)
        ben = library.reader(BEN)

        assert self.refused(library, twin(request, patron_id=ben)) in ("REQUESTED_BY_ANOTHER", "COPY_ALREADY_ON_LOAN")

    def test_a_second_open_request_of_a_reader(self, library: Library) -> None:
        title, _ = library.book()
        library.request(ANN, title)

        assert self.refused(library, twin(request)) == "DUPLICATE_REQUEST"

    def test_a_second_issue_of_a_request(self, library: Library) -> None:
        title, [one] = library.book()
        library.wait(ANN, title)
        library.lend(ANN, one)
        library.take_back(one)

        assert self.refused(library, twin(loan)) == "REQUEST_ALREADY_ISSUED"

    def test_a_loan_of_a_copy_that_is_set_aside(self, library: Library) -> None:
        title, [one] = library.book()
        library.reader(ANN)
        library.lend(ANN, one)
        library.take_back(one)
        library.wait(BEN, title)
        again = update(loan).values(state="ON_LOAN", returned_at=None)

        assert self.refused(library, again) == "COPY_ALREADY_ON_LOAN"

    def test_setting_aside_a_copy_that_is_out(self, library: Library) -> None:
        title, [one] = library.book()
        library.reader(ANN)
        library.lend(ANN, one)
        library.wait(BEN, title)
        aside = update(request).values(state="ALLOCATED", copy_id=one.id).where(request.c.state == "QUEUED")

        assert self.refused(library, aside) == "COPY_ALREADY_ON_LOAN"

    def test_taking_out_of_service_what_is_set_aside(self, library: Library) -> None:
        title, _ = library.book()
        library.wait(ANN, title)

        assert self.refused(library, update(copy).values(status="MISSING")) == "COPY_SET_ASIDE"

    def test_setting_aside_what_is_out_of_service(self, library: Library) -> None:
        title, [one] = library.book()
        library.wait(ANN, title)
        library.wait(BEN, title)
        broken = library.copy(title, status="IN_REPAIR")
        aside = update(request).values(state="ALLOCATED", copy_id=broken.id).where(request.c.state == "QUEUED")

        assert self.refused(library, aside) == "COPY_SET_ASIDE"
        assert one.id != broken.id

    def test_a_barcode_that_another_copy_has(self, library: Library) -> None:
        title, _ = library.book()

        with pytest.raises(Refusal) as refused:
            library.copy(title, barcode="b1")

        assert refused.value.code == "BARCODE_TAKEN"

    def test_the_journal_is_never_changed(self, library: Library) -> None:
        title, _ = library.book()
        library.request(ANN, title)

        for statement in (update(circulation_event).values(kind="OTHER"), delete(circulation_event)):
            with pytest.raises(Exception, match="append-only"):
                sql(library, statement)


UNGUARDED = "without the triggers that keep the claims, as after a repair by hand"
PLANTED: dict[str, list[str | Insert | Update]] = {
    "one_live_loan_per_copy": [UNGUARDED, "DROP INDEX uq_loan_live_copy", twin(loan, request_id=None)],
    "one_assigned_request_per_copy": [
        UNGUARDED, "DROP INDEX uq_request_assigned_copy", twin(request, patron_id=2),
    ],
    "one_open_request_per_reader": ["DROP INDEX uq_request_open", twin(request, state="QUEUED", copy_id=None)],
    "one_barcode_in_use_per_copy": ["UPDATE copy_barcode SET in_use = (1 = 0)"],
    "never_lent_and_set_aside": [UNGUARDED, "UPDATE loan SET copy_id = 2"],
    "claims_mirror_loans": ["DELETE FROM copy_claim WHERE loan_id IS NOT NULL"],
    "claims_mirror_requests": ["DELETE FROM copy_claim WHERE request_id IS NOT NULL"],
    "loan_limit": [update(loan).values(policy={"max_loans": 0})],
    "set_aside_has_a_copy": ["UPDATE copy SET part = 'x' WHERE id = 2"],
    "no_copy_idle": ["UPDATE request SET state = 'QUEUED', copy_id = NULL"],
    "queue_in_turn": [twin(request, state="QUEUED", copy_id=None, patron_id=2, seq=0, queued_at="sql:requested_at")],
    "loan_events": ["UPDATE loan SET version = 2"],
    "request_events": ["UPDATE request SET version = 9"],
    "renewals_counted": ["UPDATE loan SET renewals = 1"],
    "renewed_in_turn": [
        twin(request, state="QUEUED", copy_id=None, patron_id=2, queued_at="sql:requested_at"),
        (
            "INSERT INTO circulation_event (kind, loan_id, at, facts) "
            "SELECT 'RENEWED', 1, MAX(at), '{}' FROM circulation_event"
        ),
    ],
    "fulfilled_has_a_loan": ["UPDATE request SET state = 'FULFILLED', copy_id = NULL"],
    "set_aside_in_service": ["DELETE FROM copy_claim", "UPDATE copy SET status = 'LOST' WHERE id = 2"],
    "live_loans_are_whole": ["UPDATE copy SET part = 'x' WHERE id = 1"],
    "answers_are_whole": [
        (
            "INSERT INTO idempotency (principal, route, key, fingerprint, created_at) "
            "SELECT 'a', 'b', 'c', 'd', created_at FROM patron LIMIT 1"
        ),
    ],
}  # fmt: skip


def unguard(library: Library) -> None:
    for table in ("loan", "request"):
        if library.database.dialect == "postgresql":
            sql(library, text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for act in ("insert", "update", "delete"):
                sql(library, text(f"DROP TRIGGER {table}_claims_copy_{act}"))


class TestAudit:
    @pytest.mark.parametrize("name", sorted(PLANTED))
    def test_each_truth_is_missed_when_it_is_broken(self, library: Library, name: str) -> None:
        title, [first, second] = library.book(copies=2)
        readers = [library.reader(ANN), library.reader(BEN), library.reader(CAL)]
        library.lend(ANN, first)
        library.wait(CAL, title)
        assert (first.id, second.id, readers, library.broken()) == (1, 2, [1, 2, 3], [])

        for planted in PLANTED[name]:
            if planted is UNGUARDED:
                unguard(library)
            else:
                sql(library, text(planted) if isinstance(planted, str) else planted)

        assert name in library.broken()

    def test_every_truth_but_the_one_a_check_keeps_has_been_broken_here(self) -> None:
        assert {one.name for one in INVARIANTS} - set(PLANTED) == {"due_after_loaned"}
