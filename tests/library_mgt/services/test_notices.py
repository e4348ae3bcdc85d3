"""Notices: each once, in the transaction of its cause or by the clock, and delivered however often it takes."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest

from configuration.kit.errors import Unavailable
from configuration.kit.features import jobs
from configuration.kit.features.jobs.tasks import listed
from configuration.kit.security.actor import Actor
from library_mgt.domain.notices import Steps
from library_mgt.models.data.notices import NoticeView
from library_mgt.services import notices, requests
from library_mgt.services.trail import told
from tests.library_mgt.world import ANN, BEN, CAL, LIBRARIAN, ZONE, Library

STEPS = Steps(before=(3,), after=(1, 7))


def told_to(library: Library, who: Actor = ANN) -> list[tuple[str, int]]:
    """Kind and days of a reader's notices, the first first."""
    return [(one.kind, one.days) for one in reversed(library.read(notices.notices_of, who))]


def mention(library: Library) -> None:
    """What the clock does every morning."""
    find = partial(notices.loans_to_mention, zone=ZONE, steps=STEPS)
    sweep = jobs.sweep(find, partial(notices.mention_due, zone=ZONE, steps=STEPS), size=2)
    run(library, "mention-due", sweep)


def run(library: Library, name: str, work: jobs.Work) -> jobs.TaskRow:
    """Run a task once, now."""
    task = jobs.Task(name, name, jobs.Every(timedelta(minutes=1)), work)
    jobs.run_now(library.database, [task], name, clock=lambda: library.now, zone=ZONE)
    return next(row for row in library.read(listed) if row.name == name)


class TestOfEvents:
    def test_a_copy_on_the_hold_shelf_is_announced_to_its_reader_alone(self, library: Library) -> None:
        title, [copy] = library.book()
        library.wait(ANN, title)
        library.wait(BEN, title)

        library.take_back(copy)

        [ready] = library.read(notices.notices_of, ANN)
        assert (ready.kind, ready.title, ready.request_state) == ("READY", "Dune", "READY")
        assert ready.ready_until is not None
        assert told_to(library, BEN) == []

    def test_a_rejected_reader_and_one_who_did_not_fetch_are_told(self, library: Library) -> None:
        title, _ = library.book()
        wish = library.request(ANN, title)
        library.write(requests.reject, wish.id, "It is being bound.", by=LIBRARIAN)
        other = library.request(BEN, title)
        library.write(told, "EXPIRED", by=LIBRARIAN, request_id=other.id)

        assert [one.reason for one in library.read(notices.notices_of, ANN)] == ["It is being bound."]
        assert told_to(library, BEN) == [("EXPIRED", 0)]

    def test_a_recalled_loan_is_told_to_who_has_it(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)

        library.write(told, "RECALLED", by=LIBRARIAN, loan_id=loan.id)

        assert told_to(library) == [("RECALLED", 0)]

    def test_an_act_that_is_refused_tells_nobody(self, library: Library) -> None:
        title, [copy] = library.book()
        library.wait(ANN, title)

        def shelved_and_refused(tx: object, *, now: datetime) -> None:
            requests.shelve(tx, 1, copy.barcode or "", by=LIBRARIAN, now=now, zone=ZONE)  # type: ignore[arg-type]
            raise Unavailable("The power is gone.")

        with pytest.raises(Unavailable):
            library.write(shelved_and_refused)

        assert told_to(library) == []


class TestOfDueDays:
    def test_each_step_once_however_often_the_clock_looks(self, library: Library) -> None:
        _, [copy] = library.book()
        library.reader(ANN)
        loan = library.lend(ANN, copy)
        heard = []
        for days in (-5, -3, -3, -2, 0, 1, 1, 2, 7, 20):
            library.now = loan.due_at + timedelta(days=days, hours=-3)
            mention(library)
            heard.append(len(told_to(library)))

        assert heard == [0, 1, 1, 1, 1, 2, 2, 2, 3, 3]
        assert told_to(library) == [("DUE_SOON", -3), ("OVERDUE", 1), ("OVERDUE", 7)]

    def test_what_came_back_is_not_asked_for(self, library: Library) -> None:
        _, [first, second] = library.book(copies=2)
        library.reader(ANN)
        library.reader(BEN)
        library.lend(ANN, first)
        library.lend(BEN, second)
        library.take_back(first)
        library.now += timedelta(days=30)

        mention(library)

        assert (told_to(library, ANN), told_to(library, BEN)) == ([], [("OVERDUE", 1)])


