"""Pure rules of a circle's book: limits, the order of the year, and text that looks like a password."""

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from events.handbooks.models import BookEntry

KINDS = ("date", "role", "account")
MAX_ENTRIES = 60  # of each kind
_NAMED_SECRET = re.compile(
    r"\b(wachtwoord|wachtzin|password|passwort|mot de passe|passwd|pass|pwd|pw|ww|pin|pincode|toegangscode)"
    r"\s*(:|=|\bis\b)\s*\S",
    re.IGNORECASE,
)
_WORD_WITH_YEAR = re.compile(r"[A-Za-z]+-?(19|20)\d\d")
_SIGNS = re.compile(r"[!#$%^*+=?~\\|<>{}\[\]]")
MIN_SECRET_LENGTH = 8


def looks_like_secret(text: str) -> bool:
    """Whether a text names a password, or has a word like one. Addresses of sites and mail are none."""
    return _NAMED_SECRET.search(text) is not None or any(map(_is_secret, text.split()))


def _is_secret(typed: str) -> bool:
    word = typed.strip(".,;:()\"'‘’“”")
    if "://" in word:
        try:
            return urlsplit(word).password is not None
        except ValueError:
            return False
    if len(word) < MIN_SECRET_LENGTH or re.search(r"\w[.@/]\w", word) or _WORD_WITH_YEAR.fullmatch(word):
        return False
    has_letters, has_digits = re.search(r"[^\W\d_]", word), re.search(r"\d", word)
    mixed = re.search(r"[a-z]", word) and re.search(r"[A-Z]", word)
    return bool(has_letters and has_digits and (mixed or _SIGNS.search(word)))


def sort_year(entries: Iterable[BookEntry], today: date) -> list[BookEntry]:
    """Dates from today on, over the turn of the year. One without a day counts until its month ends."""

    def order(entry: BookEntry) -> tuple[bool, int, int]:
        month, day = entry.month or 1, entry.day or 0
        past = (month, day or 31) < (today.month, today.day)
        return past, month, day

    return sorted(entries, key=order)


def is_date(month: int, day: int) -> bool:
    """29 February is one: it comes in leap years, and is read as a date of its month in others."""
    try:
        date(2024, month, day)
    except ValueError:
        return False
    return True
