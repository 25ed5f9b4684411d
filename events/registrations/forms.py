"""What a guest types, and whether one's name may be shown."""

from typing import Annotated, Literal

from events.core.web.forms import Address, Form, line


class GuestRequest(Form):
    name: Annotated[str, line(80)]
    email: Address


class ShowName(Form):
    """Under "who is coming"."""

    show: Literal["yes", "no"]
