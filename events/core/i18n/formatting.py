"""Formatting of dates and times in the reader's locale and time zone."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date, format_time, format_timedelta
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from events.core.config import ROOT

TRANSLATIONS = ROOT / "var" / "translations"
LOCALES = ("nl", "en")
DEFAULT_LOCALE = "nl"
DEFAULT_ZONE = "Europe/Amsterdam"
_ZONES = frozenset(available_timezones())
_BABEL = {"nl": "nl", "en": "en_GB"}
_PATTERNS = {
    "full": "EEEE d MMMM y",
    "day": "EEEE d MMMM",
    "short": "EEEEEE d MMM",
    "month": "MMMM y",
    "date": "d MMMM y",
    "weekday": "EEEE",
}


def is_zone(name: str) -> bool:
    return name in _ZONES


@lru_cache(maxsize=8192)  # a page formats the same few dates for each of its rows and readers
def when(value: datetime, style: str, zone: str, locale: str) -> str:
    """Format a datetime in a zone and locale.

    Styles: full, day, short, month, date, weekday, hour, day_hour ("vr 4 dec, 20:00"), full_hour ("vrijdag 4
    december, 20:00").
    """
    local = value.astimezone(ZoneInfo(zone))
    babel = _BABEL.get(locale, locale)
    hour = format_time(local, "HH:mm", locale=babel)
    if style == "hour":
        return hour
    if style == "day_hour":
        return f"{when(value, 'short', zone, locale)}, {hour}"
    if style == "full_hour":
        return f"{when(value, 'day', zone, locale)}, {hour}"
    pattern = _PATTERNS[style]
    if style == "short" and babel != "nl":
        pattern = "EEE d MMM"
    return format_date(local.date(), pattern, locale=babel).replace(".", "")


def span(start: datetime, end: datetime, zone: str) -> str:
    """Start and end time with an en dash: 10:30–11:00."""
    local_zone = ZoneInfo(zone)
    return f"{start.astimezone(local_zone):%H:%M}–{end.astimezone(local_zone):%H:%M}"


def distance(value: datetime, moment: datetime, locale: str) -> str:
    """Relative time: "in 3 days", "2 hours ago"."""
    gap: timedelta = value - moment
    threshold = 2 if abs(gap) >= timedelta(days=2) else 1.2  # nine days are "9 days", not a week
    return format_timedelta(gap, add_direction=True, locale=_BABEL.get(locale, locale), threshold=threshold)


def zone_label(zone: str) -> str:
    """City of a zone: "Amsterdam"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def in_language_of(locale: str) -> AbstractContextManager[None]:
    """Force `locale` inside the block, whatever the request's locale; for mails."""
    context: AbstractContextManager[None] = force_locale(locale)
    return context


def current_locale() -> str:
    found = get_locale()
    return str(found.language) if found is not None else DEFAULT_LOCALE


def translate(message: str) -> str:
    """Translate a msgid that is stored as data, such as the title of a preset."""
    return str(_(message))
