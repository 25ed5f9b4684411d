"""What circles do when a key of an invitation was used."""

from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey
from events.accounts.signals import KeyUsed
from events.circles import actions
from events.circles.models import Circle
from events.circles.queries import find_invitation
from events.core.access import SYSTEM
from events.core.bus import on


@on(KeyUsed)
def let_in(db: Session, signal: KeyUsed) -> None:
    """In the transaction that used the key, so that nobody is signed in without being let in."""
    key = db.get_one(PersonalKey, signal.key_id)
    circle = db.get(Circle, key.subject_id) if key.purpose == "join" else None
    if circle is not None and find_invitation(db, key.user_id, circle.id) is not None:
        actions.accept_invitation(db, SYSTEM, circle, key.user_id)
