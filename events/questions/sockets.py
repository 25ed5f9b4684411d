"""The frames of the questions."""

from events.core.realtime import Reply, Wire, frame
from events.core.rights import Who
from events.questions import actions, forms
from events.questions.rules import ASK_RATE, VOTE_RATE

KEYS = ("livestream:ask",)


@frame("questions.ask", forms.Ask, who=Who.SIGNED_IN, keys=KEYS)
def ask(wire: Wire, data: forms.Ask) -> Reply:
    wire.limit("questions", ASK_RATE)
    return {"id": actions.ask_question(wire.db, wire.actor, data).id}


@frame("questions.vote", forms.Vote, who=Who.SIGNED_IN, keys=KEYS)
def vote(wire: Wire, data: forms.Vote) -> Reply:
    wire.limit("votes", VOTE_RATE)
    question = actions.vote_for_question(wire.db, wire.actor, data.question, data.up)
    return {"votes": question.votes, "up": data.up}


@frame("questions.change", forms.Change, who=Who.ORGANISER)
def change(wire: Wire, data: forms.Change) -> Reply:
    return {"state": actions.change_question(wire.db, wire.actor, data).state}
