"""Form models of a message: its words and audience, and the number confirmed when sending."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.core.text.unicode_cleaning import is_visible
from events.core.web.forms import Form, line, paragraph
from events.messages.rules import MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH

MAX_COUNT = 1_000_000


def _visible(value: str) -> str:
    if not is_visible(value):
        raise PydanticCustomError("missing", "nothing to see")
    return value


class WriteMessage(Form):
    """`preset` is the one the form began with; three_days also extends the round when sent."""

    audience: Literal["registered", "waiting", "came", "missed", "unanswered", "undecided", "circle"]
    subject: Annotated[str, line(MAX_SUBJECT_LENGTH)]
    body: Annotated[str, paragraph(MAX_BODY_LENGTH), AfterValidator(_visible)]
    preset: Literal["question", "three_days"] | None = None


class SendMessage(Form):
    """`count` is the number of people that the page named."""

    count: Annotated[int, Field(ge=0, le=MAX_COUNT)]
