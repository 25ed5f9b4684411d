"""Signals of rescue."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OtherFound:
    """`found_id` is the coffee that replaces `coffee_id` for this person."""

    coffee_id: str
    user_id: str
    found_id: str
