"""What can be done with time."""

from events.availability.actions.claims import claim_times, release_claims
from events.availability.actions.hours import add_days_off, remove_days_off, set_times

__all__ = ["add_days_off", "claim_times", "release_claims", "remove_days_off", "set_times"]
