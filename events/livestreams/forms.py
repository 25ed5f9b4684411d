"""What organisers type: a livestream with four fields and more, and the notes at its switches."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.core.web.forms import Form, OpaqueId, line, paragraph
from events.livestreams.rules.pasted_links import MAX_PASTE_LENGTH
from events.livestreams.rules.schedule import MAX_DURATION_MINUTES

MAX_PLACES = 100_000
MIN_DURATION_MINUTES = 5  # minutes


def _check_range(day: date) -> date:
    if not 2000 <= day.year <= 2100:
        raise PydanticCustomError("bad_time", "no year for a livestream")
    return day


def check_hour(hour: time) -> time:
    if hour.tzinfo is not None:
        raise PydanticCustomError("bad_time", "the zone is that of the circle")
    return hour.replace(second=0, microsecond=0)


class LivestreamForm(Form):
    """Four fields, and behind "more options" what the preset fills when it is left empty.

    `day` and `hour` are wall time in the zone of the circle. Empty means: as the preset says when making
    one, and nothing at all when editing. `host` is typed: a name or an address; `host_id` is who was on the
    page under that name, or was chosen among several of it.
    """

    title: Annotated[str, line(120)]
    day: Annotated[date, AfterValidator(_check_range)]
    hour: Annotated[time, AfterValidator(check_hour)]
    source: Annotated[str, paragraph(MAX_PASTE_LENGTH)] | None = None
    preset: Literal["session", "interview", "breakfast"] = "session"
    lead: Annotated[str, line(240)] | None = None
    description: Annotated[str, paragraph(8000)] | None = None
    minutes: Annotated[int, Field(ge=MIN_DURATION_MINUTES, le=MAX_DURATION_MINUTES)] | None = None
    audience: Literal["members", "public"] = "members"
    guests: Literal["yes", "no"] | None = None
    capacity: Annotated[int, Field(ge=1, le=MAX_PLACES)] | None = None
    aftertalk: Literal["yes", "no"] | None = None
    agenda: Annotated[str, paragraph(6000)] | None = None
    host: Annotated[str, line(254)] | None = None
    host_id: OpaqueId | None = None


class PauseLivestream(Form):
    """What viewers read meanwhile."""

    note: Annotated[str, line(240)] | None = None


class CancelLivestream(Form):
    """Why, for those who wanted to come."""

    note: Annotated[str, line(240)] | None = None


class BeginItem(Form):
    """The item that the desk showed as the next one, so that two presses begin one item."""

    item: OpaqueId | None = None


class SwitchAftertalk(Form):
    """Whether there are short talks right after the end."""

    on: Literal["yes", "no"]
