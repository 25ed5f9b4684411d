"""Models of the presence frames."""

from typing import Literal

from pydantic import NonNegativeInt

from events.core.web.forms import Form, Slug


class Enter(Form):
    """`version` is the state version the page shows; the reply has the current one. `desk`: a
    director."""

    livestream: Slug
    version: NonNegativeInt | None = None
    desk: bool = False


class Heartbeat(Form):
    livestream: Slug
    desk: bool = False


class React(Form):
    livestream: Slug
    kind: Literal["applause", "heart", "idea"]
