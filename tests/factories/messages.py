"""Messages of a team for tests."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.core import clock
from events.livestreams.models import Livestream
from events.messages.models import Message


def make_message(
    db: Session,
    circle: Circle,
    author: User,
    *,
    livestream: Livestream | None = None,
    audience: str = "circle",
    subject: str = "Een vraag vooraf",
    sent_to: int = 0,
) -> Message:
    """A draft; one that was sent when `sent_to` says to how many."""
    message = Message(
        circle_id=circle.id,
        livestream_id=livestream.id if livestream is not None else None,
        author_id=author.id,
        audience=audience,
        subject=subject,
        body="Neem je **vraag** mee.",
        recipients=sent_to,
        created_at=clock.now(),
        sent_at=clock.now() if sent_to else None,
    )
    db.add(message)
    db.flush()
    return message
