"""Places for tests."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import clock
from events.livestreams.models import Livestream
from events.registrations.models import Registration


def make_registration(
    db: Session,
    livestream: Livestream,
    user: User,
    *,
    state: str = "coming",
    visible: bool = True,
    guest: bool = False,
) -> Registration:
    moment = clock.now()
    registration = Registration(
        livestream_id=livestream.id,
        user_id=user.id,
        state=state,
        visible=visible,
        guest=guest,
        created_at=moment,
        changed_at=moment,
    )
    db.add(registration)
    db.flush()
    return registration
