"""What is made of a row of a books file."""

import os
from collections import Counter
from pathlib import Path

import pytest

from configuration.kit.delimited import recognise
from library_mgt.domain.book_rows import BookRecord, NoTitleColumn, Reason, fold, match_key, read_row, understand

SAMPLE = Path(os.environ.get("ERP_SAMPLE_DATA", "../shared/data")) / "books" / "goodbooks10k.csv"


def one(header: str, row: str) -> tuple[BookRecord | None, list[Reason]]:
    columns = understand(header.split(","))
    return read_row(columns, row.split(","), source="file")


class TestUnderstandingTheColumns:
    def test_names_are_compared_without_case_and_punctuation(self) -> None:
        columns = understand(["Book Id", "TITLE", "Author", "ISBN-13", "Year.Published", "Bookshelves"])

        assert columns.places == {"id": 0, "title": 1, "authors": 2, "isbn13": 3, "year": 4}

    def test_what_is_not_understood_is_listed(self) -> None:
        columns = understand(["title", "ratings_5", ""])

        assert columns.unknown == ("ratings_5", "(column 3)")

    def test_a_file_without_titles_is_refused_naming_what_it_has(self) -> None:
        with pytest.raises(NoTitleColumn, match="stud_id, fname"):
            understand(["stud_id", "fname"])


class TestReadingARow:
    def test_everything_understood_arrives_tidy(self) -> None:
        record, remarks = one(
            "id,title,authors,year,isbn", "7, Angels &  Demons ,Dan Brown; Someone Else,2000.0,1416524797"
        )

        assert record is not None and not remarks
        assert (record.external, record.title, record.year) == ("file:7", "Angels & Demons", 2000)
        assert record.authors == ("Dan Brown", "Someone Else")
        assert record.isbn.isbn13 == "9781416524793"

    @pytest.mark.parametrize(
        ("text", "year"),
        [("-750.0", -750), ("c1999", 1999), ("[1999]", 1999), ("1999", 1999), ("", None), ("8", 8)],
    )
    def test_a_year_is_read_as_catalogues_write_it(self, text: str, year: int | None) -> None:
        record, _ = one("title,year", f"A,{text}")

        assert record is not None and record.year == year

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            (",1999", "TITLE_MISSING"),
            ("   ,1999", "TITLE_MISSING"),
            ("A,soon", "YEAR_UNREADABLE"),
            ("A,99999", "YEAR_UNREADABLE"),
            ("A,2999", "YEAR_UNREADABLE"),
            ("A\x07,1999", "CONTROL_CHARACTER"),
            ("A" * 501 + ",1999", "TOO_LONG"),
            ("A,1999,and more", "TOO_MANY_CELLS"),
        ],
    )
    def test_a_refused_row_says_why(self, row: str, code: str) -> None:
        record, reasons = one("title,year", row)

        assert record is None
        assert [reason.code for reason in reasons] == [code]

    def test_all_reasons_are_given_at_once(self) -> None:
        record, reasons = one("title,year,publisher", f",soon,{'x' * 300}")

        assert record is None
        assert {reason.code for reason in reasons} == {"TITLE_MISSING", "YEAR_UNREADABLE", "TOO_LONG"}

    def test_a_short_row_lacks_only_what_it_lacks(self) -> None:
        record, _ = one("title,year,authors", "A")

        assert record is not None and (record.year, record.authors) == (None, ())

    def test_commas_part_names_only_where_nothing_stronger_does(self) -> None:
        columns = understand(["title", "authors"])

        by_comma, _ = read_row(columns, ["A", "J.K. Rowling, Mary GrandPré"], source="file")
        by_semicolon, _ = read_row(columns, ["A", "Rowling, J.K.; GrandPré, Mary"], source="file")

        assert by_comma is not None and by_comma.authors == ("J.K. Rowling", "Mary GrandPré")
        assert by_semicolon is not None and by_semicolon.authors == ("Rowling, J.K.", "GrandPré, Mary")

    def test_a_broken_isbn_is_kept_and_remarked_on(self) -> None:
        record, remarks = one("title,isbn", "A,812971060")

        assert record is not None and record.isbn.raw == "812971060" and record.isbn.isbn13 is None
        assert [remark.code for remark in remarks] == ["ISBN_BROKEN"]


class TestMatching:
    def test_case_punctuation_and_composition_make_no_difference(self) -> None:
        one, other = fold("L\u2019Étranger: roman"), fold("l etranger  ROMAN".replace("e", "e\u0301", 1))

        assert one == other

    def test_one_isbn_on_two_books_keeps_them_apart(self) -> None:
        one, other = match_key("A", (), None, "9780439023481"), match_key("B", (), None, "9780439023481")

        assert one != other

    def test_without_an_isbn_the_edition_counts(self) -> None:
        assert match_key("A", ("X", "Y"), 1999, None) == match_key("a", ("y", "x"), 1999, None)
        assert match_key("A", ("X",), 1999, None) != match_key("A", ("X",), 2001, None)


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"the sample data is not at {SAMPLE}")
class TestTenThousandRealBooks:
    def test_every_row_is_accounted_for(self) -> None:
        sheet = recognise(SAMPLE.read_bytes())
        columns = understand(sheet.header)

        read = [read_row(columns, row.cells, source="goodbooks") for row in sheet.rows()]

        records = [record for record, _ in read if record]
        assert len(records) == 10_000
        assert Counter(record.isbn.state for record in records) == {
            "valid": 2690,
            "padded": 6587,
            "broken": 23,
            "lossy": 135,
            "absent": 565,
        }
        assert min(record.year for record in records if record.year is not None) == -1750
        assert "original_title" in columns.unknown
