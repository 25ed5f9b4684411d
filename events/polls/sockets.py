"""Poll frames: vote and change."""

from events.core.auth.endpoints import Access
from events.core.realtime.frames import FrameRequest, Reply, frame
from events.polls import actions, forms
from events.polls.queries import count_poll, poll_data
from events.polls.rules import VOTE_RATE


@frame("polls.vote", forms.Vote, who=Access.SIGNED_IN, keys=("livestream:ask",))
def vote(req: FrameRequest, data: forms.Vote) -> Reply:
    """The reply has the counts, for the voter only."""
    req.limit("votes", VOTE_RATE)
    poll = actions.vote_in_poll(req.db, req.actor, data)
    return {"poll": poll_data(count_poll(req.db, poll), with_counts=True), "option": data.option}


@frame("polls.change", forms.Change, who=Access.ORGANISER)
def change(req: FrameRequest, data: forms.Change) -> Reply:
    poll = actions.change_poll(req.db, req.actor, data)
    return {"poll": poll_data(count_poll(req.db, poll), with_counts=True)}
