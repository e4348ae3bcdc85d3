"""What the dean offers: courses, terms, and the sections in which they are taught."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from configuration.kit.database import Database, Transaction
from configuration.kit.errors import Refusal
from configuration.kit.pagination import CursorDep, cut, decode_cursor
from configuration.kit.security.actor import Actor
from configuration.kit.web.dependencies import FieldError, Fields, PagesDep, faults_of
from configuration.kit.web.doing import Doing, DoingDep, Said
from configuration.kit.web.forms import given, read, whole
from configuration.kit.web.pages import Pages
from configuration.kit.web.urls import next_link
from faculty_mgt.dependencies import DatabaseDep, Dean
from faculty_mgt.models.request.courses import CourseCreate, TermCreate
from faculty_mgt.models.request.sections import SectionCreate
from faculty_mgt.models.response.teaching import CourseRead, SectionRead, TermRead
from faculty_mgt.services import courses, sections

PAGE = 50
MOST = 200
router = APIRouter(include_in_schema=False)
Filter = Annotated[int, Query(ge=0, le=2**63 - 1)]


def _courses(tx: Transaction, *, after: int, limit: int) -> tuple[Sequence[Any], Said]:
    return courses.list_courses(tx, after=after, limit=limit), {}


def _terms(tx: Transaction, *, after: int, limit: int) -> tuple[Sequence[Any], Said]:
    return courses.list_terms(tx, after=after, limit=limit), {}


def _sections(tx: Transaction, *, after: int, limit: int, term: int = 0) -> tuple[Sequence[Any], Said]:
    rows = sections.list_sections(tx, term_id=term or None, after=after, limit=limit)
    return rows, {"terms": courses.list_terms(tx, after=0, limit=MOST), "term": term}


async def _listed(
    request: Request,
    pages: Pages,
    db: Database,
    template: str,
    reading: Callable[..., tuple[Sequence[Any], Said]],
    *,
    cursor: str | None = None,
    values: Fields | None = None,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    **options: Any,
) -> Response:
    """A page of a list, with the form that adds to it."""
    (after,) = decode_cursor(cursor, int) if cursor else (0,)
    rows, more = await db.read(reading, after=after, limit=PAGE + 1, **options)
    shown, following = cut(rows, PAGE, lambda row: (row.id,))
    values = Fields() if values is None else values
    next_url = next_link(request, following) if request.method == "GET" else ""
    return pages.render(
        request, template, status, rows=shown, next_url=next_url, values=values, errors=list(errors), **more
    )


async def _add(
    doing: Doing, by: Actor, use_case: Callable[..., Any], new: BaseModel, answer: type[BaseModel], path: str
) -> Response | tuple[list[FieldError], int]:
    about = f"{path.rpartition('/')[2].removesuffix('s')}:new"
    try:
        made = await doing.act(use_case, new, about=about, by=by, answer=answer)
    except Refusal as refusal:
        return _placed(faults_of(refusal)), refusal.status
    return doing.back(path, f"{doing.say('Added')}: {made['code']}")


def _placed(errors: Sequence[FieldError]) -> list[FieldError]:
    """A code that is taken is mended where the code is."""
    fields = {"CODE_GIVEN": "code"}
    return [FieldError(e.text, e.field or fields.get(e.code, ""), e.code, e.override) for e in errors]


@router.get("/offer/courses", name="pages:courses")
async def list_courses(request: Request, db: DatabaseDep, pages: PagesDep, _: Dean, cursor: CursorDep) -> Response:
    """The catalogue."""
    return await _listed(request, pages, db, "courses.html", _courses, cursor=cursor)


@router.post("/offer/courses", name="pages:course:add")
async def add_course(by: Dean, doing: DoingDep) -> Response:
    """Put a course into the catalogue."""
    new, errors = read(CourseCreate, given(doing.fields, "code", "title", "credits"))
    status = 422
    if new is not None:
        done = await _add(doing, by, courses.add_course, new, CourseRead, "/offer/courses")
        if isinstance(done, Response):
            return done
        errors, status = done
    return await _listed(
        doing.request,
        doing.pages,
        doing.db,
        "courses.html",
        _courses,
        values=doing.fields,
        errors=errors,
        status=status,
    )


@router.get("/offer/terms", name="pages:terms")
async def list_terms(request: Request, db: DatabaseDep, pages: PagesDep, _: Dean, cursor: CursorDep) -> Response:
    """The calendar."""
    return await _listed(request, pages, db, "terms.html", _terms, cursor=cursor)


@router.post("/offer/terms", name="pages:term:add")
async def add_term(by: Dean, doing: DoingDep) -> Response:
    """Put a term into the calendar."""
    new, errors = read(TermCreate, given(doing.fields, *TermCreate.model_fields))
    status = 422
    if new is not None:
        done = await _add(doing, by, courses.add_term, new, TermRead, "/offer/terms")
        if isinstance(done, Response):
            return done
        errors, status = done
    return await _listed(
        doing.request, doing.pages, doing.db, "terms.html", _terms, values=doing.fields, errors=errors, status=status
    )


@router.get("/offer/sections", name="pages:sections")
async def list_sections(
    request: Request, db: DatabaseDep, pages: PagesDep, _: Dean, cursor: CursorDep, *, term: Filter = 0
) -> Response:
    """The sections, of a term if one is chosen."""
    return await _listed(request, pages, db, "sections.html", _sections, cursor=cursor, term=term)


@router.post("/offer/sections", name="pages:section:add")
async def add_section(by: Dean, doing: DoingDep) -> Response:
    """Plan a section of a course in a term."""
    fields, errors, status = doing.fields, [], 422
    values: dict[str, Any] = {
        **given(fields, "code"),
        **{name: whole(fields[name]) for name in ("term_id", "capacity", "space_id") if fields[name]},
    }
    try:
        values["course_id"] = (await doing.db.read(courses.course_of, fields["course"])).id
    except Refusal as refusal:
        errors = [FieldError(refusal.detail, "course")]
    new, faults = read(SectionCreate, values) if not errors else (None, [])
    if new is not None:
        try:
            made = await doing.act(sections.add, new, about="section:new", by=by, answer=SectionRead)
            told = f"{doing.say('Planned')}: {made['course']} {made['code']}"
            return doing.back(f"/offer/sections/{made['id']}", told)
        except Refusal as refusal:
            faults, status = _placed(faults_of(refusal)), refusal.status
    return await _listed(
        doing.request,
        doing.pages,
        doing.db,
        "sections.html",
        _sections,
        values=fields,
        errors=[*errors, *faults],
        status=status,
    )
