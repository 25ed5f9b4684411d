"""What comes in with a yes: the times, the forms, and one line; and what a nazit asks."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from events.core.forms import Checkbox, Form, OpaqueId, line

LONGEST_LINE = 240
MOST_TIMES = 16
LATEST = 2**31 - 1  # what a column of whole numbers holds


def _number(value: object) -> object:
    """One of a few numbers, as a page sends it."""
    return int(value) if isinstance(value, str) and value in {"3", "5", "7", "15", "30", "45"} else value


TalkForm = Literal["online", "phone", "location", "own_link"]
Length = Annotated[Literal[15, 30, 45], BeforeValidator(_number)]
Part = Literal["morning", "afternoon", "evening"]


class SayYes(Form):
    """No times or no form is refused by the action, in its own words."""

    times: list[AwareDatetime] = Field(default=[], max_length=MOST_TIMES)
    forms: list[TalkForm] = Field(default=[], max_length=4)
    lengths: list[Length] = Field(default=[30], max_length=3)
    occupies: Annotated[str, line(LONGEST_LINE)] = ""
    trio: Checkbox = False


class CloseRound(Form):
    """Close it early; with `look_first` its coffees are drafted instead of proposed at once."""

    look_first: Checkbox = False


class ChangeDraft(Form):
    """One change by hand, decided on one version of the draft. `number` is a coffee. People are typed by name
    or address: two who swap, or two or three who are put together; `…_id` is who was chosen of several."""

    do: Literal["lock", "unlock", "note", "apart", "together", "swap", "undo", "anew", "release", "hold_back"]
    version: int = Field(ge=1, le=LATEST)
    number: int = Field(default=0, ge=0, le=LATEST)
    note: Annotated[str, line(LONGEST_LINE)] = ""
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


class Again(Form):
    """Whether one would like to meet whom one has just talked to again."""

    talk: OpaqueId
    again: Literal["yes", "no"]


class EnterNazit(Form):
    """The address of the livestream after which one talks."""

    livestream: Annotated[str, line(100)]


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


class KeepApart(Form):
    """A member, or a company by name, that one competes with or sells to."""

    other: OpaqueId | None = None
    company: Annotated[str, line(80)] = ""
    why: Literal["competitor", "customer"] = "competitor"
