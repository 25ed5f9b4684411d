"""CSV for spreadsheets: encoding, separators, and cells that would run as formulas."""

import csv
from io import StringIO

import pytest

from events.core.text.csv_files import csv_chunks, csv_text, harmless


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20", " =", "\u00a0+"])
def test_a_cell_that_would_run_as_a_formula_is_made_harmless(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("cell", ["", "Bram", "O'Brien", "1-2", "a=b", "-", "'t Hart"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == ("'-" if cell == "-" else cell)


def test_a_file_opens_in_a_dutch_spreadsheet() -> None:
    """With a byte order mark, semicolons, and quotes where a cell has one."""
    data = b"".join(csv_chunks(["Naam", "Plek"], [[('Renée; "R"', 3)], [("=1", -4)]]))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [["Naam", "Plek"], ['Renée; "R"', "3"], ["'=1", "-4"]]


def test_a_line_break_in_a_cell_begins_no_row() -> None:
    assert list(csv.reader(StringIO(csv_text([("a\nb", "c")]), newline=""), delimiter=";")) == [["a\nb", "c"]]
