"""The chapters of the story, each as the people of the university would tell it."""

import os
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from configuration.settings import ROOT
from tests.journeys.campus import Campus
from tests.journeys.visitors import Reception, Visitor

LIBRARY = "/ch04/library"
STUDENT = "/ch04/student"
SECRETS = {"amina": "quarry-lantern-64-moss", "chandra": "violet-anchor-27-fern"}
BOOKS = Path(os.environ.get("ERP_SAMPLE_DATA") or ROOT.parent / "shared" / "data") / "books" / "goodbooks10k.csv"
WANTED = "hobbit tolkien"
IMPORT_SECONDS = 180


@dataclass(slots=True)
class People:
    """Who takes part."""

    registrar: Visitor
    librarian: Visitor
    first: Visitor
    second: Visitor


def staff_arrives(campus: Campus, client: httpx.Client) -> People:
    """The first staff choose passwords with the codes that `erp init` printed, and sign in."""
    reception = Reception(client)
    codes = campus.activation_codes()
    registrar = Visitor(reception, "amina", SECRETS["amina"], "student")
    librarian = Visitor(reception, "chandra", SECRETS["chandra"], "library")
    for staff in (registrar, librarian):
        body = {"user_name": staff.name, "code": codes[staff.name], "password": staff.password}
        staff.post(f"/ch04/{staff.service}/account/activate", body)
        staff.sign_in()
    first = Visitor(reception, "linh", "copper-harbour-81-wren", "student")
    second = Visitor(reception, "marta", "walnut-comet-35-tide", "student")
    return People(registrar, librarian, first, second)


def student_joins(people: People, student: Visitor) -> str:
    """A student applies, waits, is approved by the registrar, and signs in; the person reference."""
    body = {"username": student.name, "password": student.password, "fname": student.name.title(), "lname": "Novak"}
    applied = student.post(f"{STUDENT}/account/signup", body, expect=201)
    assert "password" not in applied
    student.sign_in(expect=401)
    people.registrar.post(f"{STUDENT}/account/signup/approved", {"sign_id": applied["sign_id"]})
    student.sign_in()
    person: str = student.get(f"{STUDENT}/account/me")["person"]
    return person


def books_arrive(librarian: Visitor) -> None:
    """The librarian imports ten thousand real books: first a verdict for every row, then the titles."""
    if not BOOKS.exists():
        warnings.warn(f"no sample books at {BOOKS}: the import of 10,000 is left out", stacklevel=2)
        one = {"title": "The Hobbit", "contributors": [{"name": "J. R. R. Tolkien"}]}
        title = librarian.post(f"{LIBRARY}/titles", one, expect=201)
        librarian.post(f"{LIBRARY}/titles/{title['id']}/copies", {}, expect=201)
        return
    with BOOKS.open("rb") as file:
        job = librarian.post(f"{LIBRARY}/imports", expect=202, files={"file": (BOOKS.name, file, "text/csv")})
    planned = _finished(librarian, job["id"], "waiting")["summary"]
    assert sum(planned["planned"].values()) == planned["rows"] == 10_000
    assert librarian.get(f"{LIBRARY}/titles")["items"] == [], "a dry run changes nothing"
    librarian.post(f"{LIBRARY}/imports/{job['id']}/apply", expect=202)
    done = _finished(librarian, job["id"], "done")["summary"]
    assert sum(done[name] for name in ("created", "updated", "duplicate", "refused")) == 10_000, done


def _finished(librarian: Visitor, job_id: int, state: str) -> Any:
    until = time.monotonic() + IMPORT_SECONDS
    while (job := librarian.get(f"{LIBRARY}/imports/{job_id}"))["state"] != state:
        assert job["state"] in ("queued", "running"), job
        assert time.monotonic() < until, f"not {state} within {IMPORT_SECONDS} s: {job}"
        time.sleep(0.2)
    return job


def first_reader_borrows(people: People, person: str) -> Any:
    """The student finds a book and requests it; the librarian approves, and lends it at the desk. The loan."""
    reader, librarian = people.first, people.librarian
    found = reader.get(f"{LIBRARY}/titles?q={WANTED}")["items"]
    title = next(one for one in found if one["title"].startswith("The Hobbit"))
    wish = reader.post(f"{LIBRARY}/requests", {"title_id": title["id"]}, expect=201)
    assert wish["state"] == "PENDING_APPROVAL"
    reader.post(f"{LIBRARY}/requests", {"title_id": title["id"]}, expect=409)
    reader.post(f"{LIBRARY}/requests/{wish['id']}/approve", expect=403)
    approved = librarian.post(f"{LIBRARY}/requests/{wish['id']}/approve")
    assert approved["state"] == "ALLOCATED"
    loan = librarian.post(f"{LIBRARY}/loans", {"patron": person, "barcode": approved["barcode"]}, expect=201)
    assert loan["request_id"] == wish["id"]
    return loan


def second_reader_waits(people: People, person: str, loan: Any) -> int:
    """The desk looks the second reader up and cannot lend; the request is approved and waits. Its id."""
    librarian = people.librarian
    preview = librarian.post(f"{LIBRARY}/loans/preview", {"patron": person, "barcode": loan["barcode"]})
    assert [blocker["code"] for blocker in preview["blockers"]] == ["COPY_ALREADY_ON_LOAN"]
    wish = people.second.post(f"{LIBRARY}/requests", {"title_id": loan["title_id"]}, expect=201)
    waiting = librarian.post(f"{LIBRARY}/requests/{wish['id']}/approve")
    assert (waiting["state"], waiting["position"]) == ("QUEUED", 1)
    request_id: int = wish["id"]
    return request_id


def book_changes_hands(people: People, second: str, loan: Any, waiting: int) -> Any:
    """The first announces the return, the desk scans the book, the second is served. The second loan."""
    people.first.post(f"{LIBRARY}/loans/{loan['id']}/announce-return")
    assert [one["id"] for one in people.first.get(f"{LIBRARY}/loans/mine")["items"]] == [loan["id"]]
    scanned = people.librarian.post(f"{LIBRARY}/returns", {"barcode": loan["barcode"]})
    assert (scanned["loan_id"], scanned["announced"]) == (loan["id"], True)
    assert (scanned["request"]["id"], scanned["request"]["state"]) == (waiting, "READY")
    wish = {"patron": second, "barcode": loan["barcode"]}
    served = people.librarian.post(f"{LIBRARY}/loans", wish, expect=201)
    assert served["request_id"] == waiting
    return served


def library_closes(people: People, campus: Campus) -> None:
    """The library's process ends: it is told so at once, and all that is not the library's goes on."""
    campus.server("library").stop()
    for _ in range(3):
        away = people.first.get(f"{LIBRARY}/loans/mine", expect=503)
        assert away["code"] == "PEER_UNAVAILABLE"
    assert people.first.get(f"{STUDENT}/account/me")["person"]
    people.first.get("/ch04/faculty/index")
    assert people.first.get("/ch04/health")["services"]["library"] == {"status": "away"}
