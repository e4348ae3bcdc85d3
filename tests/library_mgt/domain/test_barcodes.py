"""Barcodes, scanned and made."""

import pytest

from library_mgt.domain.barcodes import generated, normalised, reader_text


class TestBarcodes:
    def test_spaces_and_case_do_not_matter(self) -> None:
        assert normalised(" b 12x ") == "B12X"

    @pytest.mark.parametrize(("copy_id", "barcode"), [(1, "C000000018"), (7992739871, "C79927398713")])
    def test_a_made_one_ends_with_a_check_digit(self, copy_id: int, barcode: str) -> None:
        assert generated(copy_id) == barcode

    def test_a_reference_is_not_a_card(self) -> None:
        assert [reader_text(text) for text in ("student:12 ", " k 7")] == ["student:12", "K7"]
