"""Form models of coffees, and the data classes of a proposal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from events.core.errors import Invalid
from events.core.web.forms import Checkbox, Form, OpaqueId, line, paragraph
from events.livestreams.forms import check_hour
from events.livestreams.rules.schedule import utc_of_wall_time

MAX_NOTE_LENGTH = 4000
MAX_PLACE_LENGTH = 300
MAX_TIMES = 5
MAX_INTEGER = 2**31 - 1  # what a column of whole numbers holds


@dataclass(frozen=True)
class Participant:
    """One person of a proposal, with the reasons to meet the others.

    `proposes` and `accepts_replacement` count as a yes. Not `delivered`: hidden from this person.
    """

    user_id: str
    reasons: Sequence[Mapping[str, object]] = ()
    on_my_mind: str = ""
    proposes: bool = False
    accepts_replacement: bool = False
    delivered: bool = True


@dataclass(frozen=True)
class Proposal:
    """`alternatives`: other times that all of its people chose."""

    circle_id: str
    starts_at: datetime
    answer_by: datetime
    people: Sequence[Participant]
    round_id: str | None = None
    occasion_id: str | None = None
    minutes: int = 30
    form: str = "online"
    place: str = ""
    alternatives: Sequence[datetime] = ()
    widened: Sequence[str] = ()
    follows_id: str | None = None
    invited_by_id: str | None = None
    asked: str = ""


class Answer(Form):
    """An answer names the version of the coffee it was given to."""

    version: int = Field(ge=1, le=MAX_INTEGER)


class Undo(Form):
    pass


class Accept(Answer):
    """`knowing`: although one's own calendar is busy then. `another`: else with another of the round."""

    knowing: Checkbox = False
    another: Checkbox = False


class Another(Form):
    welcome: Checkbox = False


class ChosenTime(Form):
    version: int = Field(ge=1, le=MAX_INTEGER)
    time: AwareDatetime


class FirstTime(Form):
    """A day and an hour by the reader's clock, or a UTC time."""

    moment: AwareDatetime | None = None
    day: date | None = None
    hour: Annotated[time, AfterValidator(check_hour)] | None = None

    def starts_at(self, zone: str) -> datetime:
        if self.moment is not None:
            return self.moment
        if self.day is None or self.hour is None:
            raise Invalid(
                fields=[(name, "missing") for name in ("day", "hour") if getattr(self, name) is None]
            )
        if not 2000 <= self.day.year <= 2100:
            raise Invalid(fields=[("day", "bad_time")])
        return utc_of_wall_time(self.day, self.hour, zone)


class NewTime(FirstTime):
    version: int = Field(ge=1, le=MAX_INTEGER)


class ChosenPlace(Form):
    """A place in words, or the https address of a meeting."""

    version: int = Field(ge=1, le=MAX_INTEGER)
    place: Annotated[str, line(MAX_PLACE_LENGTH)]


class SharedNumber(Form):
    """Without a number it is revoked."""

    phone: Annotated[str, line(40)] | None = None


class Introduce(Form):
    """A `partner` of the coffee to a `member` of the circle."""

    partner: OpaqueId
    member: OpaqueId
    why: Annotated[str, line(240)] | None = None


class Introduced(Form):
    answer: Literal["yes", "no"]


class CameOf(Form):
    came: Literal["insight", "contact", "collaboration", "pleasant", "nothing"]


class Quote(Form):
    """Without a text or consent the quote is withdrawn."""

    quote: Annotated[str, line(280)] | None = None
    may_quote: Checkbox = False


class Details(Form):
    """An empty list revokes everything."""

    kinds: list[Literal["phone", "email", "linkedin"]] = Field(default=[], max_length=3)


class NextTime(Form):
    time: AwareDatetime


class Outcome(Form):
    """Only totals leave this person."""

    took_place: Literal["yes", "no"]
    worth_it: Literal["yes", "no"] | None = None
    again: Literal["yes", "no"] | None = None
    pitch: list[OpaqueId] = Field(default=[], max_length=2)  # partners whose coffee was a sales pitch


class Note(Form):
    """`version` is the one that was read; 0 if there was none."""

    body: Annotated[str, paragraph(MAX_NOTE_LENGTH)] = ""
    version: int = Field(ge=0, le=MAX_INTEGER)


class Promised(Form):
    what: Annotated[str, line(240)]
    due_on: date | None = None


class Done(Form):
    """Marked on the coffee's page, or on Today (`then`)."""

    done: Literal["yes", "no"] = "yes"
    then: Literal["today"] | None = None
