"""Kinds of mail that can be switched off, languages people speak, and a browser in a few words."""

MAIL_KINDS = (
    "livestream_announced", "recording_ready", "coffee_nudge", "coffee_day", "coffee_soon", "coffee_after",
    "promise_due", "round_news",
)  # fmt: skip
LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pl", "tr")

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


def describe_browser(agent: str) -> str:
    """What a browser calls itself, short enough to recognise one's own: "Firefox · Windows"."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)
