"""Column detection for member lists, from the headings of spreadsheets and address books."""

import re
from collections.abc import Sequence
from typing import Literal, get_args

Meaning = Literal["", "email", "name", "first", "between", "last", "company"]
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
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
    return next((meaning for meaning, words in _KNOWN.items() if word in words), "")


def read_headings(cells: Sequence[str]) -> list[Meaning] | None:
    """Meaning of each column, each meaning once; None if the line is not a heading line."""
    if any("@" in cell for cell in cells):
        return None
    found = _once([meaning_of(cell) for cell in cells])
    recognised = sum(1 for meaning in found if meaning)
    others = {re.sub(r"[\W_]+", "", cell.casefold()) for cell in cells} & _COMMON
    return found if "email" in found or recognised + len(others) >= 2 else None


def guess(records: Sequence[Sequence[str]]) -> list[Meaning]:
    """Without headings: the column with most @ signs is the address, then name, then company."""
    width = max(map(len, records), default=0)
    marks = [sum("@" in cells[place] for cells in records if place < len(cells)) for place in range(width)]
    if not any(marks):
        return [""] * width
    email = marks.index(max(marks))
    rest: list[Meaning] = ["name", "company"]
    filled = [
        _holds_words([cells[place] for cells in records if place < len(cells)]) for place in range(width)
    ]
    return [
        "email" if place == email else (rest.pop(0) if rest and filled[place] else "")
        for place in range(width)
    ]


def _holds_words(cells: list[str]) -> bool:
    return any(cells) and not any("@" in cell for cell in cells)


def _once(found: list[Meaning]) -> list[Meaning]:
    """Ignores a second column of the same meaning."""
    return [meaning if meaning not in found[:place] else "" for place, meaning in enumerate(found)]
