"""Content of the mail in which a newcomer is offered a welcome coffee."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.circles.queries.circles import find_membership
from events.core.mail.outgoing_mail import OutgoingMail
from events.notifications.queries.mail_content import Look, MailContent
from events.welcomes.queries import may_be_offered


def read_offered(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    circle = db.get(Circle, mail.subject_id)
    if circle is None or not may_be_offered(db, find_membership(db, person.id, circle.id)):
        return None
    return MailContent(
        "welcomes/offered",
        ("welcomes.welcome", {"slug": circle.slug}),
        circle=circle.name,
        look=Look.of(circle),
        key=("welcome", circle.id),
    )
