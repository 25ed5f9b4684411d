"""Form models of a circle's book."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from events.core.web.forms import Form, OpaqueId, line
from events.handbooks.rules import looks_like_secret


def _no_secret(value: str) -> str:
    if looks_like_secret(value):
        raise PydanticCustomError("looks_like_password", "a password")
    return value


class ChangeEntry(Form):
    what: Annotated[str, line(80), AfterValidator(_no_secret)]
    note: Annotated[str, line(400), AfterValidator(_no_secret)] | None = None


class ChangeDate(ChangeEntry):
    """A date in the year; without a `day` some time in that month."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)] | None = None


class ChangeHeld(ChangeEntry):
    """A role or an account. `holder_id` and `stand_in_id` are the people shown or chosen for the texts."""

    address: Annotated[str, line(200), AfterValidator(_no_secret)] | None = None
    holder: Annotated[str, line(254)] | None = None
    holder_id: OpaqueId | None = None
    stand_in: Annotated[str, line(254)] | None = None
    stand_in_id: OpaqueId | None = None
