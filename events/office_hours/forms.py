"""Form models of office hours."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from events.core.web.forms import Form, OpaqueId, Slug, line
from events.office_hours.rules import MAX_PLACES


class OfferOfficeHours(Form):
    """`days`: how long they can be taken, from now."""

    times: list[AwareDatetime] = Field(min_length=1, max_length=MAX_PLACES)
    minutes: Literal["15", "30"] = "15"
    days: Literal["3", "7", "14"] = "7"


class NameSpeaker(Form):
    """An empty text names nobody. `speaker_id` is the person shown or chosen for the text."""

    speaker: Annotated[str, line(254)] | None = None
    speaker_id: OpaqueId | None = None


class FollowOfficeHours(Form):
    livestream: Slug
