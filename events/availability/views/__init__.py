"""The pages on which a person tells when they are free."""

from events.availability.views import breaks, calendars, times
from events.availability.views.times import blueprint

__all__ = ["blueprint", "breaks", "calendars", "times"]
