"""Pure rules of welcome coffees: for how long one is new, and limits."""

from datetime import datetime, timedelta

NEWCOMER_FOR = timedelta(days=14)  # since they joined
MAIL_AFTER = timedelta(days=1)
MAX_PER_MONTH = 2  # welcome coffees of one welcomer in one circle
MONTH = timedelta(days=30)
MINUTES = 30
TIMES = 3
NOTICE = timedelta(days=2)  # before the first time
AHEAD = timedelta(days=14)


def is_newcomer(joined_at: datetime, now: datetime) -> bool:
    return now < joined_at + NEWCOMER_FOR
