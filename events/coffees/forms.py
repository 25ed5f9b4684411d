"""What comes in about a coffee: a proposal from the matching, answers and outcomes from people."""

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
    """One person of a proposal: why the others are worth meeting, and what occupies this person now.

    Whoever `proposes` it has said yes by doing so, and so has whoever takes it `with_another` than before.
    """

    user_id: str
    reasons: Sequence[Mapping[str, object]] = ()
    on_my_mind: str = ""
    proposes: bool = False
    accepts_replacement: bool = False
    delivered: bool = True


@dataclass(frozen=True)
class Proposal:
    """One coffee as the matching found it; `alternatives` are the other times all of its people chose."""

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
    """A yes, a no or a cancellation, given to one version of a coffee."""

    version: int = Field(ge=1, le=MAX_INTEGER)


class Undo(Form):
    """Undo of a decline; it needs no fields."""


class Accept(Answer):
    """A yes; `knowing` when it was given although one's own calendar shows something then."""

    knowing: Checkbox = False


class Another(Form):
    """Whether another of the round is welcome too, should this coffee fall through."""

    welcome: Checkbox = False


class ChosenTime(Form):
    """Another of the common times."""

    version: int = Field(ge=1, le=MAX_INTEGER)
    time: AwareDatetime


class FirstTime(Form):
    """A day and an hour on the reader's clock, or a moment."""

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
    """A time that nobody had chosen yet: one that was shown, or one of the reader's own."""

    version: int = Field(ge=1, le=MAX_INTEGER)


class ChosenPlace(Form):
    """Where to meet: a place in words, or the address of an own meeting link."""

    version: int = Field(ge=1, le=MAX_INTEGER)
    place: Annotated[str, line(MAX_PLACE_LENGTH)]


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

    body: Annotated[str, paragraph(MAX_NOTE_LENGTH)] = ""
    version: int = Field(ge=0, le=MAX_INTEGER)


class Promised(Form):
    """Something one promised the others, with a date if there is one."""

    what: Annotated[str, line(240)]
    due_on: date | None = None


class Done(Form):
    """A promise is kept, or is open again after all; ticked on the coffee's page or on Today."""

    done: Literal["yes", "no"] = "yes"
    then: Literal["today"] | None = None
