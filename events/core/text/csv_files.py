"""CSV files for spreadsheets: UTF-8 with BOM, semicolons, no cell that runs as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

BOM = "\ufeff"  # without it a spreadsheet reads UTF-8 as Windows-1252
# Full-width forms too: East Asian versions take them for the signs.
_STARTS_A_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def harmless(cell: str) -> str:
    """The cell behind an apostrophe if it would begin a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_STARTS_A_FORMULA) else cell


def csv_text(rows: Iterable[Sequence[str | int]]) -> str:
    """Rows as lines; whole numbers stay numbers."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def csv_chunks(headings: Sequence[str], batches: Iterable[Iterable[Sequence[str | int]]]) -> Iterator[bytes]:
    """A file in pieces, one for each batch, so that long lists are never whole in memory."""
    yield (BOM + csv_text([headings])).encode()
    for batch in batches:
        yield csv_text(batch).encode()
