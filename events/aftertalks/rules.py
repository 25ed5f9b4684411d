"""Timing of the after-talk (all durations) and presence rules of its participants."""

from datetime import datetime, timedelta

from events.aftertalks.models import AftertalkParticipant

OFFERED_BEFORE_END = timedelta(minutes=10)  # before the planned end, the page asks who takes part
FIRST_TURN_DELAY = timedelta(seconds=20)  # after the end: time to come over and to see oneself
START_DELAY = timedelta(seconds=3)
GATHERING_PERIOD = timedelta(minutes=10)  # with too few people we wait this long for more
TALK_DURATION = timedelta(minutes=8)
REST_DURATION = timedelta(seconds=45)
TURNS = 3
MIN_TURN_LEFT = timedelta(minutes=3)  # what must be left of a turn to bring people together in it
AWAY_TIMEOUT = timedelta(seconds=45)  # a partner who is away for so long is looked for elsewhere
RELOAD_GRACE = timedelta(seconds=10)  # a page that closed may be the same page loading again
HEARTBEAT_TIMEOUT = timedelta(seconds=90)  # a page tells every 20 seconds that it is there


def is_there(place: AftertalkParticipant, now: datetime) -> bool:
    """Whether the page of this person is open, so that somebody can be sent to them."""
    fresh = HEARTBEAT_TIMEOUT if place.tab is not None else RELOAD_GRACE
    return place.is_in and place.seen_at is not None and now - place.seen_at < fresh


def is_gone(place: AftertalkParticipant | None, now: datetime) -> bool:
    """Whether whoever talks with this person need not wait any longer."""
    if place is None or not place.is_in or place.seen_at is None:
        return True
    return now - place.seen_at >= (HEARTBEAT_TIMEOUT if place.tab is not None else AWAY_TIMEOUT)
