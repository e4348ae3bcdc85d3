"""Desks and readers acting at the same moment: one winner, a named refusal for the others, no truth broken."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Refusal
from library_mgt.models.request.circulation import LoanCreate, RequestCreate
from library_mgt.models.request.title import CopyCreate
from library_mgt.repository import events, patrons
from library_mgt.services import circulation, copies, losses, recalls, renewals, requests, suspensions, undoing
from tests.library_mgt.world import ANN, BEN, CAL, LIBRARIAN, ZONE, Library, person

ROUNDS = 5
CLIENTS = 8
Act = Callable[..., Any]


def at_once(library: Library, acts: Sequence[Act]) -> Counter[str]:
    """Run all acts at the same moment; counts `done` and the codes of refusals."""
    barrier = Barrier(len(acts))

    def run(act: Callable[..., Any]) -> str:
        barrier.wait()
        try:
            library.database.write_sync(act, now=library.now, zone=ZONE)
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def lend(reader: Any, copy: Any) -> Callable[..., Any]:
    return partial(circulation.check_out, wish=LoanCreate(patron=reader.person, barcode=copy.barcode), by=LIBRARIAN)


def declare_lost(tx: Any, *, zone: Any, **options: Any) -> Any:
    return losses.declare_lost(tx, **options)


class TestRaces:
    def test_one_copy_goes_to_one_of_many(self, library: Library) -> None:
        readers = [person(f"student:{number}") for number in range(1, CLIENTS + 1)]
        for reader in readers:
            library.reader(reader)

        for _ in range(ROUNDS):
            _, [copy] = library.book()
            outcome = at_once(library, [lend(reader, copy) for reader in readers])
            assert outcome == {"done": 1, "COPY_ALREADY_ON_LOAN": CLIENTS - 1}

        assert library.broken() == []

    def test_a_readers_limit_holds_at_many_desks(self, library: Library) -> None:
        library.rule(max_loans=3)

        for number in range(ROUNDS):
            reader = person(f"student:{number + 1}")
            library.reader(reader)
            shelf = [library.book(f"Title {place}")[1][0] for place in range(CLIENTS)]
            outcome = at_once(library, [lend(reader, copy) for copy in shelf])
            assert outcome == {"done": 3, "LOAN_LIMIT_REACHED": CLIENTS - 3}

        assert library.broken() == []

    def test_a_request_is_decided_once(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, _copies = library.book()
            wish = library.request(ANN, title)
            approve = partial(requests.approve, request_id=wish.id, by=LIBRARIAN)
            outcome = at_once(library, [approve] * CLIENTS)
            assert outcome == {"done": 1, "ILLEGAL_TRANSITION": CLIENTS - 1}
            library.write(requests.cancel, wish.id, by=ANN, zone=ZONE)

        assert library.broken() == []

    def test_a_request_is_issued_once(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, shelf = library.book(copies=3)
            wish = library.request(ANN, title)
            issue = partial(circulation.issue_request, request_id=wish.id, by=LIBRARIAN)
            outcome = at_once(library, [issue] * CLIENTS)
            assert outcome == {"done": 1, "REQUEST_ALREADY_ISSUED": CLIENTS - 1}
            for copy in shelf:
                library.take_back(copy)

        assert library.broken() == []

    def test_a_reader_asks_once_however_often_they_press(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, _copies = library.book()
            ask = partial(requests.request_title, wish=RequestCreate(title_id=title.id), by=ANN)
            outcome = at_once(library, [ask] * CLIENTS)
            assert outcome == {"done": 1, "DUPLICATE_REQUEST": CLIENTS - 1}

        assert library.broken() == []

    def test_the_first_acts_of_a_new_reader_make_one_patron(self, library: Library) -> None:
        titles = [library.book(f"Title {place}")[0] for place in range(CLIENTS)]
        asks = [partial(requests.request_title, wish=RequestCreate(title_id=one.id), by=BEN) for one in titles]

        outcome = at_once(library, asks)

        assert outcome == {"done": CLIENTS}
        assert len({one.patron_id for one in library.read(requests.requests_waiting)}) == 1

    def test_no_copy_lies_free_beside_one_who_waits(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            library.reader(CAL)
            library.lend(CAL, copy)
            wishes = [library.request(reader, title) for reader in (ANN, BEN)]
            acts: list[Act] = [
                partial(circulation.return_copy, barcode=str(copy.barcode), by=LIBRARIAN),
                *(partial(requests.approve, request_id=wish.id, by=LIBRARIAN) for wish in wishes),
                partial(copies.add_copy, title_id=title.id, new=CopyCreate(), by=LIBRARIAN),
            ]
            assert at_once(library, acts) == {"done": 4}
            assert library.broken() == []
            for wish in wishes:
                library.write(requests.cancel, wish.id, by=LIBRARIAN, zone=ZONE)

    def test_cancelling_and_fetching_the_same_request_never_both_happen(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            wish = library.wait(ANN, title)
            acts: list[Act] = [
                partial(requests.cancel, request_id=wish.id, by=ANN),
                partial(circulation.issue_request, request_id=wish.id, by=LIBRARIAN),
            ]
            outcome = at_once(library, acts)
            assert outcome["done"] == 1
            assert library.broken() == []
            library.take_back(copy)

    def test_a_loan_is_renewed_before_somebody_asks_for_it_or_not_at_all(self, library: Library) -> None:
        library.reader(ANN)
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            loan = library.lend(ANN, copy)
            renew = partial(renewals.renew, loan_id=loan.id, by=ANN)
            ask = partial(requests.request_title, wish=RequestCreate(title_id=title.id), by=BEN)

            outcome = at_once(library, [ask, *[renew] * (CLIENTS - 1)])

            [wish] = library.read(requests.requests_waiting, title_id=title.id)
            [asked] = library.read(events.of_request, wish.id)
            renewed = [event.id for event in library.read(events.of_loan, loan.id) if event.kind == "RENEWED"]
            assert outcome["done"] == 1 + len(renewed)
            assert len(renewed) <= 2
            assert all(event < asked.id for event in renewed), "renewed past somebody who had asked"
            assert library.broken() == []
            library.take_back(copy)

    def test_a_copy_comes_back_once_and_goes_out_once(self, library: Library) -> None:
        for reader in (ANN, BEN, CAL):
            library.reader(reader)
        for _ in range(ROUNDS):
            _, [copy] = library.book()
            library.lend(ANN, copy)
            back = partial(circulation.return_copy, barcode=str(copy.barcode), by=LIBRARIAN)

            outcome = at_once(library, [back, *[lend(reader, copy) for reader in (BEN, CAL)] * 3])

            assert outcome["done"] in (1, 2)
            assert outcome["done"] + outcome["COPY_ALREADY_ON_LOAN"] == 7
            assert library.broken() == []

    def test_a_cancelled_request_keeps_no_copy_from_the_next(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            library.reader(CAL)
            library.lend(CAL, copy)
            first, second = library.wait(ANN, title), library.wait(BEN, title)
            acts: list[Act] = [
                partial(requests.cancel, request_id=first.id, by=ANN),
                partial(circulation.return_copy, barcode=str(copy.barcode), by=LIBRARIAN),
            ]

            assert at_once(library, acts) == {"done": 2}

            assert library.seen(second).state == "READY"
            assert library.broken() == []
            library.write(requests.cancel, second.id, by=BEN, zone=ZONE)

    def test_a_request_made_while_the_copy_comes_back_is_served(self, library: Library) -> None:
        library.rule(auto_approve=True)
        library.reader(CAL)
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            library.lend(CAL, copy)
            acts: list[Act] = [
                partial(circulation.return_copy, barcode=str(copy.barcode), by=LIBRARIAN),
                *(partial(requests.request_title, wish=RequestCreate(title_id=title.id), by=one) for one in (ANN, BEN)),
            ]

            assert at_once(library, acts) == {"done": 3}

            states = sorted(one.state for one in library.read(requests.requests_waiting, title_id=title.id))
            assert states in (["QUEUED", "READY"], ["ALLOCATED", "QUEUED"])
            assert library.broken() == []
            for wish in library.read(requests.requests_waiting, title_id=title.id):
                library.write(requests.cancel, wish.id, by=LIBRARIAN, zone=ZONE)

    def test_a_loan_is_recalled_once_and_not_renewed_after(self, library: Library) -> None:
        library.rule(recall_allowed=True)
        library.reader(ANN)
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            loan = library.lend(ANN, copy)
            wish = library.wait(BEN, title)
            recall = partial(recalls.recall, loan_id=loan.id, by=LIBRARIAN)
            renew = partial(renewals.renew, loan_id=loan.id, by=ANN)

            outcome = at_once(library, [recall, renew] * 4)

            assert outcome["done"] == 1
            assert outcome["RECALLED_ALREADY"] == 3
            assert library.broken() == []
            library.write(requests.cancel, wish.id, by=BEN, zone=ZONE)
            library.take_back(copy)

    def test_a_check_out_is_undone_once_and_its_request_served_again(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            wish = library.wait(BEN, title)
            loan = library.lend(BEN, copy)
            undo = partial(undoing.undo, loan_id=loan.id, by=LIBRARIAN)

            assert at_once(library, [undo] * CLIENTS) == {"done": 1, "NOT_THE_LAST_ACT": CLIENTS - 1}

            assert library.seen(wish).state == "READY"
            assert library.broken() == []
            library.write(requests.cancel, wish.id, by=BEN, zone=ZONE)

    def test_a_copy_is_lent_or_missing(self, library: Library) -> None:
        for _ in range(ROUNDS):
            title, [copy] = library.book()
            wish = library.wait(BEN, title)
            missing = partial(suspensions.not_found, request_id=wish.id, by=LIBRARIAN)

            assert at_once(library, [missing, *[lend(BEN, copy)] * 3])["done"] == 1

            assert library.seen(wish).state in ("FULFILLED", "QUEUED")
            assert library.broken() == []
            library.take_back(copy)
            for waiting in library.read(requests.requests_waiting, title_id=title.id):
                library.write(requests.cancel, waiting.id, by=BEN, zone=ZONE)

    def test_what_comes_back_while_it_is_given_up_is_back(self, library: Library) -> None:
        library.reader(ANN)
        for _ in range(ROUNDS):
            _, [copy] = library.book()
            loan = library.lend(ANN, copy)
            lose = partial(declare_lost, loan_id=loan.id, by=LIBRARIAN)
            back = partial(circulation.return_loan, loan_id=loan.id, by=LIBRARIAN)

            outcome = at_once(library, [lose, back] * 3)

            assert outcome["done"] in (1, 2)
            assert outcome["done"] + outcome["ILLEGAL_TRANSITION"] == 6
            assert library.read(copies.copy_found, copy.barcode).status == "IN_SERVICE"
            assert library.broken() == []

    def test_a_notice_does_not_wait_for_its_reader_who_waits_for_the_title(
        self, library: Library, backend: str
    ) -> None:
        title, _copies = library.book()
        wish = library.request(ANN, title)
        [patron_id] = {one.patron_id for one in library.read(requests.requests_waiting)}
        assert patron_id is not None
        told = Event()

        def reader(tx: Transaction) -> bool:
            patrons.lock(tx, patron_id)
            barrier.wait()
            # On SQLite one writes after the other: nobody has the title meanwhile.
            return told.wait(5) if backend == "postgresql" else True

        def desk() -> None:
            barrier.wait()
            library.database.write_sync(requests.reject, wish.id, "It is lost.", by=LIBRARIAN, now=library.now)
            told.set()

        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            done = pool.submit(desk)
            assert library.database.write_sync(reader), "the desk held the title and waited for its reader"
            done.result()
