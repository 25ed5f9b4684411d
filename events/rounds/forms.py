"""Form models of rounds: opt-ins, drafts, preferences and exclusions."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from events.circles.forms.circles import TopicChoice
from events.core.web.forms import Checkbox, Form, OpaqueId, line

MAX_LINE_LENGTH = 240
MAX_TIMES = 16
MAX_INTEGER = 2**31 - 1  # what a column of whole numbers holds


def _number(value: object) -> object:
    """Number choices arrive as text."""
    return int(value) if isinstance(value, str) and value in {"3", "5", "7", "15", "30", "45"} else value


TalkForm = Literal["online", "phone", "location", "own_link"]
Length = Annotated[Literal[15, 30, 45], BeforeValidator(_number)]
Part = Literal["morning", "afternoon", "evening"]


class OptInForm(TopicChoice):
    """Empty times or forms are refused by the action, with its own error codes.

    Without `with_topics` the form showed no topics: asks and offers then stay as they are.
    """

    times: list[AwareDatetime] = Field(default=[], max_length=MAX_TIMES)
    forms: list[TalkForm] = Field(default=[], max_length=4)
    lengths: list[Length] = Field(default=[30], max_length=3)
    on_my_mind: Annotated[str, line(MAX_LINE_LENGTH)] = ""
    trio: Checkbox = False
    with_topics: Checkbox = False


class Rejoin(Form):
    """Times for another coffee of the round; no times are refused by the action."""

    times: list[AwareDatetime] = Field(default=[], max_length=MAX_TIMES)


class OneMoreTime(Form):
    """A yes to the time that was asked."""


class CloseRound(Form):
    """With `look_first` the coffees are drafted instead of proposed at once."""

    look_first: Checkbox = False


class ChangeDraft(Form):
    """One manual edit of one draft version. `number` is the index of a coffee.

    People are typed by name or address: two to swap, two or three to group. `..._id` picks one of several
    matches.
    """

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
    title: Annotated[str, line(120)] = ""
    days: Annotated[Literal[3, 5, 7], BeforeValidator(_number)] = 5


class Always(Form):
    """Automatic opt-ins at these parts of the day."""

    always: Checkbox = False
    parts: list[Part] = Field(default=[], max_length=3)
    forms: list[TalkForm] = Field(default=[], max_length=4)
    lengths: list[Length] = Field(default=[], max_length=3)


class Pause(Form):
    until: date


class NewExclusion(Form):
    """Exactly one of `other` (a member) and `company`."""

    other: OpaqueId | None = None
    company: Annotated[str, line(80)] = ""
    why: Literal["competitor", "customer"] = "competitor"
