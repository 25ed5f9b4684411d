"""Tolerant CSV/TSV reader for pasted lists, in the dialects of spreadsheets and address books."""

import csv
import re
from dataclasses import dataclass
from io import StringIO

DELIMITERS = ("\t", ";", ",")
MAX_RECORD_LINES = 8  # lines of one quoted cell; beyond this the quote counts as unclosed
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)
Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """`records` are (line number, cells) of every non-empty line."""

    delimiter: str
    records: list[Record]


def read_table(text: str) -> Table:
    """The delimiter is the one in a `sep=` line, else the one that splits most lines alike."""
    lines = text.lstrip("\ufeff").splitlines()
    named = next((place for place, line in enumerate(lines) if line.strip()), 0)
    found = _SEPARATOR.fullmatch(lines[named].strip().strip('"')) if lines else None
    if found:
        lines[named] = ""  # keeps the line numbers the user sees
    delimiter = found[1] if found else _delimiter(lines)
    return Table(delimiter, _records(lines, delimiter))


def as_text(rows: list[list[str]]) -> str:
    """Rows in a form that read_table parses to the same cells; trailing empty cells are dropped."""
    lines = []
    for cells in rows:
        last = max((place for place, cell in enumerate(cells) if cell), default=-1)
        lines.append(", ".join(_quoted(cell) for cell in cells[: last + 1]))
    return "\n".join(lines)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if re.search(r'[",;\t\n]', cell) else cell


def _delimiter(lines: list[str]) -> str:
    filled = [line for line in lines if line.strip()][:20]
    bare = [re.sub(r'"[^"]*"', "", line) for line in filled]
    # Tabs and semicolons do not occur in names; a comma may.
    return max(DELIMITERS, key=lambda sign: (sum(sign in line for line in bare), -DELIMITERS.index(sign)))


def _records(lines: list[str], delimiter: str) -> list[Record]:
    records, place = [], 0
    while place < len(lines):
        cells, taken = _record(lines, place, delimiter)
        cleaned = [" ".join(cell.split()) for cell in cells]
        if any(cleaned):
            records.append((place + 1, cleaned))
        place += taken
    return records


def _record(lines: list[str], place: int, delimiter: str) -> tuple[list[str], int]:
    """The cells that start at this line, and the number of lines they span."""
    if '"' in lines[place]:
        for count in range(1, MAX_RECORD_LINES + 1):
            joined = "\n".join(lines[place : place + count])
            try:
                (cells,) = csv.reader(
                    StringIO(joined), delimiter=delimiter, strict=True, skipinitialspace=True
                )
            except (csv.Error, ValueError):
                continue
            # A cell that swallowed other lines after a stray quote holds their addresses and delimiters.
            if count == 1 or all(cell.count("@") <= 1 or delimiter not in cell for cell in cells):
                return cells, count
            break
    # An unclosed quote affects its own line only.
    return next(csv.reader(StringIO(lines[place]), delimiter=delimiter, skipinitialspace=True), []), 1
