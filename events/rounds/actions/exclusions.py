"""Actions on exclusions: people or companies with whom a member refuses coffees, such as competitors."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.queries.people import lock_people
from events.circles.models import Circle
from events.circles.queries.circles import get_member, membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Invalid, NotFound
from events.rounds import policy
from events.rounds.forms import NewExclusion
from events.rounds.models import Exclusion
from events.rounds.queries.preferences import list_own_exclusions, normalize_company

MAX_EXCLUSIONS = 100


def add_exclusion(db: Session, actor: Actor, circle: Circle, data: NewExclusion) -> Exclusion:
    """Exclude a member of this circle or a company by name. Idempotent."""
    authorize(policy.may_set_preference, actor, membership_of(db, actor, circle.id))
    if data.other is not None:
        get_member(db, actor, circle, data.other)
    if (data.other is None) == (not data.company) or data.other == actor.id:
        raise Invalid(fields=[("other", "one_of_both")])
    lock_people(db, [actor.id])
    known = list_own_exclusions(db, actor)
    if len(known) >= MAX_EXCLUSIONS:
        raise Invalid("too_many_apart")
    for one in known:
        if one.other_id == data.other and normalize_company(one.company) == normalize_company(data.company):
            return one
    declared = Exclusion(
        user_id=actor.id, other_id=data.other, company=data.company, why=data.why, created_at=clock.now()
    )
    db.add(declared)
    db.flush()
    return declared


def remove_exclusion(db: Session, actor: Actor, circle: Circle, apart_id: str) -> None:
    """NotFound unless it is the actor's own."""
    authorize(policy.may_set_preference, actor, membership_of(db, actor, circle.id))
    own = db.scalar(select(Exclusion).where(Exclusion.id == apart_id, Exclusion.user_id == actor.id))
    if own is None:
        raise NotFound
    db.delete(own)
    db.flush()
