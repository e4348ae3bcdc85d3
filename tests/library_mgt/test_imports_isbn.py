"""What is made of an ISBN as spreadsheets and catalogues write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library_mgt.domain.isbn import read_isbn, read_pair


class TestReadingOneIsbn:
    @pytest.mark.parametrize(
        ("text", "state", "isbn13"),
        [
            ("0439023483", "valid", "9780439023481"),
            ("0-439-02348-3", "valid", "9780439023481"),
            ("978-0-439-02348-1", "valid", "9780439023481"),
            ("ISBN-13: 978 0 439 02348 1", "valid", "9780439023481"),
            ("080442957X", "valid", "9780804429573"),
            ("080442957x", "valid", "9780804429573"),
            ("9780439023481.0", "valid", "9780439023481"),
            ("979-10-90636-07-1", "valid", "9791090636071"),
            ('="0439023483"', "valid", "9780439023481"),
            ("439023483", "padded", "9780439023481"),
            ("439023483.0", "padded", "9780439023481"),
            ("61120081", "padded", "9780061120084"),
            ("80442957X", "padded", "9780804429573"),
            ("0439023484", "broken", None),
            ("9780439023482", "broken", None),
            ("9800439023481", "broken", None),
            ("043902348X", "broken", None),
            ("12345", "broken", None),
            ("97804390234811", "broken", None),
            ("see note", "broken", None),
            ("٠٤٣٩٠٢٣٤٨٣", "broken", None),
            ("9.78043902348e+12", "lossy", None),
            ("9,78043902348E+12", "lossy", None),
            ("9.78E+12", "lossy", None),
            ("", "absent", None),
            ("   ", "absent", None),
        ],
    )
    def test_a_number_counts_only_when_the_check_digit_proves_it(
        self, text: str, state: str, isbn13: str | None
    ) -> None:
        read = read_isbn(text)

        assert (read.state, read.isbn13) == (state, isbn13)
        assert read.raw == text.strip()

    @pytest.mark.parametrize(
        ("text", "qualifier"),
        [
            ("0439023483 (pbk.)", "pbk."),
            ("0439023483pbk", "pbk"),
            ("0439023483 : $12.50", "$12.50"),
            ("9780439023481 [library binding]", "library binding"),
        ],
    )
    def test_what_is_glued_to_the_number_is_kept_beside_it(self, text: str, qualifier: str) -> None:
        read = read_isbn(text)

        assert read.isbn13 == "9780439023481"
        assert read.qualifier == qualifier

    @given(st.text(max_size=40))
    def test_no_text_makes_the_reader_fail(self, text: str) -> None:
        read = read_isbn(text)

        assert (read.isbn13 is not None) == (read.state in {"valid", "padded"})

    @given(st.integers(min_value=0, max_value=999_999_999))
    def test_every_isbn_10_survives_the_loss_of_its_leading_zeros(self, body: int) -> None:
        digits = f"{body:09d}"
        check = (11 - sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11) % 11
        whole = digits + ("X" if check == 10 else str(check))

        stripped = whole.lstrip("0")
        if len(stripped) < 6:
            return

        assert read_isbn(stripped).isbn13 == read_isbn(whole).isbn13 is not None


class TestReadingTwoColumns:
    def test_the_long_number_is_computed_from_the_short_one(self) -> None:
        read = read_pair("439023483", "9.78043902348e+12")

        assert (read.state, read.isbn13, read.remark) == ("padded", "9780439023481", None)

    def test_a_contradiction_is_remarked_on(self) -> None:
        read = read_pair("446612707", "9.78055381395e+12")

        assert read.isbn13 == "9780446612708"
        assert read.remark == "ISBN13_DIFFERS: 9.78055381395e+12"

    def test_a_whole_long_number_stands_in_for_a_broken_short_one(self) -> None:
        read = read_pair("0439023484", "9780439023481")

        assert (read.state, read.isbn13, read.remark) == ("valid", "9780439023481", "ISBN_BROKEN: 0439023484")

    def test_a_broken_short_number_is_kept_and_the_rounded_long_one_not_believed(self) -> None:
        read = read_pair("812971060", "9.78081297106e+12")

        assert (read.state, read.isbn13, read.raw) == ("broken", None, "812971060")

    def test_a_rounded_number_alone_is_kept_as_it_is(self) -> None:
        read = read_pair("", "9.7804251888e+12")

        assert (read.state, read.isbn13, read.raw) == ("lossy", None, "9.7804251888e+12")

    def test_nothing_is_nothing(self) -> None:
        assert read_pair(None, "").state == "absent"
