"""Polls for tests."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.livestreams.models import Livestream
from events.polls.models import Poll, PollOption, PollVote


def make_poll(
    db: Session,
    livestream: Livestream,
    *,
    title: str = "Hoeveel pagina's telt jouw laatste offerte?",
    labels: tuple[str, ...] = ("Eén", "Twee of drie", "Vier of meer"),
    state: str = "open",
) -> tuple[Poll, list[PollOption]]:
    poll = Poll(livestream_id=livestream.id, title=title, state=state, created_at=clock.now())
    db.add(poll)
    db.flush()
    options = [
        PollOption(poll_id=poll.id, position=position, label=label)
        for position, label in enumerate(labels, start=1)
    ]
    db.add_all(options)
    db.flush()
    return poll, options


def make_poll_vote(db: Session, option: PollOption, user: User) -> PollVote:
    vote = PollVote(poll_id=option.poll_id, option_id=option.id, user_id=user.id)
    db.add(vote)
    db.flush()
    return vote
