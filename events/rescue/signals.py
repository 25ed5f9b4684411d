"""What a rescue leads to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OtherFound:
    """Two who waited meet each other: this person's wait at `coffee_id` ends in `found_id`."""

    coffee_id: str
    user_id: str
    found_id: str
