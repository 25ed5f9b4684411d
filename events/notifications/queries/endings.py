"""Content of mails about a livestream that is still on air after its end, or was never started."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.policy import organises
from events.circles.queries.circles import find_membership
from events.core import clock
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.rules.endings import UNDO_END, ends_itself_at, expected_end, is_overdue
from events.notifications.queries.mail_content import Look, MailContent, minute_of


def read_overdue(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For the host, while it is on air past its end and no more time was asked for."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or livestream.host_id != person.id or not is_overdue(livestream, clock.now()):
        return None
    if mail.sequence != minute_of(expected_end(livestream)):
        return None
    return _news(livestream, "livestreams/overdue", ends_itself_at=ends_itself_at(livestream))


def read_ended_itself(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For the host, with how long it can be taken back."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or livestream.host_id != person.id or livestream.ended_at is None:
        return None
    if not livestream.ended_itself or mail.sequence != minute_of(livestream.ended_at):
        return None
    return _news(livestream, "livestreams/ended_itself", back_until=livestream.ended_at + UNDO_END)


def read_missed(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For host and team, until one of them said what happened."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or livestream.state != "missed" or mail.sequence != livestream.sequence:
        return None
    membership = find_membership(db, person.id, livestream.circle_id)
    if membership is None or not (livestream.host_id == person.id or organises(membership)):
        return None
    return _news(livestream, "livestreams/missed")


def _news(livestream: Livestream, template: str, **words: object) -> MailContent:
    return MailContent(
        template,
        ("stage.desk", {"slug": livestream.slug}),
        circle=livestream.circle.name,
        look=Look.of(livestream.circle),
        words={"livestream": livestream, **words},
    )
