"""Creation and settings of circles, including circles requested by visitors."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.actions.links import start_sign_up_now
from events.accounts.forms import Locale
from events.accounts.models import AuditEntry
from events.accounts.queries.people import get_user, lock_people
from events.circles import policy
from events.circles.actions.companies import settle_companies
from events.circles.forms.circles import CircleSettings, CreateCircle, RequestCircle
from events.circles.models import Circle, CircleSlug, Membership, PendingCircle, Topic
from events.circles.queries.circles import find_membership
from events.circles.queries.keys import find_pending_circle
from events.circles.rules import DEFAULT_TOPICS, MAX_CIRCLES_PER_DAY, MAX_CIRCLES_PER_MONTH
from events.circles.signals import CircleRequested
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.calendar.public_holidays import country_of_zone
from events.core.errors import TooMany
from events.core.ids import new_id
from events.core.text.markup import slugify

DAY, MONTH = timedelta(days=1), timedelta(days=30)


def create_circle(db: Session, actor: Actor, data: CreateCircle, *, creation: str = "open") -> Circle:
    authorize(policy.may_create_circle, actor, creation)
    return _create(db, actor.id, data, get_user(db, actor.id).zone)


def request_circle(
    db: Session, actor: Actor, data: RequestCircle, locale: str, *, creation: str = "open", browser: str = ""
) -> None:
    """Queue a visitor's circle. It is created when the mailed link is used, in any browser.

    A job looks up the address, so the work is the same for every address.
    """
    authorize(policy.may_request_circle, actor, creation)
    zone = data.sign_up.known_zone
    announce(db, CircleRequested(data.circle, data.name, data.email, zone, locale, browser))


def send_circle_link(db: Session, actor: Actor, data: RequestCircle, locale: str, browser: str) -> None:
    """Store the pending circle and mail its link. A repeated request reuses the pending circle."""
    authorize(policy.may_send_circle_link, actor)
    existing = find_pending_circle(db, data.email, data.circle)
    pending = existing or PendingCircle(
        id=new_id(),
        name=data.circle,
        locale=locale,
        zone=data.sign_up.known_zone,
        created_at=clock.now(),
    )
    person = start_sign_up_now(db, actor, data.sign_up, locale, browser=browser, subject_id=pending.id)
    pending.user_id = person.id
    db.add(pending)
    db.flush()


def create_pending_circle(db: Session, actor: Actor, pending: PendingCircle) -> None:
    """Create the circle once its requester's address is proven. Idempotent."""
    authorize(policy.may_create_circle, actor, "")
    if pending.circle_id is not None:
        return
    data = CreateCircle(name=pending.name, locale=cast(Locale, pending.locale))
    pending.circle_id = _create(db, pending.user_id, data, pending.zone).id


def _create(db: Session, owner_id: str, data: CreateCircle, zone: str) -> Circle:
    moment = clock.now()
    if not get_user(db, owner_id).is_operator:
        _check_creation_limit(db, owner_id, moment)
    circle = Circle(
        slug=slugify(data.name),
        name=data.name,
        about=data.about,
        joining=data.joining,
        locale=data.locale,
        zone=zone,
        country=country_of_zone(zone),
        findable=data.joining != "by_invitation",
        created_at=moment,
    )
    db.add(circle)
    db.flush()
    db.add(Membership(circle_id=circle.id, user_id=owner_id, role="owner", created_at=moment))
    db.add_all(Topic(circle_id=circle.id, name_nl=nl, name_en=en) for nl, en in DEFAULT_TOPICS)
    db.add(AuditEntry.by(owner_id, "circle_created", circle.id))
    settle_companies(db, SYSTEM, owner_id, circle_id=circle.id)
    return circle


def _check_creation_limit(db: Session, user_id: str, moment: datetime) -> None:
    """Raises TooMany above the limit. Counts audit entries, which outlive deleted circles."""
    lock_people(db, [user_id])
    begun = select(func.count(AuditEntry.id)).where(
        AuditEntry.actor_id == user_id, AuditEntry.what == "circle_created"
    )
    for since, most in ((DAY, MAX_CIRCLES_PER_DAY), (MONTH, MAX_CIRCLES_PER_MONTH)):
        if (db.scalar(begun.where(AuditEntry.at > moment - since)) or 0) >= most:
            raise TooMany(int(since.total_seconds()), "too_many_circles")


def change_settings(db: Session, actor: Actor, circle: Circle, data: CircleSettings) -> Circle:
    """A new name gives a new slug; the former one redirects."""
    authorize(policy.may_own, actor, find_membership(db, actor.id, circle.id))
    if data.name != circle.name:
        db.add(CircleSlug(slug=circle.slug, circle_id=circle.id))
        circle.slug = slugify(data.name)
    circle.name = data.name
    circle.lead = data.lead or ""
    circle.about = data.about
    circle.joining = data.joining
    circle.locale = data.locale
    circle.zone = data.zone
    circle.country = data.country
    circle.met_window = data.met_window
    circle.colour = data.chosen_colour
    circle.shows_members_evenings = data.members_evenings == "shown"
    circle.links_shown = data.links == "shown"
    circle.findable = data.findable == "yes"
    db.add(AuditEntry.by(actor.id, "circle_changed", circle.id))
    db.flush()
    return circle


def set_logo(db: Session, actor: Actor, circle: Circle, name: str | None) -> str | None:
    """Set or (None) remove the logo; returns the previous file name, for deletion after commit."""
    authorize(policy.may_own, actor, find_membership(db, actor.id, circle.id))
    former, circle.logo = circle.logo, name
    db.add(AuditEntry.by(actor.id, "circle_logo", circle.id))
    return former
