"""Form models of the after-talk."""

from typing import Annotated, Literal

from events.core.web.forms import Form, OpaqueId, line


class MeetAgain(Form):
    """Whether one would like to meet whom one has just talked to again."""

    talk: OpaqueId
    again: Literal["yes", "no"]


class EnterAftertalk(Form):
    """The address of the livestream after which one talks."""

    livestream: Annotated[str, line(100)]
