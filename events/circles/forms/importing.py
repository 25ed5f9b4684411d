"""A member list from elsewhere: lines with name, address and company, as a spreadsheet copies them."""

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from events.circles.rules import MOST_IMPORTED
from events.core.errors import Invalid
from events.core.forms import Address, Form, line, paragraph

LONGEST_LIST = 50_000  # characters
MAX_LINES = 4 * MOST_IMPORTED  # with blank ones between; a file of nothing else takes a while to see through
DELIMITERS = ("\t", ";", ",")
HEADINGS = {
    "email": {
        "email",
        "e-mail",
        "mail",
        "e-mailadres",
        "emailadres",
        "mailadres",
        "email address",
        "address",
    },
    "name": {"name", "naam", "volledige naam", "full name", "contactpersoon"},
    "first": {"first name", "voornaam"},
    "last": {"last name", "achternaam", "surname"},
    "company": {"company", "bedrijf", "bedrijfsnaam", "organisatie", "organisation", "organization"},
}
_name: TypeAdapter[str] = TypeAdapter(Annotated[str, line(80)])
_company: TypeAdapter[str] = TypeAdapter(Annotated[str, line(80)])
_address: TypeAdapter[str] = TypeAdapter(Address)


class ImportPeople(Form):
    """The list, to be looked at first and sent once it is right."""

    people: Annotated[str, paragraph(LONGEST_LIST)] = Field(min_length=1)
    step: Literal["look", "send"] = "look"


@dataclass(frozen=True)
class Line:
    """One line of the list. `problem` is empty, no_address, bad_name or twice."""

    number: int
    written: str
    name: str = ""
    email: str = ""
    company: str = ""
    problem: str = ""


def decode(data: bytes) -> str:
    """A file as programs write it: UTF-8 with or without a mark, UTF-16, or what Windows had before."""
    for encoding in ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def read_people(text: str) -> list[Line]:
    """Every line that holds anything, with what is wrong with it. A line of headings names the columns."""
    if text.count("\n") > MAX_LINES:
        raise Invalid(fields=[("people", "too_many_people")])
    rows = _rows(text)
    columns = _headings(rows[0][1]) if rows else None
    body = rows[1:] if columns is not None else rows
    if not body:
        raise Invalid(fields=[("people", "missing")])
    if len(body) > MOST_IMPORTED:
        raise Invalid(fields=[("people", "too_many_people")])
    seen: set[str] = set()
    return [_read(number, cells, columns, seen) for number, cells in body]


def written_again(lines: list[Line]) -> str:
    """The lines that still need another look, as they were written."""
    return "\n".join(one.written for one in lines)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    first = next((one for one in text.splitlines() if one.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    # One line is one person: a quote that is never closed spoils its own line only.
    rows = (
        (number, next(csv.reader(StringIO(one), delimiter=delimiter), []))
        for number, one in enumerate(text.splitlines(), start=1)
    )
    cleaned = ((number, [" ".join(cell.split()) for cell in cells]) for number, cells in rows)
    return [(number, cells) for number, cells in cleaned if any(cells)]


def _headings(cells: list[str]) -> dict[str, int] | None:
    """Which column is what; None when the first line is a person already."""
    known = {
        meaning: place
        for place, cell in enumerate(cells)
        for meaning, words in HEADINGS.items()
        if cell.casefold() in words
    }
    return known if "email" in known else None


def _read(number: int, cells: list[str], columns: dict[str, int] | None, seen: set[str]) -> Line:
    written = ", ".join(cell for cell in cells if cell)[:200]
    email, name, company = _by_heading(cells, columns) if columns is not None else _by_looks(cells)
    try:
        address = _address.validate_python(email)
    except ValidationError:
        return Line(number, written, name[:80], email[:80], problem="no_address")
    if address in seen:
        return Line(number, written, name[:80], address, problem="twice")
    seen.add(address)
    try:
        # Without a name the address is the best there is, until its owner says otherwise.
        name = _name.validate_python(name or address.partition("@")[0])
        company = _company.validate_python(company) if company else ""
    except ValidationError:
        return Line(number, written, name[:80], address, problem="bad_name")
    return Line(number, written, name, address, company)


def _by_heading(cells: list[str], columns: dict[str, int]) -> tuple[str, str, str]:
    found = {meaning: cells[place] for meaning, place in columns.items() if place < len(cells)}
    name = found.get("name") or f"{found.get('first', '')} {found.get('last', '')}".strip()
    return found.get("email", ""), name, found.get("company", "")


def _by_looks(cells: list[str]) -> tuple[str, str, str]:
    """The cell with an @ is the address; of the others the first is the name, the second the company."""
    email = next((cell for cell in cells if "@" in cell), "")
    name, bracket, inside = email.partition("<")
    others = [cell for cell in cells if cell and cell != email]
    if bracket:  # Name <address>, as mail programs copy it
        return inside.rstrip("> "), name.strip(' "'), others[0] if others else ""
    return email, others[0] if others else "", others[1] if len(others) > 1 else ""
