"""Column detection for member lists, from the headings of spreadsheets and address books."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Meaning = Literal["", "email", "name", "first", "between", "last", "company"]
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
MAX_TITLE_LINES = 4  # above the headings
MAX_COLUMNS = 60  # Outlook exports 90; the relevant ones come first
# Dutch, English, German and French, without punctuation; also Outlook's and Google Contacts'.
_KNOWN: dict[Meaning, set[str]] = {
    "first": {
        "firstname",
        "first",
        "givenname",
        "voornaam",
        "voornamen",
        "roepnaam",
        "vorname",
        "prénom",
        "prenom",
    },
    "between": {
        "tussenvoegsel",
        "tussenvoegsels",
        "voorvoegsel",
        "middlename",
        "additionalname",
        "infix",
        "tussen",
        "middelstenaam",
        "tweedevoornaam",
        "prefixofthelastname",
    },
    "last": {
        "lastname",
        "last",
        "surname",
        "familyname",
        "achternaam",
        "familienaam",
        "nachname",
        "familienname",
        "nom",
        "nomdefamille",
    },
    "name": {
        "name",
        "naam",
        "fullname",
        "volledigenaam",
        "displayname",
        "weergavenaam",
        "contactpersoon",
        "contact",
        "contactperson",
        "contactname",
        "anzeigename",
        "ansprechpartner",
        "nomcomplet",
        "lid",
        "member",
        "deelnemer",
    },
    "company": {
        "company",
        "companyname",
        "bedrijf",
        "bedrijfsnaam",
        "organisatie",
        "organisatienaam",
        "organisation",
        "organization",
        "organizationname",
        "organization1name",
        "firma",
        "firmenname",
        "unternehmen",
        "société",
        "societe",
        "entreprise",
        "werkgever",
        "employer",
        "onderneming",
        "handelsnaam",
    },
}
_EMAIL = re.compile(r"(e?mail|courriel|epost)")
_NOT_THE_ADDRESS = re.compile(
    r"type|label|soort|display|weergave|anzeige|typ$|naam|name|ok$|optin|nieuwsbrief|newsletter"
)
# Words that add nothing to a heading: "Roepnaam lid" is a first name.
_FILLING = {"lid", "member", "deelnemer", "zakelijk", "privé", "prive", "naam", "name"}
_PERSON = {"contact", "contactpersoon", "contactperson", "ansprechpartner"}
_COMMON = {
    "telefoon",
    "phone",
    "mobiel",
    "mobile",
    "tel",
    "functie",
    "plaats",
    "title",
    "notes",
    "adres",
    "address",
    "nr",
    "id",
}


def meaning_of(heading: str) -> Meaning:
    word = re.sub(r"[\W_]+", "", heading.casefold())
    if _EMAIL.search(word) and not _NOT_THE_ADDRESS.search(word):
        return "email"
    return _known(word) or _of_words(re.findall(r"[^\W_]+", heading.casefold()))


def _known(word: str) -> Meaning:
    return next((meaning for meaning, words in _KNOWN.items() if word in words), "")


def _of_words(words: Sequence[str]) -> Meaning:
    """Meaning of a heading of several words, each of which is known: "Naam bedrijf" is the company."""
    found = {_known(word) for word in words}
    if len(words) < 2 or any(not _known(word) and word not in _FILLING for word in words):
        return ""
    if found & {"first", "between", "last"}:
        return next(meaning for meaning in ("first", "between", "last") if meaning in found)
    return "company" if "company" in found and not _PERSON & set(words) else "name"


def find_headings(records: Sequence[Sequence[str]]) -> tuple[int, list[Meaning]] | None:
    """Place and meanings of the heading line: the first, or below a few lines of title without an address."""
    for place, cells in enumerate(records[: MAX_TITLE_LINES + 1]):
        found = read_headings(cells)
        if found is not None:
            return place, found
        if any("@" in cell for cell in cells):
            return None
    return None


def write_headings(
    headings: Sequence[str], meanings: Sequence[Meaning], words: Mapping[Meaning, str]
) -> list[str]:
    """A heading line that reads back as these meanings, whatever was guessed or chosen for the columns."""
    line = []
    for place, meaning in enumerate(meanings):
        former = headings[place] if place < len(headings) else ""
        line.append(
            former if former and meaning_of(former) == meaning else words[meaning] if meaning else "-"
        )
    return line


def read_headings(cells: Sequence[str]) -> list[Meaning] | None:
    """Meaning of each column, each meaning once; None if the line is not a heading line."""
    if any("@" in cell for cell in cells):
        return None
    found = _once([meaning_of(cell) for cell in cells])
    recognised = sum(1 for meaning in found if meaning)
    others = {re.sub(r"[\W_]+", "", cell.casefold()) for cell in cells} & _COMMON
    return found if "email" in found or recognised + len(others) >= 2 else None


def guess(records: Sequence[Sequence[str]]) -> list[Meaning]:
    """Without headings: the column with most @ signs is the address, then name, then company.

    Of three columns of words, the first with single words, the name comes in two.
    """
    width = max(map(len, records), default=0)
    marks = [sum("@" in cells[place] for cells in records if place < len(cells)) for place in range(width)]
    if not any(marks):
        return [""] * width
    email = marks.index(max(marks))
    columns = [[cells[place] for cells in records if place < len(cells)] for place in range(width)]
    filled = [place for place in range(width) if place != email and _holds_words(columns[place])]
    rest: list[Meaning] = ["name", "company"]
    if len(filled) > 2 and all(len(cell.split()) <= 1 for cell in columns[filled[0]]):
        rest = ["first", "last", "company"]
    chosen = dict(zip(filled, rest, strict=False))
    return ["email" if place == email else chosen.get(place, "") for place in range(width)]


def _holds_words(cells: list[str]) -> bool:
    """Names, not telephone numbers or addresses."""
    return (
        any(cells)
        and not any("@" in cell for cell in cells)
        and any(re.search(r"[^\W\d_]", cell) for cell in cells)
    )


def _once(found: list[Meaning]) -> list[Meaning]:
    """Ignores a second column of the same meaning."""
    return [meaning if meaning not in found[:place] else "" for place, meaning in enumerate(found)]
