"""Purposes of keys, kinds of mail, phone numbers, links, allowed embeds, and names of browsers."""

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
    "livestream_announced", "livestream_reminder", "recording_ready", "coffee_nudge", "coffee_day",
    "coffee_soon", "coffee_waiting", "coffee_after", "promise_due", "look_back", "introduction", "round_news",
)  # fmt: skip
COFFEE_KINDS = tuple(
    kind
    for kind in MAIL_KINDS
    if kind.startswith("coffee_") or kind in {"look_back", "introduction", "round_news"}
)
ABOUT_COFFEES = "coffees"  # all of those, from a mail about a coffee that has no switch of its own
EVERY_KIND = "every"  # all of them at once, from any other mail without one
MAX_EMBEDS = 12  # other sites whose players somebody lets in
LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pl", "tr")


@dataclass(frozen=True)
class Purpose:
    """What the bearer of a personal key may do: its `verbs`, on the key's own subject and nowhere else.

    A key that is used `once` opens no page; `enters` says into whose account it lets its bearer: anyone's,
    or that of an address which was never confirmed, and then for `enters_for` since it was issued.
    """

    verbs: tuple[str, ...]
    lifetime: timedelta
    once: bool = False
    enters: Literal["nobody", "unconfirmed", "anyone"] = "nobody"
    enters_for: timedelta = timedelta(0)


# The doors that take keys name purpose and verb, as in `keys=("coffee:answer",)`. A verb that is missing here
# stops the start.
PURPOSES = {
    "livestream": Purpose(("watch", "come", "talk", "ask", "have"), timedelta(days=60)),
    "coffee": Purpose(("read", "answer", "talk", "tell"), timedelta(days=60)),
    "introduction": Purpose(("read", "answer"), timedelta(days=60)),
    "round": Purpose(("answer",), timedelta(days=60)),
    "pause": Purpose(("end",), timedelta(days=60)),
    "mails": Purpose((), timedelta(days=400)),
    "sign_in": Purpose((), timedelta(minutes=10), True, "anyone", timedelta(minutes=10)),
    "confirm": Purpose((), timedelta(hours=1), True, "unconfirmed", timedelta(hours=1)),
    "join": Purpose((), timedelta(days=60), True, "unconfirmed", timedelta(days=7)),
}
MAILBOX_PROOFS = ("link", "confirmation", "invitation")  # ways to sign in that show whose mailbox it is
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
    """A phone number as E.164, read as someone in this zone would write it; None when it is none."""
    try:
        number = phonenumbers.parse(typed, _country_of(zone))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_phone(phone: str, zone: str) -> str:
    """A stored number as someone in this zone reads it: at home without the country, from abroad with it."""
    if not phone:
        return ""
    number = phonenumbers.parse(phone)
    at_home = phonenumbers.region_code_for_number(number) == _country_of(zone)
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def is_meeting_link(typed: str) -> bool:
    """An https address with a host and nothing that hides where it leads."""
    try:
        parts = urlsplit(typed)
        named = parts.hostname is not None and "." in parts.hostname and parts.port in {None, 443}
    except ValueError:
        return False
    plain = typed.isascii() and not any(character.isspace() or character in '\\<>"' for character in typed)
    return parts.scheme == "https" and named and plain and parts.username is None


def parse_linkedin(typed: str) -> str | None:
    """The address of a LinkedIn page as one would open it; None when it is none."""
    found = _LINKEDIN.fullmatch(typed.strip())
    return f"https://www.linkedin.com/in/{found[1]}" if found else None


def _country_of(zone: str) -> str | None:
    return get_global("zone_territories").get(zone)


def describe_browser(agent: str) -> str:
    """What a browser calls itself, short enough to recognise one's own: "Firefox · Windows"."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def with_embed(origins: Sequence[str], origin: str, *, allowed: bool) -> list[str]:
    """The origins somebody lets in after one more is allowed or withdrawn; the newest MAX_EMBEDS stay."""
    others = [known for known in origins if known != origin]
    return [*others, origin][-MAX_EMBEDS:] if allowed else others
