"""Every page, in both themes, wide and narrow: axe finds nothing serious, nothing spills over, targets can be hit."""

import os

import pytest

from tests.browser.university import barcode_of
from tests.browser.visitor import NewVisitor, Visitor

ANYBODY = [
    "/",
    "/sign-in?next=/ch04/library/my",
    "/nowhere",
    "/student/index",
    "/student/sign-in",
    "/student/sign-up",
    "/student/activate",
    "/student/forgotten",
    "/student/reset",
    "/faculty/index",
    "/faculty/sign-in",
    "/library/index",
    "/library/find",
    "/library/find?q=annals",
    "/library/find?q=nothingatall",
    "/library/find/2",
    "/library/offline",
]
STUDENT = ["/student/index", "/student/me", "/student/my-record", "/library/my", "/library/find/3", "/library/desk"]
REGISTRAR = [
    "/student/index",
    "/student/applications",
    "/student/people",
    "/student/records",
    "/student/records?q=nobodyatall",
    "/student/records/new",
    "/student/records/1003",
    "/student/records/1003/edit",
    "/student/lists",
    "/student/my-record",
]
DEAN = ["/faculty/records", "/faculty/records/1001", "/faculty/lists", "/faculty/my-record"]
LIBRARIAN = [
    "/library/index",
    "/library/desk",
    "/library/desk?patron=student:1003",
    "/library/desk?patron=nobody",
    "/library/queue",
    "/library/queue?view=pull",
    "/library/queue?view=shelf",
    "/library/queue?view=clear",
    "/library/queue?view=waiting",
    "/library/queue?view=overdue",
    "/library/queue?view=lost",
    "/library/queue?view=missing",
    "/library/queue?view=repair",
    "/library/desk/returns",
    "/library/desk/journal",
    "/library/desk/fast-add?barcode=N1&patron=student:1003",
    "/library/desk/receipt?patron=student:1003",
    "/library/desk/readers/1",
    "/library/desk/tills",
    "/library/my",
    "/library/find/4",
    "/library/catalogue/new",
    "/library/catalogue/4/edit",
    "/library/catalogue/4/delete",
    "/library/catalogue/4/copies",
    f"/library/catalogue/copies/{barcode_of('Bleak House')}",
    "/library/catalogue/import",
    "/library/people",
    "/library/policy",
    "/library/policy/new",
    "/library/policy/1",
    "/library/calendar",
    "/library/calendar/main",
    "/library/purchases",
    "/library/tasks",
]
# Width decides where things stand and the theme their colours: two looks see both. ERP_TEST_LOOKS=all takes all four.
LOOKS = [(1280, "light"), (375, "dark")]
if os.environ.get("ERP_TEST_LOOKS") == "all":
    LOOKS += [(1280, "dark"), (375, "light")]
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
  .filter((e) => e.checkVisibility() && !e.closest("p, li, dd, td, th, .visually-hidden, .skip"))
  .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RUN = "(options) => axe.run(document, {...options, resultTypes: ['violations']}).then((found) => found.violations)"


def findings(visitor: Visitor, look: str = "") -> list[str]:
    """What is wrong with the page the visitor is on."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types

    if not visitor.page.evaluate("() => !!window.axe"):
        visitor.page.evaluate(Axe().axe_script)
    where = f"{visitor.path} {look}"
    found = [
        f"{where}: {one['id']} ({one['impact']}) {one['nodes'][0]['html'][:160]}"
        for one in visitor.page.evaluate(RUN, RULES)
    ]
    if (spilt := visitor.page.evaluate(WIDER)) > 0:
        found.append(f"{where}: {spilt} px wider than the window")
    found += [f"{where}: too small {one}" for one in visitor.page.evaluate(SMALL)]
    return found


def walk(visitor: Visitor, paths: list[str]) -> list[str]:
    """Everything that is wrong on these pages, however they are looked at."""
    wrong = []
    for path in paths:
        visitor.open(path)
        for width, theme in LOOKS:
            visitor.page.set_viewport_size({"width": width, "height": 800})
            visitor.page.emulate_media(color_scheme=theme)
            wrong += findings(visitor, f"{width} {theme}")
    return wrong


@pytest.mark.long
class TestLookAtEveryPage:
    def test_as_anybody(self, visitor: NewVisitor) -> None:
        anybody = visitor()

        assert walk(anybody, ANYBODY) == []

    def test_as_a_reader(self, visitor: NewVisitor) -> None:
        student = visitor()
        student.sign_in("student", "cleo")
        student.open("/library/find?q=waves")
        student.page.click(".card-line a")
        student.page.click("main form button:has-text('Request')")

        assert walk(student, STUDENT) == []

    def test_as_a_registrar(self, visitor: NewVisitor) -> None:
        registrar = visitor()
        registrar.sign_in("student", "rita")

        assert walk(registrar, REGISTRAR) == []

    def test_as_a_dean(self, visitor: NewVisitor) -> None:
        dean = visitor()
        dean.sign_in("faculty", "fergus")

        assert walk(dean, DEAN) == []

    def test_as_a_librarian(self, visitor: NewVisitor) -> None:
        librarian = visitor()
        librarian.sign_in("library", "noor")

        assert walk(librarian, LIBRARIAN) == []

    def test_whoever_chose_a_theme_gets_it_whatever_the_system_prefers(self, visitor: NewVisitor) -> None:
        anybody = visitor(theme="light")
        anybody.open("/library/find?q=annals")
        anybody.page.click("text=Dark")

        ground = anybody.page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert anybody.path == "/library/find?q=annals"
        assert max(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(",")) < 60
        assert findings(anybody) == []


class TestFindWhatIsWrong:
    def test_a_planted_fault_is_found(self, visitor: NewVisitor) -> None:
        anybody = visitor()
        anybody.open("/library/find")

        anybody.page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend',"
            ' \'<img src="data:,"><button class="btn">x</button>\')'
        )
        anybody.page.evaluate("document.querySelector('main button:last-child').style.cssText = 'height:8px;padding:0'")

        assert [one for one in findings(anybody) if "image-alt" in one]
        assert [one for one in findings(anybody) if "too small" in one]

    def test_a_forbidden_script_is_complained_about(self, visitor: NewVisitor) -> None:
        anybody = visitor()
        anybody.open("/")

        anybody.page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.taken = 1';"
            " document.head.append(s); return window.taken; }"
        )

        assert anybody.page.evaluate("window.taken") is None
        assert any("Content Security Policy" in one for one in anybody.complaints)
        anybody.complaints.clear()
