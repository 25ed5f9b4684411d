"""Actions on fairness scores: priority in the next round after a coffee that the partner missed."""

from sqlalchemy.orm import Session

from events.core.auth.actor import Actor, authorize
from events.rounds import policy
from events.rounds.models import FairnessScore
from events.rounds.queries import rounds


def add_priority(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    """Take back the benefit of the last coffee and count a missed round."""
    authorize(policy.may_run, actor)
    own = rounds.fairness_of(db, circle_id, [user_id]).get(user_id)
    if own is None:
        own = FairnessScore(circle_id=circle_id, user_id=user_id, amount=0.0, latest=0.0, missed=0)
        db.add(own)
    own.amount, own.latest = max(0.0, own.amount - own.latest), 0.0
    own.missed += 1
    db.flush()


def take_back_benefit(db: Session, actor: Actor, circle_id: str, user_ids: list[str]) -> None:
    """Take back the benefit of the last coffee, which fell through."""
    authorize(policy.may_run, actor)
    for own in rounds.fairness_of(db, circle_id, user_ids).values():
        own.amount, own.latest = max(0.0, own.amount - own.latest), 0.0
    db.flush()


def remove_priority(db: Session, actor: Actor, circle_id: str, user_id: str) -> None:
    authorize(policy.may_run, actor)
    own = rounds.fairness_of(db, circle_id, [user_id]).get(user_id)
    if own is not None:
        own.missed = max(0, own.missed - 1)
        db.flush()
