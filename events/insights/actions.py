"""Action that sets a circle's goal."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from events.accounts.models import AuditEntry
from events.circles.models import Circle
from events.circles.queries.circles import lock_circle, membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.insights import policy
from events.insights.forms import Goal
from events.insights.models import CircleGoal
from events.insights.rules.quarters import quarter_around


def set_goal(db: Session, actor: Actor, circle: Circle, data: Goal) -> CircleGoal:
    """From this quarter on; earlier quarters keep the goal they had. Idempotent."""
    authorize(policy.may_set_goal, actor, membership_of(db, actor, circle.id))
    zone = ZoneInfo(circle.zone)
    first, _after = quarter_around(clock.now().astimezone(zone).date(), zone)
    lock_circle(db, circle)
    goal = db.get(CircleGoal, (circle.id, first.date()))
    if goal is None:
        goal = CircleGoal(circle_id=circle.id, since=first.date())
        db.add(goal)
    goal.conversations = data.conversations
    db.add(AuditEntry.by(actor.id, "circle_goal_set", circle.id))
    db.flush()
    return goal
