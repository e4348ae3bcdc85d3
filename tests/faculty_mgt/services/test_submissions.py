"""Handing in: attempts without gaps, lateness by the clock, receipts that hold for ever, and whose work it is."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from configuration.kit.database import Statement, Transaction
from configuration.kit.features.files import Arrived, FileNotFound
from configuration.kit.security.keys import KeyRing, read_published
from configuration.kit.security.receipts import ReceiptRefused, signer, verify
from faculty_mgt.domain.receipts import stated_files, text_digest
from faculty_mgt.errors import (
    AssignmentLocked,
    AssignmentNotFound,
    AttemptsExhausted,
    SubmissionNotFound,
    WorkRefused,
)
from faculty_mgt.models.data.submissions import Submission, submission, work
from faculty_mgt.models.request.assignments import OverrideCreate
from faculty_mgt.services import overrides, submissions
from faculty_mgt.services.submissions import OnBehalf, Work
from tests.faculty_mgt.handing_in import ESSAY, hand_in, no_signature
from tests.faculty_mgt.school import ANN, BEN, CAL, DAY, GRADER, LEAD, NOW, STRANGER, ZONE, School


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing("faculty", tmp_path / "keys", NOW)


class TestHandingIn:
    def test_attempts_are_numbered_from_one_and_end_with_the_allowance(self, school: School) -> None:
        task = school.assignment(attempts=2)

        assert [hand_in(school, task).attempt, hand_in(school, task).attempt] == [1, 2]
        with pytest.raises(AttemptsExhausted):
            hand_in(school, task)
        assert hand_in(school, task, BEN).attempt == 1

    def test_files_keep_their_order_and_names_and_the_same_bytes_are_one_row(self, school: School) -> None:
        task = school.assignment(attempts=2)
        twice = [ESSAY, Arrived("copy.pdf", ESSAY.sha256, 1000, "application/pdf")]

        made = hand_in(school, task, files=twice)
        hand_in(school, task, files=twice)

        assert [(file.position, file.name, file.sha256) for file in made.files] == [
            (1, "essay.pdf", ESSAY.sha256),
            (2, "copy.pdf", ESSAY.sha256),
        ]
        own = school.database.read_sync(submissions.mine, ANN, assignment_id=task.id, after=0, limit=10)
        assert [len(each.files) for each in own] == [2, 2]

    def test_lateness_counts_from_the_due_time_that_holds_for_the_student(self, school: School) -> None:
        task = school.assignment(attempts=3)
        extension = OverrideCreate(student_number=1002, due_at=task.due_at + DAY, reason="Was ill.")
        school.write(overrides.grant, task.id, extension, by=LEAD, zone=ZONE)
        school.now = task.due_at
        assert hand_in(school, task).seconds_late == 0
        school.now = task.due_at + timedelta(seconds=1)
        assert hand_in(school, task).seconds_late == 1
        assert hand_in(school, task, BEN).seconds_late == 0
        school.now = task.locks_at + timedelta(microseconds=1)
        with pytest.raises(AssignmentLocked):
            hand_in(school, task)

    @pytest.mark.parametrize("who", [CAL, LEAD, STRANGER])
    def test_who_does_not_attend_finds_nothing(self, school: School, who: Any) -> None:
        with pytest.raises(AssignmentNotFound):
            hand_in(school, school.assignment(), who)

    def test_nothing_is_no_work(self, school: School) -> None:
        with pytest.raises(WorkRefused):
            hand_in(school, school.assignment(), text="")

    def test_on_behalf_counts_as_of_what_staff_attest_and_says_so(self, school: School) -> None:
        task = school.assignment()
        school.now = task.locks_at + DAY
        behalf = OnBehalf(1001, task.due_at - DAY, "Came by e-mail.")

        made = school.write(submissions.hand_in_for, task.id, Work("hers"), behalf, by=LEAD, sign=no_signature)

        assert (made.seconds_late, made.received_at, made.attested_at) == (0, school.now, task.due_at - DAY)
        shown = school.read(submissions.seen, made.id, ANN).submission
        assert (shown.on_behalf_by, shown.reason) == (LEAD.person, "Came by e-mail.")

    def test_on_behalf_neither_in_the_future_nor_for_another_space(self, school: School) -> None:
        task = school.assignment()
        for behalf, by, refusal in (
            (OnBehalf(1001, school.now + DAY, "why"), LEAD, WorkRefused),
            (OnBehalf(1003, school.now, "why"), LEAD, AssignmentNotFound),
            (OnBehalf(1001, school.now, "why"), STRANGER, AssignmentNotFound),
        ):
            with pytest.raises(refusal):
                school.write(submissions.hand_in_for, task.id, Work("x"), behalf, by=by, sign=no_signature)


class TestSeeing:
    def test_ones_own_and_those_one_teaches_and_no_others(self, school: School) -> None:
        made = hand_in(school, school.assignment(), files=[ESSAY])

        for who in (ANN, LEAD, GRADER):
            assert school.read(submissions.seen, made.id, who).submission == made
        for who in (BEN, CAL, STRANGER):
            with pytest.raises(SubmissionNotFound):
                school.read(submissions.seen, made.id, who)
            with pytest.raises(SubmissionNotFound):
                school.read(submissions.file_of, made.id, 1, who)
        with pytest.raises(FileNotFound):
            school.read(submissions.file_of, made.id, 2, ANN)

    def test_the_queue_leads_from_one_to_the_next(self, school: School) -> None:
        task = school.assignment(attempts=2)
        first, second = hand_in(school, task), hand_in(school, task, BEN)
        again = hand_in(school, task)

        lines = school.read(submissions.queue, task.id, LEAD, state="unmarked", after=0, limit=10)

        assert [(line.display_name, line.submission_id, line.attempts) for line in lines] == [
            ("Student 1001", again.id, 2),
            ("Student 1002", second.id, 1),
        ]
        seen = school.read(submissions.seen, first.id, LEAD)
        assert (seen.previous_id, seen.next_id) == (None, second.id)
        assert [each.id for each in seen.attempts] == [again.id, first.id]
        assert school.read(submissions.seen, second.id, LEAD).previous_id == again.id
        assert school.read(submissions.queue, task.id, LEAD, state="marked", after=0, limit=10) == []
        with pytest.raises(AssignmentNotFound):
            school.read(submissions.queue, task.id, ANN, state=None, after=0, limit=10)


class TestGuards:
    """What the database itself refuses, whoever writes."""

    @pytest.mark.parametrize(
        "changed", [{"attempt": 3, "previous": 2}, {"attempt": 1}, {"attempt": 3, "previous": 1}, {"attempt": 2}]
    )
    def test_a_gap_or_a_double_in_the_attempts(self, school: School, changed: dict[str, Any]) -> None:
        made = hand_in(school, school.assignment(attempts=9))
        row = {name: getattr(made, name) for name in Submission.__dataclass_fields__ if name not in ("id", "files")}

        with pytest.raises(Exception, match=r"(?i)constraint|refers to"):
            school.database.write_sync(_insert, {**row, "previous": None, **changed})

    def test_a_change_of_what_was_handed_in(self, school: School) -> None:
        made = hand_in(school, school.assignment())
        later = Statement(update(submission).values(text="other").where(submission.c.id == made.id))

        with pytest.raises(Exception, match="append-only"):
            school.database.write_sync(lambda tx: tx.run(later))


def _insert(tx: Transaction, row: dict[str, Any]) -> None:
    from configuration.kit.database import insert_into

    tx.run(Statement(insert_into(submission)), **row)


class TestRaces:
    async def test_attempts_handed_in_at_once_have_no_gaps(self, school: School) -> None:
        for allowed in (3, 64):
            task = school.assignment(attempts=allowed)
            answers = await asyncio.gather(
                *(
                    school.database.write(
                        submissions.submit, task.id, Work("x", [ESSAY]), by=ANN, now=school.now, sign=no_signature
                    )
                    for _ in range(64)
                ),
                return_exceptions=True,
            )

            made = [answer.attempt for answer in answers if isinstance(answer, Submission)]
            refused = {type(answer) for answer in answers if not isinstance(answer, Submission)}
            assert sorted(made) == list(range(1, allowed + 1))
            assert refused <= {AttemptsExhausted}
            assert school.database.read_sync(_counted, task.id) == allowed

    async def test_the_same_files_in_another_order_do_not_wait_for_one_another(self, school: School) -> None:
        task = school.assignment(attempts=99)
        work = [Arrived(f"{number}.pdf", f"{number:064x}", 9, "application/pdf") for number in range(8)]
        orders = [work, work[::-1]] * 8
        answers = await asyncio.gather(
            *(
                school.database.write(
                    submissions.submit, task.id, Work("", files), by=by, now=school.now, sign=no_signature
                )
                for files, by in zip(orders, [ANN, BEN] * 8, strict=True)
            )
        )

        assert [[file.name for file in answer.files] for answer in answers] == [
            [file.name for file in files] for files in orders
        ]


def _counted(tx: Transaction, assignment_id: int) -> Any:
    return tx.scalar(Statement(select(work.c.attempts).where(work.c.assignment_id == assignment_id)))


class TestReceipts:
    def signed(self, school: School, ring: KeyRing) -> str:
        sign = signer(ring)
        made = school.write(submissions.submit, school.assignment().id, Work("mine", [ESSAY]), by=ANN, sign=sign)
        return made.receipt

    def test_states_what_was_handed_in_and_is_believed_with_the_published_keys(
        self, school: School, ring: KeyRing
    ) -> None:
        receipt = verify(self.signed(school, ring), read_published(ring.jwks()))

        assert receipt.issuer == "faculty"
        assert receipt.signed_at == school.now
        assert receipt.states["student"] == "student:1001"
        assert receipt.states["received_at"] == school.now.isoformat()
        assert stated_files(receipt.states) == {ESSAY.sha256: "essay.pdf", text_digest("mine"): "the text"}

    def test_holds_after_its_key_retired_and_no_new_one_is_made_with_that(self, school: School, ring: KeyRing) -> None:
        old = signer(ring)
        text = self.signed(school, ring)
        ring.rotate(school.now + DAY)
        published = read_published(ring.jwks())

        assert verify(text, published).states["attempt"] == 1
        assert verify(signer(ring)({}, school.now + 2 * DAY), published).kid != verify(text, published).kid
        with pytest.raises(ReceiptRefused, match="retired"):
            verify(old({}, school.now + 2 * DAY), published)

    def test_of_another_service_or_changed_in_any_letter_is_refused(
        self, school: School, ring: KeyRing, tmp_path: Path
    ) -> None:
        text = self.signed(school, ring)
        published = read_published(ring.jwks())
        head, body, signature = text.split(".")
        forged = [
            f"{head}.{body[:place]}{_other(body[place])}{body[place + 1 :]}.{signature}"
            for place in range(0, len(body) - 1, 7)
        ]
        forged += [f"{head}.{body}.", f"{head}.{body}", "", "a.b.c", text + "A", "\u00e9" + text, "." * 70_000]

        for each in forged:
            with pytest.raises(ReceiptRefused):
                verify(each, published)
        with pytest.raises(ReceiptRefused, match="never published"):
            verify(signer(KeyRing("faculty", tmp_path / "others", NOW))({}, NOW), published)

    def test_is_no_token(self, school: School, ring: KeyRing) -> None:
        from configuration.kit.security.tokens import TokenRefused, peek

        with pytest.raises(TokenRefused):
            peek(self.signed(school, ring), {"faculty": frozenset()})


def _other(letter: str) -> str:
    return "A" if letter != "A" else "B"
