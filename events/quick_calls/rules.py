"""Limits and times of quick calls."""

from datetime import timedelta

OFFER_LASTS = timedelta(minutes=30)
CALL_MINUTES = 15
MAX_CALLS_PER_DAY = 3  # of one person, in all circles
RETENTION = timedelta(days=1)
