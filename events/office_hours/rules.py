"""Limits and times of office hours."""

from datetime import timedelta

MAX_PLACES = 6  # of one person after one livestream
SUGGESTED = 3  # ticked in advance
MAX_TIMES = 12  # shown to choose from
OFFER_NOTICE = timedelta(hours=12)  # before the first time
TAKE_NOTICE = timedelta(hours=2)
AHEAD = timedelta(days=21)
OFFER_WITHIN = timedelta(days=14)  # after the end
ASK_FOR = timedelta(days=3)  # on Today, after the end
CLOSING_DAYS = ("3", "7", "14")
