"""Parser of member lists: column detection and people in pasted lines."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from events.circles.forms.headings import Meaning, meaning_of
from events.circles.forms.importing import ImportRow, decode, format_problems, read_list, read_people
from events.circles.views.importing import MEANINGS
from events.core.errors import Invalid
from events.core.i18n.formatting import in_language_of

WORDS: dict[Meaning, str] = {
    "email": "E-mail address",
    "name": "Name",
    "first": "First name",
    "between": "Prefix of the last name",
    "last": "Last name",
    "company": "Company",
}
PLAIN = ("Bram Jansen", "bram@x.test", "Jansen Bouw")
OUTLOOK = (
    "First Name,Middle Name,Last Name,Title,Company,Department,Job Title,E-mail Address,E-mail Type,"
    "E-mail Display Name,E-mail 2 Address\n"
    "Bram,,Jansen,,Jansen Bouw,,,bram@x.test,SMTP,Bram Jansen (bram@x.test),bram@prive.test"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,File As,Organization Name,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\n"
    "Bram,,Jansen,,,,Jansen Bouw,* myContacts,* Work,bram@x.test,06 12345678"
)


def read(lines: list[ImportRow]) -> list[tuple[str, str, str]]:
    return [(row.name, row.email, row.company) for row in lines if not row.problem]


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nVoornaam;Achternaam;E-mail;Bedrijf\nBram;Jansen;bram@x.test;Jansen Bouw",
        "sep=,\r\nVoornaam,Achternaam,E-mail,Bedrijf\r\nBram,Jansen,bram@x.test,Jansen Bouw\r\n",
        "\ufeffVoornaam;Achternaam;E-mailadres;Bedrijfsnaam\nBram;Jansen;bram@x.test;Jansen Bouw",
        "Bedrijf\tE-mail adres\tAchternaam\tVoornaam\nJansen Bouw\tbram@x.test\tJansen\tBram",
        "First name,Surname,Email address,Organisation\nBram,Jansen,bram@x.test,Jansen Bouw",
        "Vorname;Nachname;E-Mail-Adresse;Firma\nBram;Jansen;bram@x.test;Jansen Bouw",
        "Prénom;Nom;Courriel;Société\nBram;Jansen;bram@x.test;Jansen Bouw",
        "NAAM;E-MAIL;BEDRIJF\nBram Jansen;bram@x.test;Jansen Bouw",
        "Nr;Naam;Telefoon;E-mail;Bedrijf\n1;Bram Jansen;06;bram@x.test;Jansen Bouw",
        '"Naam";"E-mail";"Bedrijf"\n"Bram Jansen";"bram@x.test";"Jansen Bouw"',
        'Naam;E-mail;Bedrijf\n"Bram\nJansen";bram@x.test;"Jansen\r\nBouw"',
        "Bram Jansen;bram@x.test;Jansen Bouw",
        OUTLOOK,
        GOOGLE,
        OUTLOOK.replace(",", "\t"),
    ],
)
def test_exports_of_spreadsheets_and_address_books_are_parsed(text: str) -> None:
    assert read(read_people(text)) == [PLAIN]


def test_a_dutch_name_prefix_is_kept_between_the_names() -> None:
    text = "Achternaam;Tussenvoegsel;Voornaam;E-mail\nVries;de;Bram;bram@x.test\nJansen;;Dana;dana@x.test"
    assert [row.name for row in read_people(text)] == ["Bram de Vries", "Dana Jansen"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bram <bram@x.test>; Chris Meubel <c@x.test>; Dana <d@x.test>", "Bram bram|Chris Meubel c|Dana d"),
        ("Bram <bram@x.test>, Chris <c@x.test>", "Bram bram|Chris c"),
        ('"Vries, Bram de" <bram@x.test>; d@x.test', "Vries, Bram de bram|d d"),
        ("Vries, Bram de <bram@x.test>; Dana <d@x.test>", "Vries, Bram de bram|Dana d"),
        ("Vries, Bram de <bram@x.test>", "Vries, Bram de bram"),
        ("bram@x.test, d@x.test; c@x.test", "bram bram|d d|c c"),
        ("Bram <bram@x.test>; Chris <c@x.test>\nd@x.test\nEva; eva@x.test", "Bram bram|Chris c|d d|Eva eva"),
        ("Naam;E-mail\nBram;bram@x.test\nd@x.test", "Bram bram|d d"),
        ("'Bram' <bram@x.test>;<d@x.test>", "Bram bram|d d"),
        ("mailto:bram@x.test; Dana <MAILTO:d@x.test?subject=Koffie>", "bram bram|Dana d"),
        ("Naam;E-mail\nBram;mailto:bram@x.test", "Bram bram"),
        ("mailto:bram@x.test", "bram bram"),
    ],
)
def test_every_address_in_a_pasted_line_is_a_person(text: str, found: str) -> None:
    lines = read_people(text)
    assert "|".join(f"{row.name} {row.email.removesuffix('@x.test')}" for row in lines) == found
    assert {row.problem for row in lines} == {""}
    assert {row.company for row in lines} == {""}


def test_an_entry_without_an_address_is_kept_for_correction() -> None:
    lines = read_people("Bram <bram@x.test>; Dana; Chris <chris@x.test>")
    assert [(row.written, row.problem) for row in lines if row.problem] == [("Dana", "no_address")]
    assert len(lines) == 3


def test_a_second_address_column_makes_no_second_person() -> None:
    assert read(read_people("Naam;E-mail;E-mail 2\nBram;bram@x.test;bram@prive.test")) == [
        ("Bram", "bram@x.test", "")
    ]
    assert read(read_people("Bram;bram@x.test;bram@prive.test")) == [("Bram", "bram@x.test", "")]


def test_an_internationalised_domain_is_accepted() -> None:
    (one,) = read_people("Bram;bram@bäckerei.example")
    assert (one.email, one.problem) == ("bram@xn--bckerei-5wa.example", "")


def test_detected_columns_are_shown_and_can_be_changed() -> None:
    text = "Jansen Bouw;bram@x.test;Bram Jansen\nSmit BV;dana@x.test;Dana Smit"
    found = read_list(text)
    assert [column.meaning for column in found.columns] == ["name", "email", "company"]
    assert found.columns[0].samples == ("Jansen Bouw", "Smit BV")
    chosen: list[Meaning] = ["company", "email", "name"]
    better = read_list(text, chosen, found.seen)
    assert read(better.lines) == [PLAIN, ("Dana Smit", "dana@x.test", "Smit BV")]
    # What was chosen for these columns does not count for others.
    other = read_list("Smit BV;dana@x.test;Dana Smit", chosen, found.seen)
    assert [column.meaning for column in other.columns] == ["name", "email", "company"]


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("Bram;Jansen;bram@x.test;Jansen Bouw\nDana;Smit;dana@x.test;Smit BV", "first last email company"),
        ("Bram Jansen;Jansen Bouw;bram@x.test;0612345678", "name company email "),
        ("Bram Jansen;Jansen Bouw;bram@x.test;Utrecht", "name company email "),
        ("Ledenlijst 2026;;\n\nVoornaam;Achternaam;E-mail\nBram;Jansen;bram@x.test", "first last email"),
        ("Roepnaam lid;Naam bedrijf;E-mail\nBram;Jansen Bouw;bram@x.test", "first company email"),
        ("Contactpersoon bedrijf;Lid sinds;E-mail\nBram;2019;bram@x.test", "name  email"),
        ("Voornaam;Middelste naam;Achternaam;E-mail\nBram;;Jansen;bram@x.test", "first between last email"),
    ],
)
def test_columns_are_recognised_by_their_headings_or_their_content(text: str, meanings: str) -> None:
    assert " ".join(column.meaning for column in read_list(text).columns) == meanings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Name,E-mail 1 - Value\nBram,bram@x.test ::: bram@prive.test", [("Bram", "bram@x.test", "")]),
        ("Naam;Mail privé;E-mail zakelijk\nBram;;bram@x.test", [("Bram", "bram@x.test", "")]),
        ("'bram@x.test'; 'dana@x.test'", [("bram", "bram@x.test", ""), ("dana", "dana@x.test", "")]),
        ("Bram;bram@straße.example", [("Bram", "bram@xn--strae-oqa.example", "")]),
    ],
)
def test_the_address_is_found_where_address_books_put_it(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    lines = read_people(text)
    assert (read(lines), [row.problem for row in lines if row.problem]) == (found, [])


@pytest.mark.parametrize("cell", ["bram@x.test, b@x.test", '"bram@x.test\nb@x.test"'])
def test_several_addresses_of_one_person_are_asked_about(cell: str) -> None:
    lines = read_people(f"Naam;E-mail\nBram;{cell}\nDana;dana@x.test")
    assert [(row.name, row.problem) for row in lines] == [("Bram", "several"), ("Dana", "")]


def test_lines_with_problems_keep_their_headings() -> None:
    text = 'Voornaam;Achternaam;E-mail;Bedrijf\nBram;Jansen;bram@x;"Bouw, Jansen"\nDana;Smit;dana@x.test;'
    again = format_problems(read_list(text), WORDS)
    mended = again.replace("bram@x", "bram@x.test")
    assert read(read_people(mended)) == [("Bram Jansen", "bram@x.test", "Bouw, Jansen")]


@pytest.mark.parametrize("head", ["", "Zaak;Adres e-mail;Naam\n", "Naam;E-mail;Bedrijf\n"])
def test_lines_with_problems_keep_what_was_chosen_for_their_columns(head: str) -> None:
    text = f"{head}Jansen Bouw;bram@x;Bram Jansen\nSmit BV;dana@x.test;Dana Smit"
    chosen: list[Meaning] = ["company", "email", "name"]
    again = format_problems(read_list(text, chosen, read_list(text).seen), WORDS)
    assert read(read_people(again.replace("bram@x", "bram@x.test"))) == [PLAIN]


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize("locale", ["en", "nl"])
def test_the_words_for_columns_are_recognised_as_headings(locale: str) -> None:
    with in_language_of(locale):
        words = {meaning: str(word) for meaning, word in MEANINGS if meaning}
    assert {word: meaning_of(word) for word in words.values()} == {word: key for key, word in words.items()}


@pytest.mark.parametrize(
    "make",
    [
        lambda size: "Bram <bram@x.test> " + "x" * size + " a@b",
        lambda size: '"' * size,
        lambda size: "\n".join('"a' for _ in range(min(size // 40, 400))),
        lambda size: "a@" * (size // 2),
    ],
    ids=["words", "quotes", "open-quotes", "signs"],
)
def test_parsing_time_is_linear_in_the_line_length(make: Callable[[int], str]) -> None:
    short, long = (min(_cost(make(size)) for _ in range(3)) for size in (4_000, 16_000))
    assert long < 10 * short + 0.05


def _cost(text: str) -> float:
    started = time.process_time()
    with suppress(Invalid):
        read_list(text)
    return time.process_time() - started


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "cp1252", "utf-8-sig"])
def test_files_of_any_encoding_are_read(encoding: str) -> None:
    assert decode("Renée;renee@x.test".encode(encoding)) == "Renée;renee@x.test"
