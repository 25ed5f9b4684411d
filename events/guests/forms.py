"""Form models of guests."""

from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from events.core.web.forms import Form
from events.guests.rules import LIMITS, NO_LIMIT


def _limit(value: str) -> str:
    if value not in {NO_LIMIT, *map(str, LIMITS)}:
        raise PydanticCustomError("bad_choice", "none of the limits")
    return value


Limit = Annotated[str, AfterValidator(_limit)]


class GuestRules(Form):
    """A circle's rules for guests of its members' livestreams."""

    guests_from: Literal["link", "members", "team", "nobody"]
    guests_per_member: Limit = "2"
    guest_visits: Limit = NO_LIMIT
    guest_approval: Literal["yes", "no"] = "no"


class Decide(Form):
    decision: Literal["accepted", "declined"]
