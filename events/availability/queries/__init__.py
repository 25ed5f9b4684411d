"""Reads about who is busy when, and when people are usually free."""

from events.availability.queries.breaks import closed_days, list_breaks
from events.availability.queries.calendars import ListedCalendar, find_busy, get_calendar, list_calendars
from events.availability.queries.claims import busy_quarters, list_free, list_holders, overlaps
from events.availability.queries.hours import (
    free_times_of,
    habits_of,
    hours_of,
    list_days_off,
    list_free_times,
    list_likely_times,
    list_shared_times,
)

__all__ = [
    "ListedCalendar",
    "busy_quarters",
    "closed_days",
    "find_busy",
    "free_times_of",
    "get_calendar",
    "habits_of",
    "hours_of",
    "list_breaks",
    "list_calendars",
    "list_days_off",
    "list_free",
    "list_free_times",
    "list_holders",
    "list_likely_times",
    "list_shared_times",
    "overlaps",
]
