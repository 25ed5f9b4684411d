"""Form models of invitations and booking pages."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from events.coffees.forms import MAX_TIMES
from events.core.web.forms import Checkbox, Form, Slug, line


class Invite(Form):
    """`livestream` and `at` (seconds of its recording) are where the invitation started."""

    times: list[AwareDatetime] = Field(min_length=1, max_length=MAX_TIMES)
    form: Literal["online", "phone", "location", "own_link"] = "online"
    minutes: Literal["15", "30", "45"] = "30"
    about: Annotated[str, line(240)] | None = None
    livestream: Slug | None = None  # where the invitation started
    at: int | None = Field(default=None, ge=0, le=86_400)


class OpenBooking(Form):
    """`notice` is in hours, `horizon` in days."""

    open: Checkbox = False
    handle: Annotated[str, line(60)] | None = None
    forms: list[Literal["online", "phone", "location", "own_link"]] = Field(default=[], max_length=4)
    lengths: list[Literal["15", "30", "45"]] = Field(default=[], max_length=3)
    greeting: Annotated[str, line(240)] | None = None
    greets: Checkbox = False
    at_once: Checkbox = False
    notice: Literal["2", "24", "48", "72"] = "24"
    horizon: Literal["14", "21", "30", "60"] = "21"


class Book(Form):
    time: AwareDatetime
    form: Literal["online", "phone", "location", "own_link"]
    minutes: Literal["15", "30", "45"]
    about: Annotated[str, line(240)] | None = None
