"""Catalogues of any size: the real books file over and over, or made-up books where it is not there.

Each round of the file differs in edition and identity only, so that what a search finds grows with the catalogue.
"""

import csv
import os
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from configuration.kit.database import Database, Transaction
from library_mgt.domain import words
from library_mgt.domain.book_rows import match_key
from library_mgt.repository.import_effects import Description, Shelf, create_titles
from library_mgt.services.imports import DEFAULTS
from tests.reliability.processes import ROOT

SAMPLE = Path(os.environ.get("ERP_SAMPLE_DATA", ROOT.parent / "shared" / "data")) / "books" / "goodbooks10k.csv"
CHUNK = 1000
COMMON = ("the", "of", "and", "a", "in", "love", "history", "house", "night", "king", "girl", "war", "secret", "lost")
SYLLABLES = ("an", "ber", "cor", "dal", "en", "fir", "gol", "hal", "is", "jor", "kel", "lun", "mar", "nor", "os", "wen")

Plain = tuple[str, str, int | None, str]
"""Title, author, year, language."""


def described(number: int) -> Iterator[Description]:
    """So many books, each described as an import describes it."""
    source = _real() if SAMPLE.exists() else _made_up()
    for place in range(number):
        round_, at = divmod(place, len(source))
        title, author, year, language = source[at]
        edition = f"{round_ + 1}. edition" if round_ else None
        yield Description(
            external_id=f"bench:{place + 1}",
            title=title,
            subtitle=None,
            sort_key=words.sort_key(title),
            match_key=match_key(title, (author,), year, None) + f" {round_}",
            publisher=None,
            year=year,
            edition=edition,
            language=language,
            authors=(author,),
            subjects=(),
            identifier=None,
            call_number=f"B {place + 1}",
            words=words.index_words([title, author]),
        )


def _real() -> Sequence[Plain]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return [
            (
                row["title"][:500],
                row["authors"].split(",")[0][:200],
                int(float(row["original_publication_year"])) if row["original_publication_year"] else None,
                row["language_code"] or "eng",
            )
            for row in csv.DictReader(file)
        ]


def _made_up() -> Sequence[Plain]:
    chance = random.Random(20211110)

    def name() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()

    return [
        (
            " ".join([name(), *chance.choices(COMMON, k=chance.randint(1, 4)), name()]),
            f"{name()} {name()}",
            chance.randint(1800, 2024),
            chance.choice(["eng", "eng", "eng", "ger", "nep"]),
        )
        for _ in range(10_000)
    ]


def load(database: Database, number: int) -> list[int]:
    """Put so many titles with a copy each into the catalogue, in the import's own chunks; the ids of the titles."""
    source, ids = described(number), []
    while chunk := list(islice(source, CHUNK)):
        ids += database.write_sync(_add, chunk)
    return ids


def _add(tx: Transaction, chunk: Sequence[Description]) -> list[int]:
    shelf = Shelf(*(DEFAULTS[name] for name in ("location", "item_type", "material_type")))
    return create_titles(tx, chunk, shelf, job_id=0, now=datetime.now(UTC))
