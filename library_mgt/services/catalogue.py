"""Titles: adding, changing, removing and finding them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.errors import Blocker, VersionMismatch
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.book_rows import match_key
from library_mgt.domain.isbn import read_isbn
from library_mgt.domain.words import asked, index_words, sort_key
from library_mgt.errors import HasDependents, IsbnInvalid, TitleNotFound, UnknownReference
from library_mgt.models.data.catalogue import Contributor, Identifier, TitleRecord, TitleSummary
from library_mgt.models.data.reference import CATEGORY
from library_mgt.models.request.title import TitleChange, TitleCreate
from library_mgt.repository import copies, loans, references, requests, search, titles

_PLAIN = ("title", "subtitle", "number", "external_id", "publisher", "year", "edition", "language", "material_type")


def add_title(tx: Transaction, new: TitleCreate, *, by: Actor, now: datetime) -> TitleRecord:
    """Catalogue a title. Its number and external id must be free, its codes known, its ISBNs proved."""
    values = {name: getattr(new, name) for name in _PLAIN}
    people = [Contributor(one.name, one.role) for one in new.contributors]
    isbns = _identifiers(new.isbns, known=())
    class_ids = _class_ids(tx, new.classifications)
    _material_known(tx, new.material_type)
    title_id = titles.add(tx, values | _keys(values, people, isbns), now=now)
    titles.set_contributors(tx, title_id, people, new=True)
    titles.set_identifiers(tx, title_id, isbns, new=True)
    titles.set_classes(tx, title_id, class_ids, new=True)
    titles.set_subjects(tx, title_id, new.subjects, new=True)
    titles.set_words(tx, title_id, words_of(values, people, new.subjects, isbns), new=True)
    audit.record(tx, "title.added", f"title:{title_id}", by=by, now=now, facts={"number": new.number})
    return title_record(tx, title_id)


def edit_title(
    tx: Transaction, title_id: int, change: TitleChange, *, version: int, by: Actor, now: datetime
) -> TitleRecord:
    """Change what the change names; `version` is the one the librarian saw."""
    row = titles.locked(tx, title_id)
    if row is None:
        raise TitleNotFound()
    if row.version != version:
        raise VersionMismatch(f"The title is at version {row.version} now; look at it again.")
    given = change.model_fields_set
    values = {name: getattr(change if name in given else row, name) for name in _PLAIN}
    _required(values)
    people = titles.contributors(tx, title_id)
    isbns = titles.identifiers(tx, title_id)
    subjects = titles.subjects(tx, title_id)
    if "contributors" in given:
        people = [Contributor(one.name, one.role) for one in change.contributors or ()]
        titles.set_contributors(tx, title_id, people, new=False)
    if "isbns" in given:
        isbns = _identifiers(change.isbns or (), known=isbns)
        titles.set_identifiers(tx, title_id, isbns, new=False)
    if "classifications" in given:
        titles.set_classes(tx, title_id, _class_ids(tx, change.classifications or ()), new=False)
    if "subjects" in given:
        subjects = list(change.subjects or ())
        titles.set_subjects(tx, title_id, subjects, new=False)
    _material_known(tx, values["material_type"])
    titles.change(tx, title_id, values | _keys(values, people, isbns), now=now)
    titles.set_words(tx, title_id, words_of(values, people, subjects, isbns), new=False)
    audit.record(tx, "title.changed", f"title:{title_id}", by=by, now=now, facts={"fields": sorted(given)})
    return title_record(tx, title_id)


def delete_title(tx: Transaction, title_id: int, *, version: int | None, by: Actor, now: datetime) -> None:
    """Remove a title and its copies. Live loans and open requests forbid it; what has ended outlives it."""
    row = titles.locked(tx, title_id)
    if row is None:
        raise TitleNotFound()
    if version is not None and row.version != version:
        raise VersionMismatch(f"The title is at version {row.version} now; look at it again.")
    blockers = []
    if loans.page(tx, after=0, limit=1, title_id=title_id, state="live"):
        blockers.append(Blocker("ON_LOAN", "A copy of the title is on loan; take it back first."))
    if requests.page(tx, after=0, limit=1, title_id=title_id, state="open"):
        blockers.append(Blocker("REQUESTED", "The title is requested; settle the request first."))
    if blockers:
        raise HasDependents(" ".join(blocker.detail for blocker in blockers), blockers=blockers)
    copies.remove_of_title(tx, title_id)
    titles.remove(tx, title_id)
    facts = {"title": row.title, "number": row.number}
    audit.record(tx, "title.deleted", f"title:{title_id}", by=by, now=now, facts=facts)


def find_titles(
    tx: Transaction, *, query: str | None = None, isbn: str | None = None, after: int = 0, limit: int = 50
) -> list[TitleSummary]:
    """Titles in order of their ids, at most `limit`, with ids above `after`.

    `query` holds words that all have to stand in title, names, subjects or ISBN; a star after a word asks for what
    begins with it. An ISBN may stand there, too. Without either, all titles.
    """
    if isbn is not None:
        proved = read_isbn(isbn).isbn13
        if proved is None:
            raise IsbnInvalid(f"{isbn!r} is not an ISBN: its check digit does not fit.")
        return search.page_with_isbn(tx, proved, after=after, limit=limit)
    if query is None or not query.strip():
        return search.page(tx, after=after, limit=limit)
    found = read_isbn(query)
    if found.state == "valid" and found.isbn13 is not None and not found.qualifier:
        return search.page_with_isbn(tx, found.isbn13, after=after, limit=limit)
    words = asked(query)
    return search.page_with_words(tx, words, after=after, limit=limit) if words else []


def title_record(tx: Transaction, title_id: int) -> TitleRecord:
    """A title with everything that belongs to it; `TitleNotFound` when there is none."""
    row = titles.by_id(tx, title_id)
    if row is None:
        raise TitleNotFound()
    return TitleRecord(
        row,
        tuple(titles.contributors(tx, title_id)),
        tuple(titles.identifiers(tx, title_id)),
        tuple(titles.classes(tx, title_id)),
        tuple(titles.subjects(tx, title_id)),
        tuple(copies.of_title(tx, title_id)[:200]),
    )


def title_id_of(tx: Transaction, reference: str) -> int:
    """The id behind `12`, `number:258027` or `external:source:12`."""
    kind, _, rest = reference.partition(":")
    found: int | None = None
    if kind == "external" and rest:
        found = titles.id_by_external(tx, rest)
    elif kind == "number" and rest.isascii() and rest.isdigit() and len(rest) < 19:
        found = titles.id_by_number(tx, int(rest))
    elif reference.isascii() and reference.isdigit() and len(reference) < 19:
        row = titles.by_id(tx, int(reference))
        found = row.id if row else None
    if found is None:
        raise TitleNotFound()
    return found


def title_id_of_number(tx: Transaction, number: int) -> int:
    """The id of the title with the librarians' number, the book's book_id."""
    found = titles.id_by_number(tx, number)
    if found is None:
        raise TitleNotFound(f"There is no book {number}.")
    return found


def give_numbers(tx: Transaction) -> int:
    """Number a catalogue that came without numbers, so that the book's addresses reach every title."""
    return titles.give_numbers(tx)


