"""What comes in with a yes: the times, the forms, and one line."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from events.core.forms import Checkbox, Form, line

LONGEST_LINE = 240
MOST_TIMES = 16


class SayYes(Form):
    """No times or no form is refused by the action, in its own words."""

    times: list[AwareDatetime] = Field(default=[], max_length=MOST_TIMES)
    forms: list[Literal["online", "phone", "location"]] = Field(default=[], max_length=3)
    occupies: Annotated[str, line(LONGEST_LINE)] = ""
    trio: Checkbox = False
