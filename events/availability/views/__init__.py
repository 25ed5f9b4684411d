"""The pages on which a person tells when they are free."""

from events.availability.views import calendars, times
from events.availability.views.times import blueprint

__all__ = ["blueprint", "calendars", "times"]
