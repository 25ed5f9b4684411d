"""What a guest types, and whether one's name may be shown."""

from typing import Literal

from events.core.forms import Address, Form, line


class AskAsGuest(Form):
    name: line(80)  # type: ignore[valid-type]  # an annotation made by core.forms
    email: Address


class ShowName(Form):
    """Under "who is coming"."""

    show: Literal["yes", "no"]
