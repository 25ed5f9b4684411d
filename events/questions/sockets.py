"""Question frames: ask, vote and change."""

from events.core.auth.endpoints import Access
from events.core.realtime.frames import FrameRequest, Reply, frame
from events.questions import actions, forms
from events.questions.rules import ASK_RATE, VOTE_RATE

KEYS = ("livestream:ask",)


@frame("questions.ask", forms.Ask, who=Access.SIGNED_IN, keys=KEYS)
def ask(req: FrameRequest, data: forms.Ask) -> Reply:
    req.limit("questions", ASK_RATE)
    return {"id": actions.ask_question(req.db, req.actor, data).id}


@frame("questions.vote", forms.Vote, who=Access.SIGNED_IN, keys=KEYS)
def vote(req: FrameRequest, data: forms.Vote) -> Reply:
    req.limit("votes", VOTE_RATE)
    question = actions.vote_for_question(req.db, req.actor, data.question, data.up)
    return {"votes": question.votes, "up": data.up}


@frame("questions.change", forms.Change, who=Access.ORGANISER)
def change(req: FrameRequest, data: forms.Change) -> Reply:
    return {"state": actions.change_question(req.db, req.actor, data).state}
