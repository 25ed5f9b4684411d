"""Recipients and content of the mails that ask for a yes to a round and remind of it once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import wants_mail
from events.aftertalks.rules import MAX_DURATION
from events.circles.queries.circles import find_membership
from events.core import clock
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.rules.states import OVER
from events.notifications.queries.livestreams import came
from events.notifications.queries.mail_content import Look, MailContent, is_tomorrow
from events.office_hours.queries import may_be_asked
from events.recordings.models import Recording
from events.recordings.queries.recording_page import progress_of
from events.registrations.models import Registration
from events.registrations.queries.registrations import registration_of
from events.rounds.models import Round, RoundPreference
from events.rounds.queries.preferences import current_preference
from events.rounds.queries.rounds import find_round, opt_in_of
from events.rounds.queries.undecided import is_undecided
from events.rounds.rules.timeline import is_open

WITHOUT_AFTERTALK = timedelta(minutes=20)  # an end that was pressed by mistake is taken back by then
REMIND_BEFORE = timedelta(hours=26)  # before a round closes at noon: the morning of the day before
MIN_OPEN_TO_REMIND = timedelta(days=2)


def ask_at(db: Session, round_: Round) -> datetime:
    """After the after-talk, while people may still be in one; at once when there was no evening."""
    livestream = find_livestream(db, round_.livestream_id) if round_.livestream_id else None
    if livestream is None or round_.occasion == "instead":
        return round_.opened_at
    return round_.opened_at + (MAX_DURATION if livestream.aftertalk else WITHOUT_AFTERTALK)


def remind_at(round_: Round) -> datetime | None:
    """None for a round so short that the question itself is recent."""
    at = round_.closes_at - REMIND_BEFORE
    return at if round_.closes_at - round_.opened_at >= MIN_OPEN_TO_REMIND else None


def list_to_ask(db: Session, round_: Round, *, after: str, most: int, reminds: bool = False) -> list[User]:
    """Members, and guests with a place, who did not answer and take no break; in batches by id.

    Members who always say yes are left out of the question. Whoever had a place at a cancelled livestream
    is asked by the mail that cancels it. Both are reminded like the others while they have no opt-in.
    """
    own = select(RoundPreference.user_id).where(RoundPreference.circle_id == round_.circle_id)
    coming = select(Registration.user_id).where(
        Registration.livestream_id == round_.livestream_id, Registration.state == "coming"
    )
    query = select(User).where(User.id > after, is_undecided(round_)).order_by(User.id)
    if not reminds:
        query = query.where(User.id.not_in(own.where(RoundPreference.always)))
    if not reminds and round_.occasion == "instead":
        query = query.where(User.id.not_in(coming))
    return list(db.scalars(query.limit(most)))


def is_worth_asking(db: Session, round_: Round) -> bool:
    """Whether the round is open and its livestream is over, or was cancelled after somebody heard of it."""
    livestream = find_livestream(db, round_.livestream_id) if round_.livestream_id else None
    if not is_open(round_, clock.now()):
        return False
    if round_.livestream_id is None or livestream is None:
        return round_.livestream_id is None
    if round_.occasion == "instead":
        return livestream.state == "cancelled" and _was_announced(db, livestream.id)
    return livestream.state in OVER


def asked_in(db: Session, round_: Round, person_id: str) -> OutgoingMail | None:
    """The mail that asked this person for a yes to the round, if one was sent."""
    query = select(OutgoingMail).where(
        OutgoingMail.person_id == person_id,
        OutgoingMail.subject_id == round_.id,
        OutgoingMail.state == "sent",
    )
    return db.scalar(query.where(OutgoingMail.kind == "round_opened").limit(1))


def read_opened(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """In the words of who came, missed it, had no place or is new, of a cancelled livestream, or of none."""
    round_ = _open_round(db, mail, person)
    if round_ is None or not is_worth_asking(db, round_):
        return None
    livestream = find_livestream(db, round_.livestream_id) if round_.livestream_id else None
    how = _how(db, round_, livestream, person)
    if livestream is None:
        return _content(db, round_, person, "rounds/round_opened", None, how=how, recording=False)
    recording = db.scalar(select(Recording).where(Recording.livestream_id == livestream.id))
    if recording is not None and _told_of_recording(db, recording, person):
        return None  # that mail asked
    ready = recording is not None and _is_to_be_told(db, recording, person)
    places = may_be_asked(db, livestream, person.id)
    return _content(
        db, round_, person, "rounds/round_opened", livestream, how=how, recording=ready, places=places
    )


def read_reminder(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Once before the round closes, for who did not answer."""
    round_ = _open_round(db, mail, person)
    if round_ is None or not is_worth_asking(db, round_):
        return None
    livestream = find_livestream(db, round_.livestream_id) if round_.livestream_id else None
    how = _how(db, round_, livestream, person)
    tomorrow = is_tomorrow(round_.closes_at, person)
    return _content(db, round_, person, "rounds/round_reminder", livestream, how=how, tomorrow=tomorrow)


