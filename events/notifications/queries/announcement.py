"""Content of the announcement of a livestream, which opens with what the circle's last round brought."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Membership
from events.circles.queries.circles import find_membership
from events.coffees.models import Coffee, LookBack
from events.coffees.queries.month_later import Quoted
from events.coffees.queries.took_place import of_round, took_place
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_livestream, list_agenda
from events.livestreams.rules.states import UPCOMING
from events.notifications.queries.livestreams import livestream_news
from events.notifications.queries.mail_content import MailContent
from events.registrations.queries.registrations import registration_of
from events.rounds.models import Round

MIN_CONVERSATIONS = 4  # a smaller number could tell who talked


@dataclass(frozen=True)
class LastRound:
    """`conversations` is None below MIN_CONVERSATIONS; its author shares the `quote` with the circle."""

    conversations: int | None
    quote: Quoted | None


def read_announced(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For members who have no place yet, until it begins; not for the host, who has a mail of her own."""
    livestream = find_livestream(db, mail.subject_id)
    if livestream is None or livestream.state not in UPCOMING or livestream.host_id == person.id:
        return None
    if registration_of(db, person.id, livestream.id) is not None:
        return None
    if find_membership(db, person.id, livestream.circle_id) is None:
        return None
    agenda = list_agenda(db, livestream.id)
    times = {item.id: livestream.starts_at + timedelta(minutes=item.minute) for item in agenda}
    last = last_round(db, livestream)
    return livestream_news(person, livestream, "livestreams/announced", agenda=agenda, times=times, last=last)


def last_round(db: Session, livestream: Livestream) -> LastRound:
    """Of the circle's latest published round, and a quote given since its announcement before this one."""
    latest = (
        select(Round)
        .where(Round.circle_id == livestream.circle_id, Round.published_at.is_not(None))
        .order_by(Round.published_at.desc())
    )
    round_ = db.scalar(latest.limit(1))
    count = _count_conversations(db, round_) if round_ is not None else 0
    return LastRound(count if count >= MIN_CONVERSATIONS else None, _newest_quote(db, livestream))


def _count_conversations(db: Session, round_: Round) -> int:
    """As in the report of an evening: by told outcomes and calls, talks of the after-talk too."""
    of_it = of_round(round_.id, round_.livestream_id)
    return db.scalar(select(func.count(Coffee.id)).where(took_place(), of_it)) or 0


def _newest_quote(db: Session, livestream: Livestream) -> Quoted | None:
    """The same for all readers of this announcement, and in no other one; of members only."""
    before = select(func.max(Livestream.published_at)).where(
        Livestream.circle_id == livestream.circle_id,
        Livestream.id != livestream.id,
        Livestream.held_elsewhere.is_(False),  # entered afterwards: nobody got an announcement of it
        Livestream.published_at < livestream.published_at,
    )
    since = db.scalar(before)
    members = select(Membership.user_id).where(Membership.circle_id == livestream.circle_id)
    query = (
        select(LookBack)
        .join(Coffee, Coffee.id == LookBack.coffee_id)
        .where(Coffee.circle_id == livestream.circle_id, took_place())
        .where(LookBack.may_quote, LookBack.quote != "", LookBack.user_id.in_(members))
        .where(LookBack.answered_at < livestream.published_at)
        .order_by(LookBack.answered_at.desc(), LookBack.user_id)
    )
    if since is not None:
        query = query.where(LookBack.answered_at >= since)
    found = db.scalar(query.limit(1))
    return Quoted(found.quote, found.user.first_name) if found is not None else None
