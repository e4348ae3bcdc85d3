"""Barcodes as scanned, and those the library makes itself."""

LONGEST = 40


def normalised(scanned: str) -> str:
    """What a scanner or a person typed, without spaces and case."""
    return "".join(scanned.split()).upper()


def reader_text(typed: str) -> str:
    """What was typed or scanned for a reader: a person reference as it is, a number or card like a barcode."""
    return typed.strip() if ":" in typed else normalised(typed)


def generated(copy_id: int) -> str:
    """The barcode of a copy that came without one: `C`, eight digits of its id, and a check digit (Luhn)."""
    digits = f"{copy_id:08d}"
    return f"C{digits}{_luhn(digits)}"


def _luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10
