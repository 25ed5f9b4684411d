"""Actions on polls: create, open, close and vote."""

from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create
from events.core.errors import Conflict, Invalid
from events.livestreams.models import Livestream
from events.polls import forms, policy, rules
from events.polls.models import Poll, PollOption, PollVote
from events.polls.queries import find_option, find_vote, get_poll
from events.polls.signals import PollChanged


def create_poll(db: Session, actor: Actor, livestream: Livestream, data: forms.Create) -> Poll:
    """A draft, visible to directors only until opened."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_make, actor, livestream, membership)
    poll = Poll(livestream_id=livestream.id, title=data.title, created_at=clock.now())
    db.add(poll)
    db.flush()
    db.add_all(
        PollOption(poll_id=poll.id, position=position, label=label)
        for position, label in enumerate(data.options, start=1)
    )
    db.flush()
    return poll


def change_poll(db: Session, actor: Actor, data: forms.Change) -> Poll:
    """Open or close a poll. Idempotent."""
    poll, livestream, membership = get_poll(db, actor, data.poll)
    authorize(policy.may_make, actor, livestream, membership)
    if poll.state == data.state:
        return poll
    if not rules.may_become(poll.state, data.state):
        raise Conflict("poll_not_open")
    poll.state = data.state
    if data.state == "open":
        poll.opened_at, poll.closed_at = poll.opened_at or clock.now(), None
    else:
        poll.closed_at = clock.now()
    db.flush()
    announce(db, PollChanged(livestream.id, poll.id))
    return poll


def vote_in_poll(db: Session, actor: Actor, data: forms.Vote) -> Poll:
    """Choose one option; the choice may change while the poll is open."""
    poll, livestream, membership = get_poll(db, actor, data.poll)
    authorize(policy.may_vote, actor, livestream, membership)
    if poll.state != "open":
        raise Conflict("poll_not_open")
    if find_option(db, poll.id, data.option) is None:
        raise Invalid("bad_choice", fields=[("option", "bad_choice")])
    vote, _created = get_or_create(
        db,
        lambda: find_vote(db, poll.id, actor.id),
        lambda: PollVote(poll_id=poll.id, option_id=data.option, user_id=actor.id),
    )
    vote.option_id = data.option
    db.flush()
    return poll
