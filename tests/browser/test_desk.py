"""A librarian's day at the desk, with the keyboard alone, with scripts and without."""

import pytest

from tests.browser.university import barcode_of
from tests.browser.visitor import NewVisitor, Visitor

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def scan(librarian: Visitor, text: str) -> str:
    """Scan at the desk; answers what the desk says, in words."""
    librarian.type(text)
    return str(librarian.page.locator(".alert-desk").all_inner_texts())


class TestADaysWorkByKeyboard:
    @pytest.mark.parametrize(
        ("scripts", "title", "reader", "number"), [(True, "Middlemarch", "amara", 1001), (False, "Emma", "ben", 1002)]
    )
    def test_sign_in_find_approve_issue_take_back(
        self, visitor: NewVisitor, scripts: bool, title: str, reader: str, number: int
    ) -> None:
        student = visitor(scripts=scripts)
        student.sign_in("student", reader)
        student.open(f"/library/find?q={title}")
        student.tab_to(".card-line a")
        student.press("Enter")
        student.tab_to("main button", "Request")
        student.press("Enter")
        assert "Waits for a librarian" in student.words

        librarian = visitor(scripts=scripts)
        librarian.open("/sign-in")
        librarian.tab_to("main a", "I work in the library")
        librarian.press("Enter")
        librarian.tab_to("#user_name")
        librarian.page.keyboard.type("ines")
        librarian.tab_to("#password")
        librarian.page.keyboard.type("seven lean cows in a row")
        librarian.press("Enter")
        librarian.tab_to("nav.tasks a", "Find")
        librarian.press("Enter")
        assert librarian.focus() == "find"
        librarian.type(title)
        assert title in librarian.words
        librarian.tab_to("nav.tasks a", "Queue")
        librarian.press("Enter")
        librarian.tab_to("main button", f"Approve {title}")
        librarian.press("Enter")
        assert f"Approved: {title}" in librarian.words
        librarian.tab_to("main a", "To pull")
        librarian.press("Enter")
        assert librarian.focus() == "scan"
        librarian.type(barcode_of(title))
        assert f"On the hold shelf: {title}" in librarian.words
        librarian.tab_to("nav.tasks a", "Desk")
        librarian.press("Enter")
        assert librarian.focus() == "scan"
        scan(librarian, f"student:{number}")
        assert librarian.path.endswith(f"?patron=student:{number}")
        assert f"Lent: {title}" in scan(librarian, barcode_of(title))
        assert librarian.focus() == "scan"
        librarian.tab_to("a", "Finish with")
        librarian.page.keyboard.press("Enter")
        librarian.page.wait_for_selector("text=Scan a reader or a copy")
        assert f"Taken back: {title}" in scan(librarian, barcode_of(title))

        student.open("/library/my")
        assert "You have no books on loan." in student.words
        assert "You have no open requests." in student.words


