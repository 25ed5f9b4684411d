"""Cast of the tests: five people and the circle that four of them belong to."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.core.auth.actor import Actor
from tests.factories.accounts import build_user
from tests.factories.circles import build_circle, build_member


@dataclass(frozen=True)
class Cast:
    """Anna owns the circle; Bram, Chris and Dana are members; Olga is an outsider."""

    anna: User
    bram: User
    chris: User
    dana: User
    olga: User
    circle: Circle


def create_cast(db: Session) -> Cast:
    """All rows by one flush: nearly every test begins with them."""
    anna, bram, chris, dana, olga = map(build_user, ("Anna", "Bram", "Chris", "Dana", "Olga"))
    circle = build_circle("Bedrijvenkring Demo")
    members = [build_member(circle, person) for person in (bram, chris, dana)]
    db.add_all([anna, bram, chris, dana, olga, circle, build_member(circle, anna, role="owner"), *members])
    db.flush()
    return Cast(anna, bram, chris, dana, olga, circle)


def acting_as(person: User, *, sign_in_id: str = "sign-in") -> Actor:
    """The signed-in actor of this person, without locale or zone. No row backs `sign_in_id`."""
    return Actor(kind="person", person_id=person.id, name=person.name, sign_in_id=sign_in_id)
