"""The three steps of a new circle: plan a livestream, invite members, publish it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.circles.policy import may_organise
from events.circles.queries.circles import membership_of
from events.circles.queries.pending import has_invited
from events.core.auth.actor import Actor
from events.livestreams.models import Livestream
from events.livestreams.queries.first_livestream import find_draft, has_published
from events.pages.rules import Step, first_step


@dataclass(frozen=True)
class FirstSteps:
    """What was done for a circle that published nothing yet, and the step that comes next."""

    circle: Circle
    draft: Livestream | None
    invited: bool

    @property
    def next(self) -> Step:
        return first_step(planned=self.draft is not None, invited=self.invited)


def first_steps_of(db: Session, actor: Actor, circle: Circle) -> FirstSteps | None:
    """For its team; None once something was published."""
    if not may_organise(actor, membership_of(db, actor, circle.id)) or has_published(db, circle.id):
        return None
    return FirstSteps(circle, find_draft(db, circle.id), has_invited(db, circle.id))
