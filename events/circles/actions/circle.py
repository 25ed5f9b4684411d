"""A circle begins, and changes its name and its ways."""

from sqlalchemy.orm import Session

from events.accounts.models import AuditEntry
from events.accounts.queries import get_user
from events.circles import policy
from events.circles.forms import CircleSettings, CreateCircle
from events.circles.models import Circle, CircleSlug, Membership, Topic
from events.circles.queries import find_membership
from events.circles.rules import DEFAULT_TOPICS
from events.circles.signals import CircleCreated
from events.core import clock
from events.core.access import Actor, authorize
from events.core.bus import announce
from events.core.text import slugify


def create_circle(db: Session, actor: Actor, data: CreateCircle, *, creation: str = "open") -> Circle:
    """A circle with its first owner and the topics every circle starts with."""
    authorize(policy.may_create_circle, actor, creation)
    moment = clock.now()
    circle = Circle(
        slug=slugify(data.name),
        name=data.name,
        about=data.about,
        joining=data.joining,
        locale=data.locale,
        zone=get_user(db, actor.id).zone,
        created_at=moment,
    )
    db.add(circle)
    db.flush()
    db.add(Membership(circle_id=circle.id, user_id=actor.id, role="owner", created_at=moment))
    db.add_all(Topic(circle_id=circle.id, name_nl=nl, name_en=en) for nl, en in DEFAULT_TOPICS)
    db.add(AuditEntry.by(actor.id, "circle_created", circle.id))
    db.flush()
    announce(db, CircleCreated(circle.id))
    return circle


def change_settings(db: Session, actor: Actor, circle: Circle, data: CircleSettings) -> Circle:
    """A new name brings a new address; the former one leads on to it."""
    authorize(policy.may_own, actor, find_membership(db, actor.id, circle.id))
    if data.name != circle.name:
        db.add(CircleSlug(slug=circle.slug, circle_id=circle.id))
        circle.slug = slugify(data.name)
    circle.name = data.name
    circle.about = data.about
    circle.joining = data.joining
    circle.locale = data.locale
    circle.zone = data.zone
    circle.colour = data.colour
    db.add(AuditEntry.by(actor.id, "circle_changed", circle.id))
    db.flush()
    return circle
