"""Form models of the guest form and of name visibility."""

from typing import Annotated, Literal

from events.core.web.forms import Address, Form, line


class GuestRequest(Form):
    name: Annotated[str, line(80)]
    email: Address


class ShowName(Form):
    """Visibility among the people who come."""

    show: Literal["yes", "no"]
