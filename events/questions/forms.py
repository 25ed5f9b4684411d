"""What is asked of the questions: to take one, to count a vote, to put one on the stage or answer it."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from events.core.web.forms import Checkbox, Form, OpaqueId, Slug, line, paragraph

MAX_QUESTION_LENGTH = 500
MAX_ANSWER_LENGTH = 2000
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
State = Literal["open", "live", "answered", "hidden"]
Body = Annotated[str, line(MAX_QUESTION_LENGTH)]
Answer = Annotated[str, paragraph(MAX_ANSWER_LENGTH)]


class Ask(Form):
    livestream: Slug
    client_id: ClientId
    body: Body
    nameless: bool = False


class Vote(Form):
    question: OpaqueId
    up: bool


class Change(Form):
    """`answer` is the written one; left out it stays as it is."""

    question: OpaqueId
    state: State
    answer: Answer | None = None


class AskFromPage(Form):
    """A question from a page; the livestream is that of its address."""

    client_id: ClientId
    body: Body
    nameless: Checkbox = False


class VoteFromPage(Form):
    up: Checkbox = False


class ChangeFromPage(Form):
    state: State
    answer: Answer | None = None
