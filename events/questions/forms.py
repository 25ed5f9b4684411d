"""Models of the question frames and of the question forms on pages."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from events.core.web.forms import Checkbox, Form, OpaqueId, Slug, line, paragraph

MAX_QUESTION_LENGTH = 500
MAX_ANSWER_LENGTH = 2000
MAX_SECOND = 24 * 3600  # of a recording
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
State = Literal["open", "live", "answered", "hidden"]
Body = Annotated[str, line(MAX_QUESTION_LENGTH)]
Answer = Annotated[str, paragraph(MAX_ANSWER_LENGTH)]
Second = Annotated[int, Field(ge=0, le=MAX_SECOND)]


class Ask(Form):
    livestream: Slug
    client_id: ClientId
    body: Body
    nameless: bool = False
    second: Second | None = None  # of the recording that plays beside it


class Vote(Form):
    question: OpaqueId
    up: bool


class Change(Form):
    """`answer` is the written answer; None leaves it unchanged."""

    question: OpaqueId
    state: State
    answer: Answer | None = None


class AskFromPage(Form):
    """A question from a page's form; the URL names the livestream."""

    client_id: ClientId
    body: Body
    nameless: Checkbox = False
    second: Second | None = None


class VoteFromPage(Form):
    up: Checkbox = False


class ChangeFromPage(Form):
    state: State
    answer: Answer | None = None
