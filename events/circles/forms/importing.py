"""Parser of pasted or uploaded member lists into import rows, with column detection."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from events.circles.forms.circles import InvitationLine
from events.circles.forms.headings import MAX_COLUMNS, Meaning, find_headings, guess, write_headings
from events.circles.forms.tables import as_text, read_table
from events.circles.rules import MAX_IMPORTED
from events.core.errors import Invalid
from events.core.web.forms import Address, Checkbox, Form, line, paragraph

MAX_LIST_LENGTH = 50_000  # characters
MAX_LINES = 4 * MAX_IMPORTED  # blank lines included, to bound the parsing time
MAX_SAMPLES = 3
_name: TypeAdapter[str] = TypeAdapter(Annotated[str, line(80)])
_company: TypeAdapter[str] = TypeAdapter(Annotated[str, line(80)])
_address: TypeAdapter[str] = TypeAdapter(Address)
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,32}$")]
# Bounded quantifiers keep matching linear in the line's length.
_ONE = r"[^\s<>;,\"']{1,64}@[^\s<>;,\"']{1,190}"
_MARKED = re.compile(_ONE)
_NAMED = re.compile(r"<\s{0,9}[^<>@]{1,64}@[^<>]{1,190}>")
_LINK = re.compile(r"^mailto:|(?<=\w)\?\w+=.*", re.IGNORECASE)  # residue of an address copied as a link
_PIECE = re.compile(
    rf"(?:\"[^\"<>]{{0,120}}\"|[^<>;@]{{0,120}})<\s{{0,9}}[^<>\s]{{1,64}}@[^<>\s]{{1,190}}\s{{0,9}}>|{_ONE}"
)


class ImportPeople(Form):
    """The list, first previewed, then sent.

    `columns` overrides the detected meanings for the columns with digest `seen`. `looked` is the
    digest of the list as previewed; sending requires it to match. `line` counts if it was on the page.
    """

    people: Annotated[str, paragraph(MAX_LIST_LENGTH)] = Field(min_length=1)
    step: Literal["look", "send"] = "look"
    columns: list[Meaning] = Field(default=[], max_length=MAX_COLUMNS)
    line: InvitationLine | None = None
    line_shown: Checkbox = False
    seen: Digest = ""
    looked: Digest = ""


@dataclass(frozen=True)
class ImportRow:
    """One entry. `problem` is empty, no_address, several, bad_name or twice."""

    number: int
    written: str
    name: str = ""
    email: str = ""
    company: str = ""
    problem: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    heading: str
    samples: tuple[str, ...]
    meaning: Meaning


@dataclass(frozen=True)
class MemberList:
    """Parsed list. `columns` and `meanings` are empty for a plain list of addresses.

    `seen` is the digest of the columns, `looked` of everything shown.
    """

    lines: list[ImportRow]
    columns: list[Column] = field(default_factory=list)
    headings: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    seen: str = ""
    looked: str = ""


def decode(data: bytes) -> str:
    """Decode UTF-8 (with or without BOM), UTF-16 or Windows-1252."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings: tuple[str, ...] = ("utf-16",)
    elif data[1:2] == b"\0" or data[:1] == b"\0":
        encodings = ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def read_people(text: str) -> list[ImportRow]:
    """Every non-empty entry with its problem, if any."""
    return read_list(text).lines


def read_list(text: str, chosen: Sequence[Meaning] = (), seen: str = "") -> MemberList:
    """Parse the list. `chosen` meanings apply only if `seen` matches these columns."""
    if text.count("\n") > MAX_LINES:
        raise Invalid(fields=[("people", "too_many_people")])
    table = read_table(text)
    records = table.records
    titled = find_headings([cells for _number, cells in records])
    place, named = titled if titled is not None else (0, None)
    body = records[place + 1 :] if named is not None else records
    if not body:
        raise Invalid(fields=[("people", "missing")])
    rows = [cells for _number, cells in body if not _is_addresses(cells)]
    mark = _columns_digest(records[place][1], len(rows) > 0)
    meanings = named if named is not None else guess(rows)
    if seen == mark and len(chosen) == len(meanings[:MAX_COLUMNS]):
        meanings = [*chosen, *meanings[MAX_COLUMNS:]]
    reader = _Reader(meanings, table.delimiter)
    entries = [row for number, cells in body for row in reader.read(number, cells)]
    if len(entries) > MAX_IMPORTED:
        raise Invalid(fields=[("people", "too_many_people")])
    headings = tuple(records[place][1]) if named is not None else ()
    columns = _columns(headings, rows, meanings) if len(meanings) > 1 else []
    looked = _digest(f"{row.email}\0{row.name}\0{row.company}\0{row.problem}" for row in entries)
    return MemberList(entries, columns, headings, tuple(meanings) if columns else (), mark, looked)


def format_problems(found: MemberList, words: Mapping[Meaning, str]) -> str:
    """The lines with problems below headings, in these `words`, so that they parse the same again."""
    wrong = [list(row.cells) for row in found.lines if row.problem]
    if not wrong or not found.meanings:
        return as_text(wrong)
    return as_text([write_headings(found.headings, found.meanings, words), *wrong])


