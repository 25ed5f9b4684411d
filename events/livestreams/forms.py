"""Form models of livestreams: the plan, and the inputs of its transitions."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.core.web.forms import Form, OpaqueId, line, paragraph
from events.livestreams.rules.endings import AUTO_END_CHOICES, BY_HAND
from events.livestreams.rules.pasted_links import MAX_PASTE_LENGTH
from events.livestreams.rules.rhythms import ANNOUNCE_CHOICES, ANNOUNCE_DAYS, MAX_EVENINGS
from events.livestreams.rules.schedule import MAX_DURATION_MINUTES

MAX_PLACES = 100_000
MIN_DURATION_MINUTES = 5  # minutes


def check_range(day: date) -> date:
    if not 2000 <= day.year <= 2100:
        raise PydanticCustomError("bad_time", "no year for a livestream")
    return day


def _check_auto_end(minutes: int) -> int:
    if minutes not in {*AUTO_END_CHOICES, BY_HAND}:
        raise PydanticCustomError("bad_choice", "none of the choices")
    return minutes


def _check_announcement(days: int) -> int:
    if days not in ANNOUNCE_CHOICES:
        raise PydanticCustomError("bad_choice", "none of the choices")
    return days


def check_hour(hour: time) -> time:
    if hour.tzinfo is not None:
        raise PydanticCustomError("bad_time", "the zone is that of the circle")
    return hour.replace(second=0, microsecond=0)


class LivestreamForm(Form):
    """The plan of a livestream.

    `day` and `hour` are wall time in the circle's zone. An empty field takes the preset's value on
    creation and clears it on edit. `host` is typed text; `host_id` is the person shown or chosen
    for that text. `scope` says which evenings of a series a change is for; `then` publishes at once.
    """

    title: Annotated[str, line(120)]
    day: Annotated[date, AfterValidator(check_range)]
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
    auto_end: Annotated[int, AfterValidator(_check_auto_end)] | None = None
    agenda: Annotated[str, paragraph(6000)] | None = None
    host: Annotated[str, line(254)] | None = None
    host_id: OpaqueId | None = None
    scope: Literal["one", "after", "all"] | None = None
    then: Literal["publish"] | None = None


class SetAnnouncement(Form):
    """How many days before each evening of a series is announced."""

    announce_days: Annotated[int, AfterValidator(_check_announcement)] = ANNOUNCE_DAYS


class MakeSeries(SetAnnouncement):
    """`count` includes the first evening."""

    rhythm: Literal["weekly", "fortnightly", "monthly", "monthly_last"]
    count: Annotated[int, Field(ge=2, le=MAX_EVENINGS)]


class PauseLivestream(Form):
    """`note` is shown to viewers."""

    note: Annotated[str, line(240)] | None = None


class TellLobby(Form):
    """`words` are shown to everyone in the lobby; without them nothing is shown any more."""

    words: Annotated[str, line(240)] | None = None


class StartLater(Form):
    """`said` tells the lobby."""

    said: Annotated[str, line(240)] | None = None


class CancelLivestream(Form):
    """`note` tells registered people why."""

    note: Annotated[str, line(240)] | None = None


class BeginItem(Form):
    """`item` is the one the page showed as next, so that two clicks begin one item."""

    item: OpaqueId | None = None


class SwitchAftertalk(Form):
    on: Literal["yes", "no"]