def words_of(
    values: dict[str, Any], people: Iterable[Contributor], subjects: Iterable[str], isbns: Iterable[Identifier]
) -> str:
    """What the search engines find a title by."""
    numbers = [text for one in isbns for text in (one.normalised or "", "".join(filter(str.isalnum, one.raw)))]
    return index_words(
        [values["title"], values["subtitle"] or "", *(one.name for one in people), *subjects, *dict.fromkeys(numbers)]
    )


def _keys(values: dict[str, Any], people: Sequence[Contributor], isbns: Sequence[Identifier]) -> dict[str, str]:
    isbn13 = next((one.normalised for one in isbns if one.normalised), None)
    key = match_key(values["title"], [one.name for one in people], values["year"], isbn13)
    return {"sort_key": sort_key(values["title"]), "match_key": key}


def _identifiers(texts: Sequence[str], known: Sequence[Identifier]) -> list[Identifier]:
    """Read ISBNs. One that cannot be proved is refused, unless it stands in the catalogue already."""
    kept = {one.raw: one for one in known}
    if blockers := unproved(texts, known=kept):
        raise IsbnInvalid(" ".join(one.detail for one in blockers), blockers=blockers)
    found = []
    for text in texts:
        read = read_isbn(text)
        found.append(kept.get(text) or Identifier("isbn", read.raw, read.isbn13, read.state, read.qualifier))
    return found


def unproved(texts: Sequence[str], known: Collection[str] = ()) -> list[Blocker]:
    """The ISBNs that no check digit proves, except for those that stand in the catalogue already."""
    return [
        Blocker(IsbnInvalid.code, f"{text!r} is not an ISBN: its check digit does not fit.", f"/isbns/{place}")
        for place, text in enumerate(texts)
        if text not in known and read_isbn(text).isbn13 is None
    ]


def with_isbns(tx: Transaction, texts: Iterable[str]) -> list[TitleSummary]:
    """Titles that have one of these ISBNs already, a few of each: perhaps the same book."""
    proved = dict.fromkeys(read.isbn13 for read in map(read_isbn, texts) if read.isbn13)
    found = {one.id: one for isbn in proved for one in search.page_with_isbn(tx, isbn, after=0, limit=5)}
    return list(found.values())


def _class_ids(tx: Transaction, names: Sequence[str]) -> list[int]:
    """Classes by `value` of the categories, or by `scheme:value`."""
    ids = []
    for place, name in enumerate(names):
        scheme, colon, value = name.partition(":")
        found = references.classification_id(tx, *((scheme, value) if colon else (CATEGORY, name)))
        if found is None:
            shown = ", ".join(one.value for one in references.categories(tx))
            detail = f"{name!r} is no class of the library. Its categories: {shown}."
            raise UnknownReference(detail, blockers=[Blocker("UNKNOWN_CODE", detail, f"/classifications/{place}")])
        ids.append(found)
    return list(dict.fromkeys(ids))


def _material_known(tx: Transaction, code: str) -> None:
    if not references.exists(tx, "material_type", code):
        detail = f"{code!r} is no material type of the library."
        raise UnknownReference(detail, blockers=[Blocker("UNKNOWN_CODE", detail, "/material_type")])


def _required(values: dict[str, Any]) -> None:
    """A title cannot lose its title or material type."""
    for name in ("title", "material_type"):
        if values[name] is None:
            detail = f"The {name.replace('_', ' ')} cannot be emptied."
            raise UnknownReference(detail, blockers=[Blocker("REQUIRED", detail, f"/{name}")])
