"""Rules of a circle's book: what looks like a password, and the order of the year."""

from datetime import date

import pytest

from events.handbooks.models import BookEntry
from events.handbooks.rules import is_date, looks_like_secret, sort_year


@pytest.mark.parametrize(
    "text",
    [
        "Wachtwoord: geheim", "password = x", "het wachtwoord is koffie", "pincode: 1234", "ww: hoi",
        "Koffie2x4!", "inloggen met Zomer#2026", "bank, Hj7kLm9Qw", "https://anna:geheim@site.example",
    ],
)  # fmt: skip
def test_what_looks_like_a_password_is_found(text: str) -> None:
    assert looks_like_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "ALV met begroting 2027", "Jaarplan2026", "https://studio.youtube.com/channel/UC2x4aBc_9",
        "penningmeester@kring.example", "KvK 12345678", "NL12INGB0001234567", "Het wachtwoord beheert Bram",
        "wachtwoordkluis van de kring", "06-12345678", "Bram's secretariaat",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_password(text: str) -> None:
    assert not looks_like_secret(text)


def test_the_year_begins_today() -> None:
    days = [(9, None), (1, 5), (11, 30), (12, None), (11, None), (11, 3)]
    entries = [BookEntry(what=f"{month}-{day}", month=month, day=day) for month, day in days]
    order = [entry.what for entry in sort_year(entries, date(2026, 11, 30))]
    assert order == ["11-None", "11-30", "12-None", "1-5", "9-None", "11-3"]


def test_days_exist_in_their_month() -> None:
    assert [is_date(2, 29), is_date(2, 30), is_date(4, 31), is_date(12, 31)] == [True, False, False, True]
