"""Timing of the after-talk (all durations) and presence rules of its participants."""

from datetime import datetime, timedelta

from events.aftertalks.models import AftertalkParticipant

OFFERED_BEFORE_END = timedelta(minutes=10)  # before the planned end
FIRST_TURN_DELAY = timedelta(seconds=20)  # time to open the page and check the camera
START_DELAY = timedelta(seconds=3)
GATHERING_PERIOD = timedelta(minutes=10)  # wait for more participants before giving up
TALK_DURATION = timedelta(minutes=8)
REST_DURATION = timedelta(seconds=45)
TURNS = 3
# From the end of the livestream, when the first talks begin as late as they may.
MAX_DURATION = FIRST_TURN_DELAY + GATHERING_PERIOD + TURNS * TALK_DURATION + (TURNS - 1) * REST_DURATION
MIN_TURN_LEFT = timedelta(minutes=3)  # no new talk with less time left
AWAY_TIMEOUT = timedelta(seconds=45)  # then the partner is paired again
RELOAD_GRACE = timedelta(seconds=10)  # a closed page may be reloading
HEARTBEAT_TIMEOUT = timedelta(seconds=90)  # heartbeats come every 20 seconds


def is_there(place: AftertalkParticipant, now: datetime) -> bool:
    """Present: can be paired."""
    fresh = HEARTBEAT_TIMEOUT if place.tab is not None else RELOAD_GRACE
    return place.is_in and place.seen_at is not None and now - place.seen_at < fresh


def is_gone(place: AftertalkParticipant | None, now: datetime) -> bool:
    """Absent for so long that talk partners need not wait."""
    if place is None or not place.is_in or place.seen_at is None:
        return True
    return now - place.seen_at >= (HEARTBEAT_TIMEOUT if place.tab is not None else AWAY_TIMEOUT)
