"""Rate limits of questions, and the livestream states in which they are taken."""

from events.livestreams.rules.states import OPEN, OVER

ASK_RATE = "5 per minute"  # per person, over frames and forms together
VOTE_RATE = "40 per minute"
# From the announcement on, and still beside the recording.
ASKING_STATES = (*OPEN, *OVER)
