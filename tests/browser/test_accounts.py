"""How somebody comes in: applying, being decided about, signing in and out, changing a password."""

import pytest

from tests.browser.visitor import NewVisitor
from tests.people import PASSWORD

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
NEW = "seven fat cows came up first"


class TestComeIn:
    @SCRIPTS
    def test_apply_be_approved_sign_in_sign_out(self, visitor: NewVisitor, scripts: bool) -> None:
        name = f"newcomer{scripts}".lower()
        applicant = visitor(scripts=scripts)
        applicant.open("/")
        applicant.page.click("text=Apply as a student")
        applicant.page.fill("#given_name", "Nora")
        applicant.page.fill("#family_name", f"Newcomer {scripts}")
        applicant.page.fill("#user_name", name)
        applicant.page.fill("#password", PASSWORD)
        applicant.press("Enter")
        assert "Your application was sent" in applicant.words

        registrar = visitor(scripts=scripts)
        registrar.sign_in("student", "rita", "/applications")
        registrar.page.click(f"tr:has-text('{name}') button:has-text('Approve')")
        assert f"user name {name} can sign in" in registrar.words

        applicant.open("/sign-in?next=/ch04/library/my")
        applicant.page.click("text=I am a student")
        applicant.page.fill("#user_name", name)
        applicant.page.fill("#password", PASSWORD)
        applicant.press("Enter")
        assert applicant.path == "/library/my"
        applicant.page.click("details.account summary")
        applicant.page.click("text=Sign out")
        assert applicant.path == "/student/index"
        assert "You are signed out" in applicant.words
        applicant.open("/library/my")
        assert applicant.path == "/sign-in?next=/ch04/library/my"

    @SCRIPTS
    def test_a_rejection_says_why(self, visitor: NewVisitor, scripts: bool) -> None:
        name = f"stranger{scripts}".lower()
        applicant = visitor(scripts=scripts)
        applicant.open("/student/sign-up")
        for field, said in [("given_name", "Sten"), ("family_name", "Stranger"), ("user_name", name)]:
            applicant.page.fill(f"#{field}", said)
        applicant.page.fill("#password", PASSWORD)
        applicant.press("Enter")
        registrar = visitor(scripts=scripts)
        registrar.sign_in("student", "rita", "/applications")

        row = registrar.page.locator("tr", has_text=name)
        row.locator("summary").click()
        row.locator("input[name=reason]").fill("not known at the faculty")
        registrar.press("Enter")

        assert f"Rejected: user name {name}" in registrar.words


class TestMendAForm:
    @SCRIPTS
    def test_the_summary_takes_the_focus_and_leads_to_the_field(self, visitor: NewVisitor, scripts: bool) -> None:
        applicant = visitor(scripts=scripts)
        applicant.open("/student/sign-up")
        for field, said in [("given_name", "Ida"), ("family_name", "Idle"), ("user_name", "ida.idle")]:
            applicant.page.fill(f"#{field}", said)
        applicant.page.fill("#password", "short")

        applicant.press("Enter")

        summary = applicant.page.locator(".error-summary")
        assert summary.evaluate("(node) => node === document.activeElement")
        assert "at least 12 characters" in summary.inner_text()
        assert applicant.page.input_value("#given_name") == "Ida"
        assert applicant.page.get_attribute("#password", "aria-invalid") == "true"
        applicant.tab_to(".error-summary a")
        applicant.page.keyboard.press("Enter")
        assert applicant.focus() == "password"


class TestSignIn:
    @SCRIPTS
    def test_a_wrong_password_says_no_more_than_that(self, visitor: NewVisitor, scripts: bool) -> None:
        somebody = visitor(scripts=scripts)
        somebody.open("/student/sign-in")
        somebody.page.fill("#user_name", f"nobody at all {scripts}")
        somebody.page.fill("#password", "x" * 20)

        somebody.press("Enter")

        assert "User name or password is wrong." in somebody.words

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/ch04/../evil", "/evil"])
    def test_it_never_leads_out_of_the_university(self, visitor: NewVisitor, target: str) -> None:
        somebody = visitor()
        somebody.open(f"/library/sign-in?next={target}")
        somebody.page.fill("#user_name", "otto")
        somebody.page.fill("#password", PASSWORD)

        somebody.press("Enter")

        assert somebody.path == "/library/index"


class TestTakeOverAtADesk:
    def test_the_screen_stays_and_the_first_librarian_is_signed_out(self, visitor: NewVisitor) -> None:
        desk = visitor()
        desk.sign_in("library", "ines", "/desk?patron=student:1003")
        first = next(cookie["value"] for cookie in desk.cookies() if cookie["name"] == "erp_session")
        desk.page.click("details.account summary")
        desk.page.click("text=Somebody else takes over")
        desk.page.fill("#user_name", "otto")
        desk.page.fill("#password", PASSWORD)

        desk.press("Enter")

        assert desk.path == "/library/desk?patron=student:1003"
        assert "Otto" in desk.page.inner_text("details.account summary")
        left = visitor()
        left.hold("erp_session", first)
        left.open("/library/desk")
        assert left.path.startswith("/sign-in")


class TestLookAfterAnAccount:
    def test_a_new_password_ends_the_other_sessions(self, visitor: NewVisitor) -> None:
        here, elsewhere = visitor(), visitor()
        elsewhere.sign_in("faculty", "lena")
        here.sign_in("faculty", "lena", "/me")
        here.page.fill("#old_password", PASSWORD)
        here.page.fill("#new_password", NEW)

        here.press("Enter")

        assert "The password was changed" in here.words
        elsewhere.open("/faculty/me")
        assert elsewhere.path.startswith("/sign-in")

    def test_a_session_of_ones_own_can_be_ended(self, visitor: NewVisitor) -> None:
        here, elsewhere = visitor(), visitor()
        elsewhere.sign_in("student", "ben")
        here.sign_in("student", "ben", "/me")

        here.page.click("td.acts button >> nth=0")

        assert "That session is ended." in here.words

    def test_an_invited_colleague_activates_with_the_printed_code(self, visitor: NewVisitor) -> None:
        librarian, colleague = visitor(), visitor()
        librarian.sign_in("library", "noor", "/people")
        librarian.page.click("summary:has-text('Invite somebody')")
        librarian.page.fill("#user_name", "pia")
        librarian.page.fill("#given_name", "Pia")
        librarian.page.select_option("#role", "library_assistant")
        librarian.page.click("text=Make the account")
        code = librarian.page.inner_text(".big-code")
        colleague.open("/library/activate")
        colleague.page.fill("#user_name", "pia")
        colleague.page.fill("#code", code)
        colleague.page.fill("#password", NEW)

        colleague.press("Enter")

        assert "Your account is active" in colleague.words
        colleague.page.fill("#user_name", "pia")
        colleague.page.fill("#password", NEW)
        colleague.press("Enter")
        assert "Desk" in colleague.page.inner_text("nav.tasks")
