"""Form models of the after-talk."""

from typing import Annotated, Literal

from events.core.web.forms import Form, OpaqueId, line


class MeetAgain(Form):
    talk: OpaqueId
    again: Literal["yes", "no"]


class EnterAftertalk(Form):
    """`livestream` is a slug."""

    livestream: Annotated[str, line(100)]
