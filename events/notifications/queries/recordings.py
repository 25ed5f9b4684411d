"""Content of the mail that a recording is ready."""

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import wants_mail
from events.circles.queries.circles import find_membership
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.queries.livestreams import find_livestream
from events.notifications.queries.asking import asked_in
from events.notifications.queries.livestreams import came, coffee_until, livestream_news
from events.notifications.queries.mail_content import MailContent
from events.recordings.models import Recording
from events.recordings.queries.recording_page import progress_of
from events.registrations.queries.registrations import registration_of
from events.rounds.queries.rounds import round_of


def read_recording(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """In three ways: for who came, who missed it, and who started watching. Not for who watched it all, nor
    for whom the mail that asks for a yes to the round told of it.

    It asks for that yes itself while no mail did.
    """
    recording = db.get(Recording, mail.subject_id)
    if recording is None or recording.state != "ready":
        return None
    livestream = find_livestream(db, recording.livestream_id)
    if livestream is None or livestream.state != "replay":
        return None
    belongs = find_membership(db, person.id, livestream.circle_id) is not None
    if not belongs and registration_of(db, person.id, livestream.id) is None:
        return None
    watched = progress_of(db, recording.id, person.id)
    if watched is not None and watched.finished:
        return None
    round_ = round_of(db, livestream.id)
    asked = asked_in(db, round_, person.id) if round_ is not None else None
    announced_at = recording.announced_at
    if asked is not None and announced_at is not None and (asked.sent_at or asked.created_at) >= announced_at:
        return None
    started = watched is not None and watched.second > 0
    asks = asked is None and wants_mail(db, person.id, "round_news")
    return livestream_news(
        person,
        livestream,
        "recordings/ready",
        how="started" if started else "came" if came(db, person, livestream) else "missed",
        summary=[line.strip() for line in recording.summary.splitlines() if line.strip()],
        coffee_until=coffee_until(db, livestream, person) if asks else None,
    )
