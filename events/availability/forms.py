"""Form models of usual hours, days off, calendars and breaks."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from events.availability.rules.hours import HOURS_A_WEEK
from events.core.network.safe_fetch import MAX_ADDRESS_LENGTH
from events.core.web.forms import Form, line

HourOfWeek = Annotated[int, Field(ge=0, le=HOURS_A_WEEK - 1)]
Margin = Literal["0", "15", "30"]


class WeeklyHoursForm(Form):
    """`hours` are hours of the week; `before` and `after` minutes around a meeting; `notice`
    hours."""

    hours: list[HourOfWeek] = Field(default=[], max_length=HOURS_A_WEEK)
    before: Margin = "0"
    after: Margin = "0"
    notice: Literal["0", "24", "48", "72"] = "0"


class DaysOff(Form):
    first_day: date
    last_day: date | None = None  # None: a single day


class AddCalendar(Form):
    """The secret URL of a calendar, restricted by `core.network.safe_fetch`."""

    address: Annotated[str, line(MAX_ADDRESS_LENGTH)]


class Break(Form):
    """Days without coffees in a circle."""

    first_day: date
    last_day: date
