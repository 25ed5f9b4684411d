"""Form model of an evening held elsewhere, entered afterwards."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from events.core.web.forms import Form, line, paragraph
from events.livestreams.forms import MIN_DURATION_MINUTES, check_hour, check_range
from events.livestreams.rules.pasted_links import MAX_PASTE_LENGTH
from events.livestreams.rules.schedule import MAX_DURATION_MINUTES

MAX_NAMES_LENGTH = 20_000


class HeldEvening(Form):
    """`day` and `hour` are wall time in the circle's zone; `names` are typed, one a line or by commas."""

    title: Annotated[str, line(120)]
    day: Annotated[date, AfterValidator(check_range)]
    hour: Annotated[time, AfterValidator(check_hour)]
    minutes: Annotated[int, Field(ge=MIN_DURATION_MINUTES, le=MAX_DURATION_MINUTES)] = 60
    came: Literal["registered", "named"] = "named"
    names: Annotated[str, paragraph(MAX_NAMES_LENGTH)] | None = None
    link: Annotated[str, paragraph(MAX_PASTE_LENGTH)] | None = None
