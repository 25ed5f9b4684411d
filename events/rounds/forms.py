"""What comes in with a yes: the times, the forms, and one line; and what a nazit asks."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from events.core.web.forms import Checkbox, Form, OpaqueId, line

MAX_LINE_LENGTH = 240
MAX_TIMES = 16
MAX_INTEGER = 2**31 - 1  # what a column of whole numbers holds


def _number(value: object) -> object:
    """One of a few numbers, as a page sends it."""
    return int(value) if isinstance(value, str) and value in {"3", "5", "7", "15", "30", "45"} else value


TalkForm = Literal["online", "phone", "location", "own_link"]
Length = Annotated[Literal[15, 30, 45], BeforeValidator(_number)]
Part = Literal["morning", "afternoon", "evening"]


class OptInForm(Form):
    """No times or no form is refused by the action, in its own words."""

    times: list[AwareDatetime] = Field(default=[], max_length=MAX_TIMES)
    forms: list[TalkForm] = Field(default=[], max_length=4)
    lengths: list[Length] = Field(default=[30], max_length=3)
    on_my_mind: Annotated[str, line(MAX_LINE_LENGTH)] = ""
    trio: Checkbox = False


class CloseRound(Form):
    """Close it early; with `look_first` its coffees are drafted instead of proposed at once."""

    look_first: Checkbox = False


class ChangeDraft(Form):
    """One change by hand, decided on one version of the draft. `number` is a coffee. People are typed by name
    or address: two who swap, or two or three who are put together; `…_id` is who was chosen of several."""

    do: Literal["lock", "unlock", "note", "apart", "together", "swap", "undo", "anew", "release", "hold_back"]
    version: int = Field(ge=1, le=MAX_INTEGER)
    number: int = Field(default=0, ge=0, le=MAX_INTEGER)
    note: Annotated[str, line(MAX_LINE_LENGTH)] = ""
    one: Annotated[str, line(254)] | None = None
    one_id: OpaqueId | None = None
    other: Annotated[str, line(254)] | None = None
    other_id: OpaqueId | None = None
    first: Annotated[str, line(254)] | None = None
    first_id: OpaqueId | None = None
    second: Annotated[str, line(254)] | None = None
    second_id: OpaqueId | None = None
    third: Annotated[str, line(254)] | None = None
    third_id: OpaqueId | None = None


class OpenRound(Form):
    """A round without a livestream: what it is about, if anything, and how long one can say yes."""

    title: Annotated[str, line(120)] = ""
    days: Annotated[Literal[3, 5, 7], BeforeValidator(_number)] = 5


class Always(Form):
    """Yes to every round at these parts of the day; `always` off is being asked every time."""

    always: Checkbox = False
    parts: list[Part] = Field(default=[], max_length=3)
    forms: list[TalkForm] = Field(default=[], max_length=4)
    lengths: list[Length] = Field(default=[], max_length=3)


class Pause(Form):
    """No coffees until that day."""

    until: date


class NewExclusion(Form):
    """A member, or a company by name, that one competes with or sells to."""

    other: OpaqueId | None = None
    company: Annotated[str, line(80)] = ""
    why: Literal["competitor", "customer"] = "competitor"
