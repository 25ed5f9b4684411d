"""What can be done with time."""

from events.availability.actions.breaks import add_break, remove_break
from events.availability.actions.calendars import (
    add_calendar,
    ask_fresh_readings,
    ask_reading,
    begin_readings,
    remove_calendar,
    store_reading,
)
from events.availability.actions.claims import claim_times, release_claims
from events.availability.actions.hours import add_days_off, remove_days_off, set_times

__all__ = [
    "add_break",
    "add_calendar",
    "add_days_off",
    "ask_fresh_readings",
    "ask_reading",
    "begin_readings",
    "claim_times",
    "release_claims",
    "remove_break",
    "remove_calendar",
    "remove_days_off",
    "set_times",
    "store_reading",
]