def _open_round(db: Session, mail: OutgoingMail, person: User) -> Round | None:
    """The round, while this person may say yes to it and said nothing yet."""
    round_ = find_round(db, mail.subject_id)
    if round_ is None or opt_in_of(db, round_.id, person.id) is not None:
        return None
    if find_membership(db, person.id, round_.circle_id) is None:
        place = registration_of(db, person.id, round_.livestream_id) if round_.livestream_id else None
        return round_ if place is not None else None
    return None if current_preference(db, round_.circle_id, person.id).paused else round_


def _how(db: Session, round_: Round, livestream: Livestream | None, person: User) -> str:
    if livestream is not None and came(db, person, livestream):
        return "came"
    membership = find_membership(db, person.id, round_.circle_id)
    if membership is not None and membership.created_at > round_.opened_at:
        return "new"
    if livestream is None:
        return "standalone"
    if round_.occasion == "instead":
        return "instead"
    return "missed" if registration_of(db, person.id, livestream.id) is not None else "absent"


def _was_announced(db: Session, livestream_id: str) -> bool:
    query = select(OutgoingMail.id).where(
        OutgoingMail.kind == "livestream_announced",
        OutgoingMail.subject_id == livestream_id,
        OutgoingMail.state == "sent",
    )
    return db.scalar(query.limit(1)) is not None


def _told_of_recording(db: Session, recording: Recording, person: User) -> bool:
    query = select(OutgoingMail.id).where(
        OutgoingMail.person_id == person.id,
        OutgoingMail.subject_id == recording.id,
        OutgoingMail.kind == "recording_ready",
        OutgoingMail.state == "sent",
    )
    return db.scalar(query.limit(1)) is not None


def _is_to_be_told(db: Session, recording: Recording, person: User) -> bool:
    """Whether the recording was announced and this person is to hear of it."""
    if recording.state != "ready" or recording.announced_at is None:
        return False
    watched = progress_of(db, recording.id, person.id)
    return wants_mail(db, person.id, "recording_ready") and not (watched is not None and watched.finished)


def _content(
    db: Session, round_: Round, person: User, template: str, livestream: Livestream | None, **words: object
) -> MailContent:
    circle, member = round_.circle, find_membership(db, person.id, round_.circle_id) is not None
    page = ("rounds.join", {"id": round_.id})
    if livestream is not None:
        page = ("stage.show", {"slug": livestream.slug})
    return MailContent(
        template,
        page,
        circle=circle.name,
        look=Look.of(circle),
        pauses=circle.slug if member else "",
        key=("livestream", livestream.id) if livestream is not None else ("round", round_.id),
        hears=circle.name,
        hears_team=True,
        words={"round": round_, "livestream": livestream, "member": member, **words},
    )