class TestScanABox:
    @SCRIPTS
    def test_a_stray_enter_does_nothing(self, visitor: NewVisitor, scripts: bool) -> None:
        librarian = visitor(scripts=scripts)
        librarian.sign_in("library", "ines", "/desk")
        librarian.page.wait_for_selector("#scan:focus")

        librarian.type("")

        assert librarian.focus() == "scan"
        assert librarian.page.locator(".alert-desk").count() == 0

    def test_a_reader_the_library_never_saw_is_asked_for_at_home(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines", "/desk")

        librarian.type("student:1004")

        assert librarian.page.inner_text("#reader") == "Dora Example"

    def test_what_nobody_knows_is_said_with_what_to_do(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines", "/desk")

        said = scan(librarian, "no such thing")

        assert "Nothing is known under no such thing" in said
        assert "Scan it again" in said
        assert librarian.focus() == "scan"

    def test_a_copy_that_is_out_is_not_lent_again_and_can_be_taken_back_there(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines", "/desk")
        scan(librarian, "student:1003")
        scan(librarian, barcode_of("Walden"))

        said = scan(librarian, barcode_of("Walden"))
        librarian.page.click("text=Take this copy back")
        librarian.answered()

        assert "Already lent to this reader: Walden" in said
        assert "Taken back: Walden" in librarian.words

    def test_a_copy_set_aside_is_kept_unless_overruled_with_a_reason(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        student = visitor()
        student.sign_in("student", "cleo", "/index")
        student.open("/library/find?q=Orlando")
        student.page.click(".card-line a")
        student.page.click("main form button:has-text('Request')")
        librarian.sign_in("library", "ines", "/queue")
        librarian.page.click("summary:has-text('Reject Orlando')")
        librarian.page.wait_for_selector("[name=reason]:focus")
        librarian.page.click("button:has-text('Approve Orlando')")
        librarian.open("/library/desk?patron=student:1002")

        said = scan(librarian, barcode_of("Orlando"))
        librarian.page.fill("#reason", barcode_of("Emma"))
        librarian.page.focus("#reason")
        librarian.page.keyboard.press("Enter")
        unsent = librarian.page.input_value("#reason")
        librarian.page.fill("#reason", "the first reader telephoned")
        librarian.page.click("text=Overrule and lend")
        librarian.answered()

        assert "set aside for another reader" in said
        assert unsent == barcode_of("Emma")
        assert "Lent: Orlando" in librarian.words

    def test_whoever_brings_a_book_is_not_told_who_had_it(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines", "/desk")
        scan(librarian, "student:1003")
        scan(librarian, barcode_of("Kim"))
        librarian.page.click("text=Finish with")

        scan(librarian, barcode_of("Kim"))

        assert "Taken back: Kim" in librarian.words
        assert "Cleo" not in librarian.words


def fire(librarian: Visitor, *texts: str, gap: int) -> list[str]:
    """Scan one after another without waiting for answers; answers what became of each, first to last."""
    for text in texts:
        librarian.page.keyboard.type(text)
        librarian.page.keyboard.press("Enter")
        librarian.page.wait_for_timeout(gap)
    librarian.answered()
    return list(reversed(librarian.page.locator("[data-outcomes] li").all_inner_texts()))


class TestScanFasterThanItAnswers:
    @pytest.mark.parametrize(("gap", "latency"), [(60, 0), (120, 500)])
    def test_each_scan_is_kept_sent_in_order_and_answered(self, visitor: NewVisitor, gap: int, latency: int) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines", "/desk")
        slow = lambda route: (librarian.page.wait_for_timeout(latency), route.continue_())  # noqa: E731
        librarian.page.route("**/library/desk", slow)
        books = ["Dubliners", "Silas Marner", "Shirley"]

        lent = fire(librarian, "student:1004", *map(barcode_of, books), gap=gap)
        again = librarian.page.locator(".desk tbody tr").count()
        librarian.page.keyboard.press("Escape")
        taken = fire(librarian, *map(barcode_of, books), gap=gap)[-3:]

        assert lent[0] == "Reader opened"
        assert [line.partition(" · ")[0] for line in lent[1:]] == [f"Lent: {book}" for book in books]
        assert again == 3
        assert [line.partition(" · ")[0] for line in taken] == [f"Taken back: {book}" for book in books]
        assert librarian.focus() == "scan"

    def test_a_scan_whose_answer_is_lost_is_sent_again_and_acts_once(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines", "/desk?patron=student:1003")
        lost = lambda route: (route.fetch(max_redirects=0), route.abort())  # noqa: E731
        librarian.page.route("**/library/desk", lost, times=1)

        said = fire(librarian, barcode_of("Villette"), gap=0)

        assert [line.partition(" · ")[0] for line in said] == ["Lent: Villette"]
        assert any("ERR_FAILED" in one for one in librarian.complaints)
        librarian.complaints.clear()

    def test_what_follows_an_unknown_card_is_handed_back_and_goes_to_nobody(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "ines", "/desk?patron=student:1003")

        said = fire(librarian, "no such card", barcode_of("Dubliners"), barcode_of("Shirley"), gap=0)

        assert said[0].startswith("Nothing is known under no such card")
        assert said[1:] == [f"Not sent: {barcode_of(book)}. Scan it again." for book in ("Dubliners", "Shirley")]
        assert librarian.page.locator(".desk tbody tr", has_text="Dubliners").count() == 0


class TestSendAFormTwice:
    def test_it_acts_once_and_answers_the_same(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "noor", "/desk?patron=student:1003")
        form = {
            name: librarian.page.locator(f"form.scan input[name={name}]").input_value()
            for name in ("form_token", "form_key", "patron")
        }
        said = {**form, "scan": barcode_of("Ulysses")}

        answers = [
            librarian.request.post(
                f"{librarian.base}/library/desk", form=said, headers={"Origin": librarian.base[:-5]}, max_redirects=0
            )
            for _ in range(2)
        ]

        assert [answer.status for answer in answers] == [303, 303]
        librarian.open("/library/desk?patron=student:1003")
        assert librarian.page.locator("tbody tr", has_text="Ulysses").count() == 1

    def test_a_double_click_acts_once(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "noor", "/desk")
        scan(librarian, "student:1002")
        librarian.page.keyboard.type(barcode_of("Persuasion"))

        librarian.page.dblclick("form.scan button")
        librarian.page.wait_for_selector(".alert-desk")

        assert "Lent: Persuasion" in librarian.words

    def test_a_form_of_another_session_or_site_is_refused(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "noor", "/desk")
        token = librarian.page.locator("form.scan input[name=form_token]").input_value()
        address, here = f"{librarian.base}/library/desk", librarian.base[:-5]
        said = {"scan": barcode_of("Dracula"), "patron": ""}

        forged = librarian.request.post(address, form={**said, "form_token": "x" + token}, headers={"Origin": here})
        foreign = librarian.request.post(
            address, form={**said, "form_token": token}, headers={"Origin": "https://evil.example"}
        )

        assert (forged.status, foreign.status) == (403, 403)
