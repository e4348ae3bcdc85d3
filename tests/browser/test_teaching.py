"""A term's work by browser: from the dean's calendar to a student's mark, with scripts and without."""

import pytest

from tests.browser.test_every_page import walk
from tests.browser.visitor import NewVisitor, Visitor

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
LATER, LAST = "2030-05-01T12:00", "2030-05-03T12:00"


def add(somebody: Visitor, path: str, summary: str, button: str, **fields: str) -> None:
    """Open a page's form, fill it in, send it."""
    somebody.open(path)
    somebody.page.click(f"summary:has-text('{summary}')")
    form = somebody.page.locator("details[open] form")
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("(node) => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with somebody.page.expect_navigation():
        form.locator(f"button:has-text('{button}')").click()


def plan(dean: Visitor, course: str, students: str) -> str:
    """A course with one section, taught by leo; answers the path of its space."""
    add(dean, "/faculty/offer/terms", "Add a term", "Add the term", code=f"T-{course}", name=f"Term of {course}",
        starts_on="2026-01-01", ends_on="2030-12-31")  # fmt: skip
    add(dean, "/faculty/offer/courses", "Add a course", "Add the course", code=course, title="Logic", credits="6")
    term = dean.page.request.get(f"{dean.base}/faculty/terms?limit=200").json()["items"][-1]
    add(dean, "/faculty/offer/sections", "Plan a section", "Plan the section", course=course,
        term_id=str(term["id"]), code="A", capacity="20")  # fmt: skip
    assert f"Planned: {course} A" in dean.words
    section = dean.path
    add(dean, section, "Put somebody onto the teaching list", "Put on the list", person="1003", role="lead")
    dean.page.fill("#students", students)
    dean.page.click("text=Set the roster")
    found = dean.page.request.get(f"{dean.base}/faculty/sections/{section.rpartition('/')[2]}").json()
    return f"/faculty/teaching/spaces/{found['space_id']}"


def assign(lecturer: Visitor, space: str, title: str, **more: str) -> str:
    """A published assignment; answers its path."""
    lecturer.open(f"{space}/assignments/new")
    for name, value in {"title": title, "due_at": LATER, "locks_at": LAST, "attempts": "2", **more}.items():
        lecturer.page.fill(f"#{name}", value)
    lecturer.page.click("text=Publish at once")
    assert f"Published: {title}" in lecturer.words
    return lecturer.path


class TestATermByBrowser:
    @SCRIPTS
    def test_from_the_calendar_to_a_mark(self, visitor: NewVisitor, scripts: bool) -> None:
        course = f"LOG-{int(scripts)}"
        dean, lecturer, student = (visitor(scripts=scripts) for _ in range(3))
        dean.sign_in("faculty", "fergus")
        space = plan(dean, course, "1001\n1003 Cleo the Second")
        assert "Amara Example" in dean.page.input_value("#students")
        lecturer.sign_in("faculty", "leo", "/teaching")
        assert course in lecturer.words
        task = assign(lecturer, space, f"Proofs {course}")
        add(lecturer, task, "Grant something", "Grant it", student_number="1003", attempts="3", reason="Was ill.")
        assert "3 attempts" in lecturer.words
        student.sign_in("student", "amara")
        student.open("/faculty/my/assignments")
        student.page.click(f"text=Proofs {course}")
        student.page.fill("#text", "Socrates is mortal.")
        file = {"name": "proof.txt", "mimeType": "text/plain", "buffer": b"All men are mortal."}
        student.page.set_input_files("#files", [file])
        student.page.click("main button:has-text('Hand in')")
        assert "Keep the receipt" in student.words
        with student.page.expect_download() as receipt:
            student.page.click("text=Download the receipt")
        assert receipt.value.path().read_text().count(".") == 2

        lecturer.open("/faculty/index")
        lecturer.page.locator("tr", has_text=f"Proofs {course}").locator("text=Mark the first").click()
        assert "Socrates is mortal." in lecturer.words
        assert "proof.txt" in lecturer.words
        assert lecturer.focus() == "raw"
        lecturer.page.keyboard.type("80")
        lecturer.page.fill("#comment", "Rightly so.")
        lecturer.page.click("text=Save and go on")
        assert "Nothing else waits" in lecturer.words
        student.open("/faculty/my/assignments?show=marked")
        assert course not in student.words
        lecturer.page.click("button:has-text('Release the marks')")
        assert "students see now: 1" in lecturer.words

        student.page.reload()
        student.page.click(f"text=Proofs {course}")
        assert "80 of 100 points" in student.words
        assert "Rightly so." in student.words

    def test_the_second_of_two_markers_is_told_what_the_first_gave(self, visitor: NewVisitor) -> None:
        dean, lecturer, student = (visitor() for _ in range(3))
        dean.sign_in("faculty", "fergus")
        space = plan(dean, "RACE", "1004")
        lecturer.sign_in("faculty", "leo")
        task = assign(lecturer, space, "Race")
        student.sign_in("student", "dora")
        student.open(task.replace("/teaching/", "/my/"))
        student.page.fill("#text", "First.")
        student.page.click("main button:has-text('Hand in')")
        lecturer.open(task)
        lecturer.page.click("text=Mark the first")
        other = lecturer.page.context.new_page()
        other.goto(lecturer.page.url)
        other.fill("#raw", "55")
        other.click("button:text-is('Save')")
        other.wait_for_selector(".notice-success")
        lecturer.page.fill("#raw", "77")

        lecturer.page.click("button:text-is('Save')")

        assert "gave 55" in lecturer.page.inner_text(".error-summary")
        assert lecturer.page.input_value("#raw") == "77"
        lecturer.page.click("button:text-is('Save')")
        assert "Marked: Dora Example" in lecturer.words


class TestMendAForm:
    def test_what_does_not_fit_is_said_beside_its_field(self, visitor: NewVisitor) -> None:
        dean, lecturer = visitor(), visitor()
        dean.sign_in("faculty", "fergus")
        space = plan(dean, "MEND", "1001")
        dean.page.fill("#students", "1001\nnobody\n1001\n99999")
        dean.page.click("text=Set the roster")
        assert "Line 2" in dean.page.inner_text("#students-error")
        assert "Line 3" in dean.page.inner_text("#students-error")
        dean.page.fill("#students", "99999")
        dean.page.click("text=Set the roster")
        assert "99999: the student service knows nobody" in dean.page.inner_text("#students-error")
        lecturer.sign_in("faculty", "leo")
        lecturer.open(f"{space}/assignments/new")
        for name, value in {"title": "Late", "due_at": LAST, "locks_at": LATER, "late_rate": "much"}.items():
            lecturer.page.fill(f"#{name}", value)

        lecturer.page.click("text=Save as a draft")

        assert "percentage" in lecturer.page.inner_text("#late_rate-error")
        lecturer.page.fill("#late_rate", "12.5")
        lecturer.page.click("text=Save as a draft")
        assert "locked before it is due" in lecturer.page.inner_text("#locks_at-error")
        lecturer.page.fill("#locks_at", LAST)
        lecturer.page.click("text=Save as a draft")
        assert "12.5 %" in lecturer.words


@pytest.mark.long
class TestLookAtEveryPage:
    def test_as_a_dean_a_lecturer_and_a_student(self, visitor: NewVisitor) -> None:
        dean, lecturer, student = (visitor() for _ in range(3))
        dean.sign_in("faculty", "fergus")
        space = plan(dean, "LOOK", "1001\n1003")
        section = dean.path
        lecturer.sign_in("faculty", "leo")
        task = assign(lecturer, space, "Look", body="What do you see?\nAnd why?", late_rate="10")
        add(lecturer, space, "Announce something", "Announce it", title="Welcome", body="We begin on Monday.")
        add(lecturer, space, "Add a text or a link", "Add it", title="Reading", url="https://example.org/reading")
        add(lecturer, task, "Grant something", "Grant it", student_number="1003", due_at=LAST, reason="Was ill.")
        student.sign_in("student", "cleo")
        own = task.replace("/teaching/", "/my/")
        student.open(own)
        student.page.fill("#text", "Something.")
        student.page.click("main button:has-text('Hand in')")
        lecturer.open(task)
        work = str(lecturer.page.get_attribute("text=Mark the first", "href")).partition("/ch04")[2]

        wrong = walk(lecturer, ["/faculty/index", "/faculty/teaching", space, f"{space}/assignments/new", task,
                                f"{task}/edit", f"{task}?show=nothing", f"{task}/hand-in", work,
                                section.replace("/offer/", "/teaching/")])  # fmt: skip
        wrong += walk(student, ["/faculty/index", "/faculty/my/assignments", "/faculty/my/assignments?show=missed", own,
                                space.replace("/teaching/", "/my/")])  # fmt: skip
        wrong += walk(dean, ["/faculty/index", "/faculty/offer/terms", "/faculty/offer/courses",
                             "/faculty/offer/sections", section])  # fmt: skip

        assert wrong == []
