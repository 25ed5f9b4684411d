"""What a page says about being at a livestream."""

from typing import Literal

from pydantic import NonNegativeInt

from events.core.web.forms import Form, Slug


class Enter(Form):
    """`version` is that of the state the page shows; the answer tells the present one. `desk`: it directs."""

    livestream: Slug
    version: NonNegativeInt | None = None
    desk: bool = False


class Heartbeat(Form):
    livestream: Slug
    desk: bool = False


class React(Form):
    livestream: Slug
    kind: Literal["applause", "heart", "idea"]
