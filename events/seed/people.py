"""Sows the people of the demo circle and the circle itself, through the actions of both."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.bookings.actions.booking_page import change_booking_page
from events.bookings.forms import OpenBooking
from events.circles.actions.circle import create_circle
from events.circles.actions.companies import settle_companies
from events.circles.actions.topics import set_interests
from events.circles.forms.circles import CreateCircle, Interests
from events.circles.models import Circle, Membership
from events.circles.queries.circles import list_topics
from events.core import clock
from events.core.auth import crypto
from events.core.auth.actor import SYSTEM, Actor
from events.core.db.session import unit_of_work
from events.seed.people_data import ABOUT, CAST, CIRCLE_NAME, CIRCLE_SLUG, LEAD, Someone, members


def acting(user: User) -> Actor:
    """The person as if signed in, for actions that are theirs."""
    return Actor(kind="person", person_id=user.id, name=user.name, sign_in_id="seed", zone=user.zone)


def sow_people(password: str) -> None:
    """Everyone with a password, the circle, what its members ask and offer, and Dana's page to plan on."""
    with unit_of_work() as db:
        if db.scalar(select(Circle.id).where(Circle.slug == CIRCLE_SLUG)) is not None:
            return
    hashed = crypto.hash_password(password)
    everyone = (*CAST, *members())
    with unit_of_work() as db:
        people = {
            someone.email: _make(db, someone.name, someone.email, hashed, someone) for someone in everyone
        }
        _make(db, "Olga", "olga@demo.test", hashed)
        _make(db, "Platformbeheer", "operator@demo.test", hashed).is_operator = True
        anna = people["anna@demo.test"]
        circle = create_circle(db, acting(anna), CreateCircle(name=CIRCLE_NAME, about=ABOUT))
        circle.slug, circle.lead = CIRCLE_SLUG, LEAD
        for user in people.values():
            if user is not anna:
                db.add(Membership(circle_id=circle.id, user_id=user.id, created_at=clock.now()))
        db.flush()
        for user in people.values():
            settle_companies(db, SYSTEM, user.id)
        topics = {topic.name_nl: topic.id for topic in list_topics(db, circle.id)}
        for someone in everyone:
            asks = [topics[name] for name in someone.asks]
            offers = [topics[name] for name in someone.offers]
            set_interests(
                db, acting(people[someone.email]), circle, Interests(asks=asks, offers=offers, listed=True)
            )
        offered = OpenBooking(open=True, handle="dana", forms=["online", "phone"], lengths=["15", "30"])
        change_booking_page(db, acting(people["dana@demo.test"]), offered)


def _make(db: Session, name: str, email: str, hashed: str, someone: Someone | None = None) -> User:
    user = db.scalar(select(User).where(User.email == email))
    if user is None:
        moment = clock.now()
        user = User(
            name=name,
            email=email,
            password_hash=hashed,
            created_at=moment,
            confirmed_at=moment,
            languages="nl en",
            headline=someone.headline if someone else "",
            company=someone.company if someone else "",
        )
        db.add(user)
        db.flush()
    return user
