"""Mails about questions after the end: a digest for host and team, the answer for the asker."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.circles.policy import organises
from events.circles.queries.circles import find_membership
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.rules.states import OVER
from events.notifications.queries.mail_content import Look, MailContent
from events.questions.models import Question
from events.questions.queries import find_question, list_late_open
from events.recordings.queries.recording_page import recording_of
from events.recordings.rules import length_of, second_of
from events.registrations.queries.registrations import registration_of

MAX_IN_DIGEST = 10


@dataclass(frozen=True)
class Asked:
    """A question of the digest; `name` is empty for one without a name."""

    body: str
    name: str
    second: int | None


@dataclass(frozen=True)
class AskedAt:
    """Questions of the digest at one livestream, whose desk is where they are answered."""

    title: str
    slug: str
    questions: list[Asked]


def read_late_questions(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """What still waits for an answer at evenings this person directs, without their own questions.

    Each livestream has a button to its own desk.
    """
    circle = db.get(Circle, mail.subject_id)
    membership = find_membership(db, person.id, circle.id) if circle is not None else None
    if circle is None or membership is None:
        return None
    host_id = None if organises(membership) else person.id
    found = list_late_open(db, circle.id, host_id=host_id, besides=person.id)
    if not found:
        return None
    livestream = found[0][1]
    return MailContent(
        "questions/asked",
        ("stage.desk", {"slug": livestream.slug}),
        circle=circle.name,
        look=Look.of(circle),
        words={
            "livestreams": _by_livestream(found[:MAX_IN_DIGEST]),
            "count": len(found),
            "shown": min(len(found), MAX_IN_DIGEST),
        },
    )


def read_answered(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """The written answer as it stands when the mail leaves, with its moment in the recording."""
    question = find_question(db, mail.subject_id)
    livestream = find_livestream(db, question.livestream_id) if question is not None else None
    if question is None or livestream is None or livestream.state not in OVER:
        return None
    if question.author_id != person.id or question.state != "answered" or not question.answer:
        return None
    member = find_membership(db, person.id, livestream.circle_id) is not None
    if not member and livestream.audience != "public" and not registration_of(db, person.id, livestream.id):
        return None
    return MailContent(
        "questions/answered",
        ("stage.show", {"slug": livestream.slug}),
        circle=livestream.circle.name,
        look=Look.of(livestream.circle),
        key=("livestream", livestream.id),
        hears=livestream.circle.name,
        hears_team=True,
        words={"question": question, "livestream": livestream, "second": _moment(db, question, livestream)},
    )


def _by_livestream(found: list[tuple[Question, Livestream]]) -> list[AskedAt]:
    """In the order of the newest question of each."""
    groups: dict[str, AskedAt] = {}
    for question, livestream in found:
        group = groups.setdefault(livestream.id, AskedAt(livestream.title, livestream.slug, []))
        name = "" if question.nameless else question.author.name
        group.questions.append(Asked(question.body, name, question.at_second))
    return list(groups.values())


def _moment(db: Session, question: Question, livestream: Livestream) -> int | None:
    """The second of the recording: where it was asked, or what was live then; None without one to play."""
    recording = recording_of(db, livestream.id)
    if recording is None or recording.state != "ready" or recording.zero_at is None:
        return None
    length = length_of(recording, livestream)
    second = question.at_second
    if second is None and question.asked_at >= recording.zero_at:
        second = second_of(question.asked_at, recording.zero_at)
    return second if second is not None and (length is None or second <= length) else None
