"""CSV as spreadsheets of several countries write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configuration.kit.delimited import Unreadable, recognise


class TestRecognisingAFile:
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_separator_encoding_and_line_ends_are_found(self, separator: str, encoding: str, newline: str) -> None:
        lines = [f"title{separator}author", f'"Café{separator} bar"{separator}Zoë']

        sheet = recognise(newline.join(lines).encode(encoding))

        assert sheet.header == ("title", "author")
        assert [row.cells for row in sheet.rows()] == [[f"Café{separator} bar", "Zoë"]]

    def test_a_separator_inside_quotes_does_not_count(self) -> None:
        sheet = recognise(b'"a,b,c,d";title\n1;2\n')

        assert sheet.header == ("a,b,c,d", "title")

    def test_blank_lines_are_no_records_and_lines_keep_their_number(self) -> None:
        sheet = recognise(b'title\nA\n\n"B\nb"\nC\n')

        assert [(row.number, row.line, row.cells) for row in sheet.rows()] == [
            (1, 2, ["A"]),
            (2, 5, ["B\nb"]),
            (3, 6, ["C"]),
        ]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "empty"),
            (b"\n \n", "empty"),
            (b"\xef\xbb\xbf", "empty"),
            (b"PK\x03\x04\x00\x00", "NUL"),
            (b"title\x81,\x8d\n", "neither UTF-8 nor"),
        ],
    )
    def test_what_is_no_text_is_refused(self, content: bytes, message: str) -> None:
        with pytest.raises(Unreadable, match=message):
            recognise(content)

    def test_a_quote_never_closed_is_refused_with_its_place(self) -> None:
        sheet = recognise(b'title\nA\n"B\nC\n')

        with pytest.raises(Unreadable, match="after line 2"):
            list(sheet.rows())

    @given(st.binary(max_size=200))
    def test_no_content_makes_it_fail_otherwise(self, content: bytes) -> None:
        try:
            rows = list(recognise(content).rows())
        except Unreadable:
            return

        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
