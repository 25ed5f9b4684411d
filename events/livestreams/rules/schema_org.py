"""schema.org description of a livestream for search engines, as a dictionary for JSON-LD."""

from datetime import datetime
from zoneinfo import ZoneInfo

from events.livestreams.models import Livestream

_HIDDEN = ("draft", "missed")


def is_described(livestream: Livestream) -> bool:
    """Published, for everyone, and of a circle that search engines may list."""
    public = livestream.audience == "public" and livestream.published_at is not None
    return public and livestream.circle.findable and livestream.state not in _HIDDEN


def event_data(livestream: Livestream, *, url: str, circle_url: str, image: str) -> dict[str, object]:
    """An Event that takes place online. Names of people are left out."""
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": livestream.title,
        "description": livestream.lead or livestream.title,
        "url": url,
        "image": [image],
        "startDate": _local(livestream.starts_at, livestream.zone),
        "endDate": _local(livestream.ends_at, livestream.zone),
        "eventStatus": f"https://schema.org/{_status(livestream)}",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url},
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": livestream.circle.name, "url": circle_url},
    }


def _status(livestream: Livestream) -> str:
    if livestream.state == "cancelled":
        return "EventCancelled"
    return "EventRescheduled" if livestream.sequence else "EventScheduled"


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
