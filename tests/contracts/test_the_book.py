"""The book's addresses, row by row and field by field: each field is taken, or refused with the reason."""

from dataclasses import dataclass
from typing import Any

import pytest
import requests

from configuration.kit.security.actor import Service
from tests.contracts.stage import Stage
from tests.reliability.installation import PREFIX


@dataclass(frozen=True)
class Row:
    """An address of the book. `was` is the method it had there, where that changed."""

    service: Service
    method: str
    path: str
    role: str = "anonymous"
    was: str | None = None
    taken: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Facts that clients must not set."""
    asked: tuple[str, ...] = ()
    """Parameters of the query."""

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"


NAMES = ("fname", "lname", "mname", "major", "department")
ASSIGNMENT = ("assgn_id", "title", "date_due", "course")
ROWS = [
    Row("student", "post", "/account/signup", taken=("stud_id", "username", "password")),
    Row("faculty", "post", "/account/signup", taken=("faculty_id", "username", "password")),
    Row("student", "post", "/account/signup/approved", "registrar", was="get", taken=("sign_id",)),
    Row("faculty", "post", "/account/signup/approved", "dean", was="get", taken=("sign_id",)),
    Row("student", "post", "/login/account", taken=("username", "password")),
    Row("faculty", "post", "/login/account", taken=("username", "password")),
    Row("student", "post", "/login/password/change", "student"),
    Row("faculty", "post", "/login/password/change", "lecturer"),
    Row("student", "post", "/profile/add", "registrar", taken=("stud_id", *NAMES), refused=("age", "status")),
    Row("faculty", "post", "/profile/add", "dean", taken=("faculty_id", *NAMES), refused=("age",)),
    Row("student", "patch", "/profile/update", "registrar", taken=NAMES, refused=("age", "status"), asked=("stud_id",)),
    Row("faculty", "patch", "/profile/update", "dean", taken=NAMES, refused=("age",), asked=("faculty_id",)),
    Row("student", "get", "/profile/list/all", "registrar"),
    Row("faculty", "get", "/profile/list/all", "dean"),
    Row("student", "get", "/assignments/list", "student"),
    Row("student", "get", "/assignment/list", "student"),
    Row(
        "student",
        "post",
        "/assignment/submit",
        "student",
        taken=("assgn_id", "bin_id"),
        refused=("title", "date_completed", "date_due", "rating", "course"),
    ),
    Row("student", "get", "/access/book", "student"),
    Row(
        "student",
        "post",
        "/reserve/book",
        "student",
        was="get",
        taken=("book_id",),
        refused=("request_date", "status", "approved_by", "approved_date"),
    ),
    Row("faculty", "get", "/assignments/list", "lecturer"),
    Row(
        "faculty",
        "post",
        "/assignments/faculty",
        "lecturer",
        taken=ASSIGNMENT,
        refused=("bin_id", "date_completed", "rating"),
    ),
    Row(
        "faculty",
        "post",
        "/assignments/student/submit",
        "lecturer",
        taken=("assgn_id", "bin_id"),
        refused=("title", "date_completed", "date_due", "rating", "course"),
    ),
    Row("faculty", "post", "/assignments/student/workbin", "lecturer", taken=("stud_id", "faculty_id")),
    Row("faculty", "get", "/assignments/view/workbins", "lecturer", was="post", asked=("bin_id",)),
    Row("faculty", "get", "/books/access/list", "lecturer"),
    Row("faculty", "get", "/books/request/list", "lecturer"),
    Row("faculty", "post", "/books/request/borrow", "lecturer", taken=("book_id",), refused=("request_date", "status")),
    Row("faculty", "get", "/books/issuance/list", "lecturer"),
    Row("faculty", "post", "/books/returning", "lecturer", taken=("issue_id",), refused=("returned_date",)),
    Row(
        "library",
        "post",
        "/book/add",
        "librarian",
        taken=("book_id", "title", "classification", "author", "year_published", "edition"),
    ),
    Row("library", "get", "/book/list"),
    Row(
        "library",
        "patch",
        "/book/update",
        "librarian",
        taken=("title", "classification", "author", "year_published", "edition"),
        asked=("book_id",),
    ),
    Row("library", "delete", "/book/delete/{book_id}", "librarian"),
    Row("library", "delete", "/book/list", "librarian", asked=("book_id",)),
    Row("library", "post", "/book/request", "student", taken=("book_id",), refused=("request_date", "status")),
    Row("library", "get", "/book/request/list", "librarian", was="post"),
    Row(
        "library",
        "post",
        "/book/issuance",
        "librarian",
        taken=("req_id",),
        refused=("approved_by", "approved_date"),
    ),
    Row("library", "get", "/book/issuance/list", "librarian"),
    Row("library", "post", "/book/issuance/return", "librarian", taken=("issue_id",), refused=("returned_date",)),
]


def operation_of(stage: Stage, row: Row) -> dict[str, Any]:
    """What the service's document says of the row."""
    found: dict[str, Any] = stage.document(row.service)["paths"][f"{PREFIX}/{row.service}{row.path}"][row.method]
    return found


def fields_of(stage: Stage, row: Row) -> set[str]:
    """The fields that the documented body has, in whichever form it may be sent."""
    document = stage.document(row.service)
    fields: set[str] = set()
    for content in operation_of(stage, row).get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        fields |= set(schema.get("properties", {}))
    return fields


def send(stage: Stage, row: Row, method: str, body: Any = None) -> requests.Response:
    """The row's request, as whoever may make it."""
    token = stage.token(row.role, row.service)
    path = row.path.format(book_id=71)
    return requests.request(
        method.upper(),
        f"{stage.address}{PREFIX}/{row.service}{path}",
        json=body,
        params=dict.fromkeys(row.asked, "1"),
        headers={"Accept": "application/json", "If-Match": '"1"'}
        | ({"Authorization": f"Bearer {token}"} if token else {}),
        timeout=30,
    )


@pytest.mark.parametrize("row", ROWS, ids=str)
class TestTheBook:
    def test_the_address_is_there_and_takes_the_fields_of_the_book(self, stage: Stage, row: Row) -> None:
        parameters = {one["name"] for one in operation_of(stage, row).get("parameters", []) if one["in"] == "query"}

        assert set(row.taken) <= fields_of(stage, row)
        assert set(row.asked) <= parameters

    def test_a_fact_that_clients_must_not_set_is_refused_with_the_reason(self, stage: Stage, row: Row) -> None:
        for name in row.refused:
            answer = send(stage, row, row.method, {name: "1"})

            told = [error for error in answer.json()["errors"] if error.get("pointer") == f"/{name}"]
            assert (answer.status_code, [error["code"] for error in told]) == (422, ["NOT_YOURS_TO_SET"]), answer.text
            assert name not in fields_of(stage, row)

    def test_the_method_that_was_wrong_is_refused(self, stage: Stage, row: Row) -> None:
        if row.was is None:
            return

        assert send(stage, row, row.was).status_code == 405
