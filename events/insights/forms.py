"""Form of a circle's goal."""

from typing import Annotated

from pydantic import Field

from events.core.web.forms import Form

MAX_GOAL = 9_999


class Goal(Form):
    """Empty for no goal."""

    conversations: Annotated[int, Field(ge=1, le=MAX_GOAL)] | None = None
