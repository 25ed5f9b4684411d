"""Form models of handing on a coffee."""

from typing import Annotated, Literal

from pydantic import AwareDatetime

from events.core.web.forms import Form, OpaqueId, line


class AskColleague(Form):
    to: OpaqueId
    why: Annotated[str, line(240)] | None = None


class AnswerHandover(Form):
    """A yes names one of the times that were shown."""

    answer: Literal["yes", "no"]
    time: AwareDatetime | None = None
