"""Rates of asking and voting, and the states of a livestream in which questions are taken."""

from events.livestreams.rules.states import OPEN, OVER

ASK_RATE = "5 per minute"  # of one person, through whichever door
VOTE_RATE = "40 per minute"
# Asking starts when there is something to look forward to, and goes on beside the recording.
ASKING_STATES = (*OPEN, *OVER)
