"""Pure rules of registrations: open states and add-to-calendar links."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from events.livestreams.rules.states import OPEN


def is_open(state: str) -> bool:
    return state in OPEN


def google_link(title: str, starts_at: datetime, ends_at: datetime, url: str) -> str:
    times = "/".join(moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for moment in (starts_at, ends_at))
    query = {"action": "TEMPLATE", "text": title, "dates": times, "details": url, "location": url}
    return "https://calendar.google.com/calendar/render?" + urlencode(query)


def outlook_link(title: str, starts_at: datetime, ends_at: datetime, url: str) -> str:
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "enddt": ends_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "body": url,
        "location": url,
    }
    return "https://outlook.office.com/calendar/0/deeplink/compose?" + urlencode(query)
