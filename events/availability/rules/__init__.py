"""Time itself, without the database: which starts a round offers, and when somebody is usually free."""

from events.availability.rules.hours import OFFICE, Habits, free_starts, is_off, is_usual, whole_hours
from events.availability.rules.offering import (
    FURTHEST_DAY,
    OFFERED_MINUTES,
    QUARTER,
    SATURDAY,
    busy_between,
    dutch_holidays,
    easter_sunday,
    offer_times,
    quarters,
)
from events.availability.rules.reading import may_read_from, next_reading

__all__ = [
    "FURTHEST_DAY",
    "OFFERED_MINUTES",
    "OFFICE",
    "QUARTER",
    "SATURDAY",
    "Habits",
    "busy_between",
    "dutch_holidays",
    "easter_sunday",
    "free_starts",
    "is_off",
    "is_usual",
    "may_read_from",
    "next_reading",
    "offer_times",
    "quarters",
    "whole_hours",
]
