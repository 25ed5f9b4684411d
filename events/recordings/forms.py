"""Form models for attaching a recording, and the model of a player's progress report."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from events.core.errors import Invalid
from events.core.web.forms import Checkbox, Form, line, paragraph
from events.livestreams.rules.pasted_links import MAX_PASTE_LENGTH
from events.recordings import rules


class AttachRecording(Form):
    """`offset` is the video time (mm:ss) at which the livestream began."""

    link: Annotated[str, paragraph(MAX_PASTE_LENGTH)]
    offset: Annotated[str, line(12)] | None = None
    summary: Annotated[str, paragraph(600)] | None = None
    chapters: Annotated[str, paragraph(8000)] | None = None

    @field_validator("offset")
    @classmethod
    def _clock(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                rules.parse_clock(value)
            except Invalid:
                raise PydanticCustomError("bad_clock", "not a place in a film") from None
        return value


class SetHealth(Form):
    broken: Checkbox = False


class SaveProgress(Form):
    """The player's position and the video's length, in seconds."""

    second: Annotated[int, Field(ge=0, le=rules.MAX_DURATION_SECONDS)]
    length: Annotated[int, Field(ge=1, le=rules.MAX_DURATION_SECONDS)] | None = None

    @model_validator(mode="after")
    def _within(self) -> Self:
        # Players round: one second past the end is allowed, more is invalid.
        if self.length is not None and self.second > self.length + 2:
            raise PydanticCustomError("bad_number", "past the end")
        return self