def _columns_digest(cells: list[str], table: bool) -> str:
    """Identifies these columns, so that choices do not apply to a list pasted later."""
    return _digest(["table" if table else "addresses", *cells])


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\1".join(texts).encode()).hexdigest()[:32]


def _columns(headings: Sequence[str], rows: list[list[str]], meanings: list[Meaning]) -> list[Column]:
    found = []
    for place, meaning in enumerate(meanings[:MAX_COLUMNS]):
        samples = [cells[place] for cells in rows if place < len(cells) and cells[place]]
        heading = headings[place] if place < len(headings) else ""
        found.append(Column(heading, tuple(sample[:40] for sample in samples[:MAX_SAMPLES]), meaning))
    return found


def _is_addresses(cells: list[str]) -> bool:
    """Whether a line holds only addresses (bare or `Name <address>`) and is not a row."""
    filled = [cell for cell in cells if cell]
    marked = sum(len(_MARKED.findall(cell)) for cell in filled)
    return marked > 0 and (any(map(_NAMED.search, filled)) or all("@" in cell for cell in filled))


class _Reader:
    """Reads entries, marking repeated addresses."""

    def __init__(self, meanings: Sequence[Meaning], delimiter: str) -> None:
        self._meanings, self._delimiter = meanings, delimiter
        self._seen: set[str] = set()

    def read(self, number: int, cells: list[str]) -> Iterator[ImportRow]:
        if not _is_addresses(cells):
            has_columns = "email" in self._meanings
            yield self._entry(
                number,
                cells,
                *(_fields_by_column(cells, self._meanings) if has_columns else _guess_fields(cells)),
            )
        elif sum(len(_MARKED.findall(cell)) for cell in cells) > 1:
            texts = [", ".join(filter(None, cells))] if self._delimiter == "," else cells
            for part in (part for text in texts for part in _parts(text)):
                yield self._entry(number, [part], *_split(part))
        else:
            yield self._entry(number, cells, *_guess_fields(cells, comma=self._delimiter == ","))

    def _entry(self, number: int, cells: list[str], email: str, name: str, company: str) -> ImportRow:
        written, stored = ", ".join(cell for cell in cells if cell)[:200], tuple(cells)
        email = _LINK.sub("", email.partition(":::")[0].strip())  # Google Contacts joins addresses by it
        try:
            address = _address.validate_python(email)
        except ValidationError:
            problem = "several" if len(_MARKED.findall(email)) > 1 else "no_address"
            return ImportRow(number, written, name[:80], email[:80], problem=problem, cells=stored)
        if address in self._seen:
            return ImportRow(number, written, name[:80], address, problem="twice", cells=stored)
        self._seen.add(address)
        try:
            # Falls back to the address until its owner sets a name.
            name = _name.validate_python(name or address.partition("@")[0])
            company = _company.validate_python(company) if company else ""
        except ValidationError:
            return ImportRow(number, written, name[:80], address, problem="bad_name", cells=stored)
        return ImportRow(number, written, name, address, company, cells=stored)


def _fields_by_column(cells: list[str], meanings: Sequence[Meaning]) -> tuple[str, str, str]:
    found = {
        meaning: cells[place] for place, meaning in enumerate(meanings) if meaning and place < len(cells)
    }
    parts = (found.get("first", ""), found.get("between", ""), found.get("last", ""))
    name = found.get("name") or " ".join(part for part in parts if part)
    email = found.get("email") or next((cell for cell in cells if _MARKED.fullmatch(cell)), "")
    return email, name, found.get("company", "")


def _parts(text: str) -> Iterator[str]:
    """One part per address. Text between addresses is yielded too, to be corrected."""
    place = 0
    for found in _PIECE.finditer(text):
        yield from filter(None, [text[place : found.start()].strip(" ,;'\""), found[0].strip(" ,;")])
        place = found.end()
    yield from filter(None, [text[place:].strip(" ,;'\"")])


def _split(part: str) -> tuple[str, str, str]:
    name, bracket, inside = part.partition("<")
    if not bracket:
        return part.strip(" '\""), "", ""
    return inside.partition(">")[0].strip(), name.strip(" ,;'\""), ""


def _guess_fields(cells: list[str], *, comma: bool = False) -> tuple[str, str, str]:
    """The cell with @ is the address; of the others the first is the name, the second the
    company."""
    place = next((place for place, cell in enumerate(cells) if "@" in cell), None)
    email = cells[place] if place is not None else ""
    others = [cell for cell in cells if cell and cell != email]
    if "<" not in email or place is None:
        return email, others[0] if others else "", others[1] if len(others) > 1 else ""
    address, name, _none = _split(email)  # "Name <address>", as mail programs copy it
    before = [cell for cell in cells[:place] if cell]
    if before and (comma or not name):  # "Vries, Bram de <…>", or a name in a cell of its own
        name = ", ".join(filter(None, [*before, name]))
        others = others[len(before) :]
    return address, name, others[0] if others else ""
