"""Handles of booking pages: normalisation and reserved words."""

import re
import unicodedata

MAX_FORMER_HANDLES = 3  # reserved per person


MIN_HANDLE_LENGTH, MAX_HANDLE_LENGTH = 3, 40


# Handles that look official, or that a future page may need.
RESERVED = frozenset({
    "admin", "api", "about", "beheer", "circle", "circles", "coffee", "coffees", "contact", "edit",
    "help", "hulp", "info", "koffie", "kring", "kringen", "livestream", "livestreams", "mail", "mails",
    "me", "new", "nieuw", "nobody", "ontmoet", "operator", "page", "pages", "platform", "postmaster",
    "privacy", "root", "settings", "sign-in", "sign-up", "support", "system", "team", "test",
    "webmaster", "with",
})  # fmt: skip


def clean_handle(typed: str) -> str | None:
    """Lower-case ASCII letters, digits and single dashes; None outside the length limits."""
    plain = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode().lower()
    handle = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return handle if MIN_HANDLE_LENGTH <= len(handle) <= MAX_HANDLE_LENGTH else None
