"""Chapter 4 of the book, told by its people: who they are, what is taught, what is handed in and what is lent."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from configuration.kit.security.actor import Service
from tests.journeys.campus import Campus
from tests.journeys.story import LIBRARY, SECRETS, STUDENT
from tests.journeys.visitors import Reception, Visitor

FACULTY = "/ch04/faculty"
BACK_SECONDS = 30
COURSE = "CS-101"
TITLE = "The Left Hand of Darkness"


@dataclass(slots=True)
class University:
    """Who takes part, and what they made so far."""

    registrar: Visitor
    dean: Visitor
    librarian: Visitor
    student: Visitor
    lecturer: Visitor
    student_no: int = 0
    lecturer_no: int = 0


def staff_arrives(campus: Campus, client: httpx.Client) -> University:
    """The first staff of all three services choose passwords and sign in."""
    reception = Reception(client)
    codes = campus.activation_codes()
    registrar = Visitor(reception, "amina", SECRETS["amina"], "student")
    dean = Visitor(reception, "bruno", "granite-sparrow-58-oat", "faculty")
    librarian = Visitor(reception, "chandra", SECRETS["chandra"], "library")
    for staff in (registrar, dean, librarian):
        body = {"user_name": staff.name, "code": codes[staff.name], "password": staff.password}
        staff.post(f"/ch04/{staff.service}/account/activate", body)
        staff.sign_in()
    student = Visitor(reception, "linh", "copper-harbour-81-wren", "student")
    lecturer = Visitor(reception, "grace", "ember-willow-46-flint", "faculty")
    return University(registrar, dean, librarian, student, lecturer)


def portals_lead_on(university: University) -> None:
    """The gateway leads to each portal, and each index shows its configuration."""
    reception = university.student.reception
    for number, service in enumerate(("student", "faculty", "library"), start=1):
        answer = reception.client.get(f"/ch04/university/{number}", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.headers["location"]) == (307, f"/ch04/{service}/index")
        shown = university.student.get(f"/ch04/{service}/index")
        assert {"project_name", "webmaster", "created"} <= set(shown)
    assert university.student.get("/ch04/university/7") == {"message": "University ERP Systems"}


def people_join(university: University) -> None:
    """A student and a lecturer apply, are approved by another person, sign in and state who they are."""
    for person, decider, number in (
        (university.student, university.registrar, "stud_id"),
        (university.lecturer, university.dean, "faculty_id"),
    ):
        root = f"/ch04/{person.service}"
        applied = person.post(
            f"{root}/account/signup",
            {"username": person.name, "password": person.password, "fname": person.name.title(), "lname": "Novak"},
            expect=201,
        )
        assert "password" not in applied
        person.sign_in(expect=401)
        person.post(f"{root}/account/signup/approved", {"sign_id": applied["sign_id"]}, expect=401)
        approved = decider.post(f"{root}/account/signup/approved", {"sign_id": applied["sign_id"]})
        decider.post(f"{root}/account/signup/approved", {"sign_id": applied["sign_id"]}, expect=409)
        person.sign_in()
        if person is university.student:
            university.student_no = approved[number]
        else:
            university.lecturer_no = approved[number]


def password_changes(person: Visitor) -> None:
    """The old password opens no longer, the new one does."""
    old, person.password = person.password, "saffron-tunnel-72-iris"
    body = {"old_password": old, "new_password": person.password}
    person.post(f"/ch04/{person.service}/login/password/change", body)
    Visitor(person.reception, person.name, old, person.service).sign_in(expect=401)
    person.sign_in()


def profiles_are_kept(university: University) -> None:
    """Each looks at and completes the own profile; a second change that saw the first version is told so."""
    for person, root, major in (
        (university.student, STUDENT, "Computer Science"),
        (university.lecturer, FACULTY, "Computer Science"),
    ):
        seen = person.get(f"{root}/profile")
        assert seen["display_name"].startswith(person.name.title())
        majors = person.get(f"{root}/majors?limit=200")["items"]
        assert len(majors) >= 20, major
    office = university.registrar.get(f"{STUDENT}/profile/list/all")["items"]
    assert university.student_no in [one["stud_id"] for one in office]


def teaching_begins(university: University) -> int:
    """The dean opens a term, a course, a section; says who teaches and who attends it. The section."""
    dean, today = university.dean, datetime.now(UTC).date()
    term = dean.post(
        f"{FACULTY}/terms",
        {
            "code": "2026-T1",
            "name": "First term",
            "starts_on": f"{today - timedelta(days=30)}",
            "ends_on": f"{today + timedelta(days=90)}",
        },
        expect=201,
    )
    course = dean.post(f"{FACULTY}/courses", {"code": COURSE, "title": "Computing", "credits": 6}, expect=201)
    section = dean.post(
        f"{FACULTY}/sections",
        {"course_id": course["id"], "term_id": term["id"], "code": "A", "capacity": 30},
        expect=201,
    )
    dean.post(
        f"{FACULTY}/sections/{section['id']}/teaching",
        {"person": university.lecturer_no, "role": "lead"},
        expect=201,
    )
    listed = [{"student_number": university.student_no, "display_name": "Linh Novak"}]
    dean.put(f"{FACULTY}/sections/{section['id']}/roster", {"students": listed})
    number: int = section["id"]
    return number


def work_is_set_handed_in_and_marked(university: University) -> None:
    """The lecturer sets an assignment, the student hands in through the student service and reads the mark there."""
    lecturer, student = university.lecturer, university.student
    due = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    assignment = lecturer.post(
        f"{FACULTY}/assignments/faculty",
        {"assgn_id": 7, "title": "Exercise 1", "date_due": due, "course": COURSE},
        expect=201,
    )
    asked = student.get(f"{STUDENT}/assignments/list")["items"]
    assert [one["title"] for one in asked] == ["Exercise 1"]
    received = student.post(f"{STUDENT}/assignment/submit", {"assgn_id": 7, "text": "My solution."}, expect=201)
    student.post(f"{STUDENT}/assignment/submit", {"assgn_id": 7, "text": "Another."}, expect=409)
    student.post(f"{STUDENT}/assignment/submit", {"assgn_id": 8, "text": "Not there."}, expect=404)
    assert student.get(f"{STUDENT}/marks/mine")["items"] == []

    workbin = lecturer.post(f"{FACULTY}/assignments/student/workbin", {"stud_id": university.student_no})
    again = lecturer.post(f"{FACULTY}/assignments/student/workbin", {"stud_id": university.student_no})
    assert again == workbin
    lying = lecturer.get(f"{FACULTY}/assignments/view/workbins")["items"]
    assert len(lying) == 1

    waiting = lecturer.get(f"{FACULTY}/assignments/{assignment['id']}/submissions")["items"]
    assert len(waiting) == 1
    lecturer.post(f"{FACULTY}/submissions/{received['id']}/marks", {"raw": "83.50", "comment": "Well."}, expect=201)
    assert student.get(f"{STUDENT}/marks/mine")["items"] == []
    lecturer.post(f"{FACULTY}/assignments/{assignment['id']}/marks/release")
    [mark] = student.get(f"{STUDENT}/marks/mine")["items"]
    assert (mark["final"], mark["comment"]) == ("83.50", "Well.")


def books_are_lent(university: University) -> None:
    """A student and a lecturer borrow through their own services; only a scan at the desk closes a loan."""
    librarian, student, lecturer = university.librarian, university.student, university.lecturer
    for number in (501, 502):
        librarian.post(
            f"{LIBRARY}/book/add",
            {"book_id": number, "title": TITLE, "author": "Ursula K. Le Guin", "classification": "Fiction"},
            expect=201,
        )
    assert len(student.get(f"{STUDENT}/access/book?q=darkness")["items"]) == 2
    wish = student.post(f"{STUDENT}/reserve/book", {"book_id": 501}, expect=201)
    student.post(f"{STUDENT}/reserve/book", {"book_id": 501}, expect=409)
    loan = librarian.post(f"{LIBRARY}/book/issuance", {"req_id": _id_of(wish)}, expect=201)
    assert [one["issue_id"] for one in student.get(f"{STUDENT}/books/loans")["items"]] == [loan["issue_id"]]

    wish = lecturer.post(f"{FACULTY}/books/request/borrow", {"book_id": 502}, expect=201)
    assert len(lecturer.get(f"{FACULTY}/books/request/list")["items"]) == 1
    issued = librarian.post(f"{LIBRARY}/book/issuance", {"req_id": _id_of(wish)}, expect=201)
    lecturer.post(f"{FACULTY}/books/returning", {"issue_id": issued["issue_id"]})
    assert len(lecturer.get(f"{FACULTY}/books/issuance/list")["items"]) == 1, "announced is not returned"
    librarian.post(f"{LIBRARY}/book/issuance/return", {"issue_id": issued["issue_id"]})
    librarian.post(f"{LIBRARY}/book/issuance/return", {"issue_id": issued["issue_id"]}, expect=409)


def any_one_may_be_away(university: University, campus: Campus) -> None:
    """Stop each service in turn: it is told so at once, and the others' own addresses go on."""
    own: dict[Service, tuple[Visitor, str]] = {
        "student": (university.student, f"{STUDENT}/profile"),
        "faculty": (university.lecturer, f"{FACULTY}/profile"),
        "library": (university.librarian, f"{LIBRARY}/book/issuance/list"),
    }
    for away in own:
        campus.server(away).stop()
        for service, (person, path) in own.items():
            person.get(path, expect=503 if service == away else 200)
        if away == "library":
            told = university.student.get(f"{STUDENT}/access/book", expect=503)
            assert told["code"] == "PEER_UNAVAILABLE"
        campus.server(away).start()
        _back(university, f"/ch04/{away}/health/ready")


def _back(university: University, path: str) -> None:
    """Wait until the way to a service that is back is open again."""
    until = time.monotonic() + BACK_SECONDS
    while university.student.reception.client.get(path).status_code != 200:
        assert time.monotonic() < until, f"{path} is not back within {BACK_SECONDS} s"
        time.sleep(0.2)


def _id_of(wish: Any) -> int:
    number: int = wish.get("req_id") or wish.get("request_id") or wish["id"]
    return number
