"""The cast of every test: who they are and what they belong to."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.core.auth.actor import Actor
from tests.factories.accounts import make_user
from tests.factories.circles import make_circle, make_member


@dataclass(frozen=True)
class Cast:
    """Anna owns the circle, Chris organises with her nothing yet: he, Bram and Dana are members."""

    anna: User
    bram: User
    chris: User
    dana: User
    olga: User
    circle: Circle


def create_cast(db: Session) -> Cast:
    anna, bram, chris, dana, olga = (
        make_user(db, name) for name in ("Anna", "Bram", "Chris", "Dana", "Olga")
    )
    circle = make_circle(db, owner=anna, name="Bedrijvenkring Demo")
    for member in (bram, chris, dana):
        make_member(db, circle, member)
    return Cast(anna, bram, chris, dana, olga, circle)


def acting_as(person: User, *, sign_in_id: str = "sign-in") -> Actor:
    """The signed-in actor of this person, without locale or zone. No row backs `sign_in_id`."""
    return Actor(kind="person", person_id=person.id, name=person.name, sign_in_id=sign_in_id)
