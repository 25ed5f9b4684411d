"""The frames of the polls."""

from events.core.realtime import Reply, Wire, frame
from events.core.rights import Who
from events.polls import actions, forms
from events.polls.queries import count_poll, poll_data
from events.polls.rules import VOTE_RATE


@frame("polls.vote", forms.Vote, who=Who.SIGNED_IN, keys=("livestream:ask",))
def vote(wire: Wire, data: forms.Vote) -> Reply:
    """Who voted sees how it stands, in the answer and nowhere else."""
    wire.limit("votes", VOTE_RATE)
    poll = actions.vote_in_poll(wire.db, wire.actor, data)
    return {"poll": poll_data(count_poll(wire.db, poll), with_counts=True), "option": data.option}


@frame("polls.change", forms.Change, who=Who.ORGANISER)
def change(wire: Wire, data: forms.Change) -> Reply:
    poll = actions.change_poll(wire.db, wire.actor, data)
    return {"poll": poll_data(count_poll(wire.db, poll), with_counts=True)}
