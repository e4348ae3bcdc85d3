"""Courses and terms over HTTP."""

from typing import Any

from fastapi import APIRouter

from configuration.kit.features.acts import act
from configuration.kit.features.idempotency import Answer
from configuration.kit.pagination import ListingDep, Page
from faculty_mgt.dependencies import DatabaseDep, Dean, KeyDep, Now, PathId, Reader
from faculty_mgt.models.data.offer import Course, Term
from faculty_mgt.models.request.courses import CourseCreate, TermCreate
from faculty_mgt.models.response.teaching import CourseRead, TermRead
from faculty_mgt.services import courses

router = APIRouter(tags=["courses and terms"])


@router.get("/courses", name="faculty:courses", response_model=Page[CourseRead])
async def list_courses(listing: ListingDep, _: Reader, db: DatabaseDep) -> dict[str, Any]:
    """The catalogue, in the order courses were added."""
    return await listing.of(db, courses.list_courses)


@router.post("/courses", name="faculty:add_course", status_code=201, response_model=CourseRead)
async def add_course(new: CourseCreate, db: DatabaseDep, dean: Dean, now: Now, key: KeyDep) -> Answer:
    """Put a course into the catalogue."""
    return await act(db, key, courses.add_course, new, about="course:new", by=dean, now=now, answer=CourseRead)


@router.get("/courses/{course_id}", name="faculty:course", response_model=CourseRead)
async def course(course_id: PathId, _: Reader, db: DatabaseDep) -> Course:
    """One course."""
    return await db.read(courses.course, course_id)


@router.get("/terms", name="faculty:terms", response_model=Page[TermRead])
async def list_terms(listing: ListingDep, _: Reader, db: DatabaseDep) -> dict[str, Any]:
    """The terms, in the order they were added."""
    return await listing.of(db, courses.list_terms)


@router.post("/terms", name="faculty:add_term", status_code=201, response_model=TermRead)
async def add_term(new: TermCreate, db: DatabaseDep, dean: Dean, now: Now, key: KeyDep) -> Answer:
    """Put a term into the calendar."""
    return await act(db, key, courses.add_term, new, about="term:new", by=dean, now=now, answer=TermRead)


@router.get("/terms/{term_id}", name="faculty:term", response_model=TermRead)
async def term(term_id: PathId, _: Reader, db: DatabaseDep) -> Term:
    """One term."""
    return await db.read(courses.term, term_id)
