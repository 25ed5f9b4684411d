"""What comes in about a coffee: a proposal from the matching, answers and outcomes from people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from events.core.errors import Invalid
from events.core.forms import Checkbox, Form, OpaqueId, Slug, line, paragraph
from events.livestreams.forms import on_the_clock
from events.livestreams.rules.schedule import moment_of

LONGEST_NOTE = 4000
LONGEST_PLACE = 300
MOST_TIMES = 5
LATEST = 2**31 - 1  # what a column of whole numbers holds


@dataclass(frozen=True)
class Place:
    """One person of a proposal: why the others are worth meeting, and what occupies this person now.

    Whoever `proposes` it has said yes by doing so, and so has whoever takes it `with_another` than before.
    """

    user_id: str
    reasons: Sequence[Mapping[str, object]] = ()
    occupies: str = ""
    proposes: bool = False
    with_another: bool = False
    delivered: bool = True


@dataclass(frozen=True)
class Proposal:
    """One coffee as the matching found it; `alternatives` are the other times all of its people chose."""

    circle_id: str
    starts_at: datetime
    answer_by: datetime
    people: Sequence[Place]
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
    """A yes, a no or a cancellation, given to one version of a coffee."""

    version: int = Field(ge=1, le=LATEST)


class Undo(Form):
    """Undo of a decline; it needs no fields."""


class Yes(Answer):
    """A yes; `knowing` when it was given although one's own calendar shows something then."""

    knowing: Checkbox = False


class Another(Form):
    """Whether another of the round is welcome too, should this coffee fall through."""

    welcome: Checkbox = False


class ChosenTime(Form):
    """Another of the common times."""

    version: int = Field(ge=1, le=LATEST)
    time: AwareDatetime


class FirstTime(Form):
    """A day and an hour on the reader's clock, or a moment."""

    moment: AwareDatetime | None = None
    day: date | None = None
    hour: Annotated[time, AfterValidator(on_the_clock)] | None = None

    def starts_at(self, zone: str) -> datetime:
        if self.moment is not None:
            return self.moment
        if self.day is None or self.hour is None:
            raise Invalid(
                fields=[(name, "missing") for name in ("day", "hour") if getattr(self, name) is None]
            )
        if not 2000 <= self.day.year <= 2100:
            raise Invalid(fields=[("day", "bad_time")])
        return moment_of(self.day, self.hour, zone)


class NewTime(FirstTime):
    """A time that nobody had chosen yet: one that was shown, or one of the reader's own."""

    version: int = Field(ge=1, le=LATEST)


class Invite(Form):
    """A coffee asked of one person: times of one's own, how, how long, and one line for the other."""

    times: list[AwareDatetime] = Field(min_length=1, max_length=MOST_TIMES)
    form: Literal["online", "phone", "location", "own_link"] = "online"
    minutes: Literal["15", "30", "45"] = "30"
    about: Annotated[str, line(240)] | None = None
    livestream: Slug | None = None  # where the wish came up, and at which second of its recording
    at: int | None = Field(default=None, ge=0, le=86_400)


class OpenBooking(Form):
    """One's own booking page: its address and what is offered there."""

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
    """One of the times on somebody's booking page."""

    time: AwareDatetime
    form: Literal["online", "phone", "location", "own_link"]
    minutes: Literal["15", "30", "45"]
    about: Annotated[str, line(240)] | None = None


class ChosenPlace(Form):
    """Where to meet: a place in words, or the address of an own meeting link."""

    version: int = Field(ge=1, le=LATEST)
    place: Annotated[str, line(LONGEST_PLACE)]


class SharedNumber(Form):
    """One's phone number for the people of this coffee; without one it is taken back."""

    phone: Annotated[str, line(40)] | None = None


class Introduce(Form):
    """Whom of the coffee one would like to introduce to whom of the circle, and why."""

    one: OpaqueId
    other: OpaqueId
    why: Annotated[str, line(240)] | None = None


class Introduced(Form):
    """The answer of one of the two; the other never hears a no."""

    answer: Literal["yes", "no"]


class CameOf(Form):
    """What came of a coffee, a month later."""

    came: Literal["insight", "contact", "collaboration", "pleasant", "nothing"]


class Quote(Form):
    """A sentence about it, and whether the circle may read it; without either it is taken back."""

    quote: Annotated[str, line(280)] | None = None
    may_quote: Checkbox = False


class Details(Form):
    """What one shares of oneself; nothing ticked takes it back."""

    kinds: list[Literal["phone", "email", "linkedin"]] = Field(default=[], max_length=3)


class NextTime(Form):
    """When the same people meet again: one of the times that were offered."""

    time: AwareDatetime


class Outcome(Form):
    """What became of it; only totals ever leave this person."""

    took_place: Literal["yes", "no"]
    worth_it: Literal["yes", "no"] | None = None
    again: Literal["yes", "no"] | None = None


class Note(Form):
    """The shared note, written on top of one version of it (0: there was none)."""

    body: Annotated[str, paragraph(LONGEST_NOTE)] = ""
    version: int = Field(ge=0, le=LATEST)


class Promised(Form):
    """Something one promised the others, with a date if there is one."""

    what: Annotated[str, line(240)]
    due_on: date | None = None


class Done(Form):
    """A promise is kept, or is open again after all; ticked on the coffee's page or on Today."""

    done: Literal["yes", "no"] = "yes"
    then: Literal["today"] | None = None
