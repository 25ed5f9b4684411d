"""Pure rules of accounts: key purposes, kinds of mail, phone and link parsing, browser names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

import phonenumbers
from babel.core import get_global
from phonenumbers import PhoneNumberFormat

MAIL_KINDS = (
    "livestream_announced", "livestream_reminder", "livestream_nudge", "recording_ready", "question_asked",
    "question_answered", "coffee_nudge",
    "coffee_day", "coffee_soon", "coffee_waiting", "coffee_message", "coffee_after", "promise_due",
    "look_back", "introduction", "round_news", "round_reminder", "invitation_reminder",
    "welcome_coffee", "circle_message", "guest_after",
)  # fmt: skip
COFFEE_KINDS = tuple(
    kind
    for kind in MAIL_KINDS
    if kind.startswith("coffee_")
    or kind in {"look_back", "introduction", "round_news", "round_reminder", "welcome_coffee"}
)
ABOUT_COFFEES = "coffees"  # all coffee mails; used by coffee mails without a kind of their own
EVERY_KIND = "every"  # all mails; used by other mails without a kind of their own
MAX_EMBEDS = 12  # allowed origins per person
LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pl", "tr")


@dataclass(frozen=True)
class Purpose:
    """What the bearer of a personal key may do: `verbs`, on the key's own subject only.

    A `once` key opens no page. `enters` is whose account it signs in to: "anyone" or "unconfirmed",
    the latter within `enters_for` of issue.
    """

    verbs: tuple[str, ...]
    lifetime: timedelta
    once: bool = False
    enters: Literal["nobody", "unconfirmed", "anyone"] = "nobody"
    enters_for: timedelta = timedelta(0)


# Endpoints that accept keys name purpose and verb: `keys=("coffee:answer",)`. An unknown verb
# fails at startup.
PURPOSES = {
    "livestream": Purpose(("watch", "come", "talk", "ask", "have"), timedelta(days=60)),
    "coffee": Purpose(("read", "answer", "talk", "tell"), timedelta(days=60)),
    "introduction": Purpose(("read", "answer"), timedelta(days=60)),
    "colleague": Purpose(("answer",), timedelta(days=60)),
    "round": Purpose(("answer",), timedelta(days=60)),
    "pause": Purpose(("end",), timedelta(days=60)),
    "welcome": Purpose(("accept",), timedelta(days=14)),
    "mails": Purpose((), timedelta(days=400)),
    "sign_in": Purpose((), timedelta(minutes=10), True, "anyone", timedelta(minutes=10)),
    "confirm": Purpose((), timedelta(hours=1), True, "unconfirmed", timedelta(hours=1)),
    "join": Purpose((), timedelta(days=60), True, "unconfirmed", timedelta(days=7)),
}
MAILBOX_PROOFS = ("link", "confirmation", "invitation")  # sign-in methods that prove control of the mailbox
PROOF_LIFETIME = timedelta(minutes=10)
SESSION_PURPOSES = tuple(name for name, purpose in PURPOSES.items() if purpose.verbs)

_LINKEDIN = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/in/([\w%-]{2,100})/?(?:\?[^\s#]*)?", re.IGNORECASE
)
_BROWSERS = (
    ("LinkedInApp", "LinkedIn"),
    ("FBAN", "Facebook"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def parse_phone(typed: str, zone: str) -> str | None:
    """Read a phone number in the zone's national format; returns E.164, or None if invalid."""
    try:
        number = phonenumbers.parse(typed, _country_of(zone))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_phone(phone: str, zone: str) -> str:
    """Format E.164 for a reader in `zone`: national format at home, international abroad."""
    if not phone:
        return ""
    number = phonenumbers.parse(phone)
    at_home = phonenumbers.region_code_for_number(number) == _country_of(zone)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def is_meeting_link(typed: str) -> bool:
    """An https URL with a host; no port but 443, no credentials and no spaces."""
    try:
        parts = urlsplit(typed)
        named = parts.hostname is not None and "." in parts.hostname and parts.port in {None, 443}
    except ValueError:
        return False
    plain = typed.isascii() and not any(character.isspace() or character in '\\<>"' for character in typed)
    return parts.scheme == "https" and named and plain and parts.username is None


def parse_linkedin(typed: str) -> str | None:
    """The canonical LinkedIn URL, or None."""
    found = _LINKEDIN.fullmatch(typed.strip())
    return f"https://www.linkedin.com/in/{found[1]}" if found else None


def _country_of(zone: str) -> str | None:
    return get_global("zone_territories").get(zone)


def describe_browser(agent: str) -> str:
    """A short name from a User-Agent header: "Firefox · Windows"."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def with_embed(origins: Sequence[str], origin: str, *, allowed: bool) -> list[str]:
    """The allowed origins after a change; the newest MAX_EMBEDS stay."""
    others = [other for other in origins if other != origin]
    return [*others, origin][-MAX_EMBEDS:] if allowed else others
