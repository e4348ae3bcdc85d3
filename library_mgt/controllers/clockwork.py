"""What happens in the library without anybody asking: its tasks, and what they need of the world outside."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial

from fastapi import FastAPI

from configuration.kit.features import idempotency
from configuration.kit.features.jobs import Daily, Every, Task, Work, Workplace, once_over, sweep
from configuration.kit.mail import Mailer
from configuration.kit.security.actor import Actor
from configuration.kit.web import Pages, marked
from configuration.settings import LibrarySettings
from library_mgt.clients.standing import HomeServices
from library_mgt.domain import notices as telling
from library_mgt.domain.forgetting import Memory
from library_mgt.domain.notices import Steps
from library_mgt.models.data.notices import NoticeView
from library_mgt.services import accounts, closures, forgetting, notices, requests, suspensions

CLOCK = Actor("service:library", "library", "The library's clock", via="service")
PATIENCE = 15.0
"""Seconds to wait for an address: more than the longest deadline of a call to a peer."""


def tasks(settings: LibrarySettings, delivering: Work | None = None) -> Sequence[Task]:
    """All tasks of the library; `delivering` is a running server's work, which alone reaches the other services."""
    zone = settings.zone_info
    steps = Steps(settings.reminder_days, settings.overdue_days)

    return (
        Task(
            "expire-requests",
            marked("Ends requests that were not fetched in time or are not needed any more."),
            Every(timedelta(minutes=5)),
            sweep(partial(requests.expiring, zone=zone), partial(requests.expire, by=CLOCK, zone=zone)),
        ),
        Task(
            "resume-requests",
            marked("Serves requests again whose suspension is over."),
            Every(timedelta(minutes=5)),
            sweep(partial(suspensions.to_resume, zone=zone), partial(suspensions.end_suspension, by=CLOCK, zone=zone)),
        ),
        Task(
            "finish-closures",
            marked("Moves what lies on closed days and was not moved yet."),
            Every(timedelta(hours=1)),
            closures.finishing(by=CLOCK, zone=zone),
        ),
        Task(
            "mention-due",
            marked("Reminds readers of loans that are due soon, and asks for those that are overdue."),
            Daily(time(7, 0)),
            sweep(
                partial(notices.loans_to_mention, zone=zone, steps=steps),
                partial(notices.mention_due, zone=zone, steps=steps),
                size=50,
            ),
        ),
        Task(
            "deliver-notices", marked("Sends the notices that wait, by mail."), Every(timedelta(minutes=1)), delivering
        ),
        *_forgetting(settings),
    )


def _forgetting(settings: LibrarySettings) -> Sequence[Task]:
    """What is forgotten; the mail that lies in the folder goes before the rows that know its names."""
    memory = Memory(settings.forget_after_days, settings.forget_last_borrower_after_days)
    mailer = _mailer(settings)

    def unmailed(place: Workplace, *, loan_id: int | None = None, request_id: int | None = None) -> None:
        for notice_id in place.read(forgetting.mails_about, loan_id=loan_id, request_id=request_id):
            mailer.forget(_mail_name(notice_id))

    return (
        Task(
            "forget-loans",
            marked("Forgets whose the loans were that ended long enough ago."),
            Daily(time(3, 0)),
            sweep(
                partial(forgetting.loans_to_forget, memory=memory),
                partial(forgetting.forget_loan, memory=memory),
                size=20,
                first=lambda place, loan_id: unmailed(place, loan_id=loan_id),
            ),
        ),
        Task(
            "forget-requests",
            marked("Forgets whose the requests were that ended without a loan."),
            Daily(time(3, 20)),
            sweep(
                partial(forgetting.requests_to_forget, memory=memory),
                partial(forgetting.forget_request, memory=memory),
                size=20,
                first=lambda place, request_id: unmailed(place, request_id=request_id),
            ),
        ),
        Task(
            "forget-refusals",
            marked("Forgets in the record of acts who was refused a title."),
            Daily(time(3, 40)),
            sweep(partial(forgetting.refused_wishes, memory=memory), forgetting.forget_wisher, size=50),
        ),
        Task(
            "forget-answers",
            marked("Forgets the answers kept for repeated requests, and with them who asked."),
            Every(timedelta(minutes=10)),
            once_over(lambda tx, *, now: idempotency.forget_before(tx, now - idempotency.KEPT)),
        ),
    )


def tasks_of(app: FastAPI) -> Sequence[Task]:
    """The tasks of a running library; to be asked for on its event loop."""
    state = app.state
    homes = HomeServices(state.peers, state.keyring, state.settings.root_prefix, state.clock)
    loop = asyncio.get_running_loop()
    mailer, pages = _mailer(state.settings), state.pages

    def address_of(person: str) -> str | None:
        if person.startswith("library:"):
            found: str | None = state.database.read_sync(accounts.address_of, person)
            return found
        return asyncio.run_coroutine_threadsafe(homes.address(person), loop).result(PATIENCE)

    def send(notice: NoticeView, address: str, now: datetime) -> None:
        subject, text = written(pages, notice)
        mailer.send_now(address, subject, text, now, name=_mail_name(notice.id))

    return tasks(state.settings, notices.deliver(send, address_of))


def written(pages: Pages, notice: NoticeView) -> tuple[str, str]:
    """Subject and text of the mail that tells a notice."""
    say, until = pages.unasked()
    subject, lines = telling.words(notice, say, until)
    hello = say("Hello {name},").format(name=notice.display_name or "")
    closing = say("{university}, the library").format(university=pages.site.university)
    return subject, "\n\n".join([hello, subject, *lines, closing]) + "\n"


def _mailer(settings: LibrarySettings) -> Mailer:
    return Mailer(settings.var / "mail", settings.mail_from, settings.smtp_url)


def _mail_name(notice_id: int) -> str:
    return f"library-notice-{notice_id}"