@dataclass
class Post:
    """A mail server that may be away, and who is known where."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    fault: Callable[[NoticeView], Exception | None] = lambda _: None
    home_is_away: bool = False

    def send(self, one: NoticeView, address: str, now: datetime) -> None:
        assert now is not None
        if (fault := self.fault(one)) is not None:
            raise fault
        self.sent.append((one.id, address))

    def address_of(self, person: str) -> str | None:
        if self.home_is_away and person.startswith("student:"):
            raise Unavailable("The student service is away.")
        return None if person == CAL.person else f"{person.replace(':', '')}@example.org"

    def deliver(self, library: Library) -> jobs.TaskRow:
        return run(library, "deliver-notices", notices.deliver(self.send, self.address_of))


@pytest.fixture
def ready(library: Library) -> Library:
    """Three readers for each of whom a copy lies on the hold shelf."""
    title, copies = library.book(copies=3)
    for who in (ANN, BEN, CAL):
        library.wait(who, title)
    for copy in copies:
        library.take_back(copy)
    return library


class TestDelivery:
    def test_each_is_sent_once_and_who_has_no_address_finds_it_on_the_page(self, ready: Library) -> None:
        post = Post()

        first, second = post.deliver(ready), post.deliver(ready)

        assert [address for _, address in post.sent] == ["student1001@example.org", "student1002@example.org"]
        assert (first.last_counts, second.last_counts) == ({"done": 3}, {})
        assert all(one.sent_at for who in (ANN, BEN, CAL) for one in ready.read(notices.notices_of, who))

    def test_what_was_fetched_meanwhile_is_not_announced(self, ready: Library) -> None:
        post = Post()
        wish = ready.read(requests.requests_of, ANN)[0]
        ready.write(requests.cancel, wish.id, by=ANN, zone=ZONE)

        post.deliver(ready)

        assert [address for _, address in post.sent] == ["student1002@example.org"]

    def test_a_mail_server_that_is_away_is_told_and_tried_again(self, ready: Library) -> None:
        post = Post(fault=lambda _: ConnectionRefusedError())
        row = post.deliver(ready)
        again = Post()
        at_once = again.deliver(ready)

        ready.now += timedelta(minutes=6)
        again.deliver(ready)

        assert (row.last_state, row.last_problem) == (
            "failed",
            "The mail server does not take mail: ConnectionRefusedError.",
        )
        assert at_once.last_counts == {"done": 2}, "the one that was tried rests for some minutes"
        assert [one for one, _ in again.sent] == [2, 1]

    def test_one_address_that_is_refused_keeps_nobody_from_theirs(self, ready: Library) -> None:
        refused = smtplib.SMTPRecipientsRefused({"student1001@example.org": (550, b"no such person")})
        post = Post(fault=lambda one: refused if one.person == ANN.person else None)

        row = post.deliver(ready)

        assert [address for _, address in post.sent] == ["student1002@example.org"]
        assert row.last_counts == {"done": 2, "put_off": 1}

    def test_a_home_service_that_is_away_delays_its_own_people_alone(self, ready: Library) -> None:
        post = Post(home_is_away=True)
        row = post.deliver(ready)
        assert (row.last_counts, post.sent) == ({"done": 1, "put_off": 1}, [])

        post.home_is_away = False
        ready.now += timedelta(minutes=6)
        post.deliver(ready)

        assert len(post.sent) == 2

    def test_a_sender_that_dies_after_sending_sends_the_same_mail_again_and_no_other(self, ready: Library) -> None:
        dying = Post(fault=lambda _: None)

        def killed(one: NoticeView, address: str, now: datetime) -> None:
            dying.send(one, address, now)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(ready, "deliver-notices", notices.deliver(killed, dying.address_of))
        post = Post()
        post.deliver(ready)
        ready.now += timedelta(minutes=6)
        post.deliver(ready)

        assert [one for one, _ in dying.sent] == [1]
        assert sorted(one for one, _ in post.sent) == [1, 2]
