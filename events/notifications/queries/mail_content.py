"""Mail content: one mail to one person, read from the rows when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey, User
from events.accounts.rules import EVERY_KIND
from events.circles.models import Circle
from events.core import clock
from events.core.calendar.itip import Entry, Method
from events.core.i18n.formatting import zone_label
from events.core.mail.ledger import Ceilings
from events.core.mail.outgoing_mail import OutgoingMail

MakeEntry = Callable[[str, str], Entry]


@dataclass(frozen=True)
class Look:
    """How the mails of a circle look: the file of its logo, and its colour."""

    logo: str | None = None
    colour: str | None = None

    @classmethod
    def of(cls, circle: Circle) -> "Look":
        return cls(circle.logo, circle.colour)


@dataclass(frozen=True)
class MailContent:
    """The contents of a mail. Its buttons open `page` through a personal key of (purpose, subject id).

    `given_key` is a key that exists already. `entry` makes the calendar entry of this person, given the
    personal link to the page and the address of the site.
    """

    template: str
    page: tuple[str, dict[str, str]]
    circle: str = ""
    look: Look = Look()  # of the circle
    key: tuple[str, str] | None = None
    given_key: PersonalKey | None = None
    entry: MakeEntry | None = None
    method: Method = "REQUEST"
    locale: str = ""  # of who sends it, where the reader's own would tell of an account
    from_name: str = ""  # else the circle, or Ontmoet where there is none
    hears: str = ""  # who reads an answer to this mail, while answers are read
    hears_count: int = 1
    hears_team: bool = False  # it is the team of that circle
    to_stranger: bool = False  # the reader's name is what somebody else typed: it is not used
    pauses: str = ""  # slug of the circle whose coffee rounds the reader can pause
    words: dict[str, object] = field(default_factory=dict)


SKIP_DAY_REMINDER_WITHIN = timedelta(
    hours=3
)  # so close to the start the reminder of the day before says nothing new
Reader = Callable[[Session, OutgoingMail, User], MailContent | None]


@dataclass(frozen=True)
class MailKind:
    """A kind of mail: who reads it from the rows, and under which name a person can switch it off.

    One without a `switch` leads to those of its `group`, all at once.
    What was `asked` for this moment goes out even where mail came back before: it may work again.
    `ceilings` bound how much of it one person may cause. Without them are mails that the reader asked for,
    that nobody causes, or that only end or settle what was begun: those are never held up.
    Of all that is `counted` a person gets one mail a day: what a circle tells its members, not what is about
    somebody's own coffee and not what answers an act of their own.
    """

    read: Reader
    switch: str | None = None
    asked: bool = False
    group: str = EVERY_KIND
    ceilings: Ceilings | None = None
    counted: bool = False


def is_superseded(db: Session, mail: OutgoingMail) -> bool:
    """Whether a later mail of the same kind about the same thing says what counts now."""
    later = select(OutgoingMail.id).where(
        OutgoingMail.kind == mail.kind,
        OutgoingMail.person_id == mail.person_id,
        OutgoingMail.subject_id == mail.subject_id,
        OutgoingMail.sequence > mail.sequence,
    )
    return db.scalar(later.limit(1)) is not None


def minute_of(moment: datetime) -> int:
    """A moment as the sequence of a mail: a reminder belongs to the start that it was planned for."""
    return int(moment.timestamp()) // 60


def is_tomorrow(moment: datetime, person: User) -> bool:
    """Whether a moment falls on the day after today, where the person is."""
    zone = ZoneInfo(person.zone)
    return moment.astimezone(zone).date() - clock.now().astimezone(zone).date() == timedelta(days=1)


def zone_named(person: User, zone: str) -> str:
    """The person's zone by name where it differs from the one that others will speak of."""
    return zone_label(person.zone) if person.zone != zone else ""
