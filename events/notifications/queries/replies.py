"""Content of mails that bring messages of a coffee or a reply, or report that it reached no one."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import list_blocked
from events.chat.queries.unread import list_unmailed
from events.circles.policy import organises
from events.circles.queries.circles import find_membership
from events.coffees.queries.coffees import others_of
from events.core.auth.actor import Actor
from events.core.mail.outgoing_mail import OutgoingMail
from events.notifications.queries.coffees import coffee_news, seat_in
from events.notifications.queries.mail_content import Look, MailContent
from events.replies.models import IncomingMail, Reply
from events.replies.queries.intake import find_livestream, find_seat
from events.replies.rules.limits import REACHABLE

SENDER = "%s via Ontmoet"
MAX_MAILED = 20  # messages in one mail; the page has all
ELSEWHERE = ("declined_elsewhere", "accepted_elsewhere")  # codes: a calendar that may be another's


def read_coffee_reply(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For the others of the coffee, while they are in it."""
    reply = db.get(Reply, mail.subject_id)
    found = seat_in(db, reply.coffee_id, person) if reply is not None and reply.coffee_id else None
    if reply is None or found is None or found[1].answer == "no" or found[0].state not in REACHABLE:
        return None
    news = coffee_news(db, person, *found, "replies/coffee", reply=reply, author=reply.author)
    first = reply.author.first_name
    return replace(news, from_name=SENDER % first, hears=first if len(found[0].seats) == 2 else news.hears)


def read_messages(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Everything said in a coffee's room since this mail was planned that its reader has not seen.

    Nothing for who blocked one of the others: they no longer enter the room.
    """
    found = seat_in(db, mail.subject_id, person)
    if found is None or found[1].answer == "no" or found[0].state not in REACHABLE:
        return None
    coffee, seat = found
    others = [one.user_id for one in others_of(coffee, person.id)]
    lines = list_unmailed(db, coffee.id, person.id, mail.sequence, _next_planned(db, mail))
    if not lines or list_blocked(db, Actor("person", person.id), others):
        return None
    news = coffee_news(db, person, coffee, seat, "replies/messages", lines=lines[-MAX_MAILED:])
    writers = {line.author_id: line.author.first_name for line in lines}
    from_name = SENDER % next(iter(writers.values())) if len(writers) == 1 else news.from_name
    return replace(
        news,
        from_name=from_name,
        words={**news.words, "writers": list(writers.values()), "count": len(lines)},
    )


def _next_planned(db: Session, mail: OutgoingMail) -> int | None:
    """First message of the next mail of this kind; None while this is the last one."""
    query = select(func.min(OutgoingMail.sequence)).where(
        OutgoingMail.kind == mail.kind,
        OutgoingMail.person_id == mail.person_id,
        OutgoingMail.subject_id == mail.subject_id,
        OutgoingMail.sequence > mail.sequence,
    )
    return db.scalar(query)


def read_circle_reply(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For the team, or from the team for a member."""
    reply = db.get(Reply, mail.subject_id)
    if reply is None:
        return None
    to_team = organises(find_membership(db, person.id, reply.circle_id))
    circle = reply.circle
    return MailContent(
        "replies/circle",
        ("circles.show", {"slug": circle.slug}),
        circle=circle.name,
        look=Look.of(circle),
        from_name=SENDER % reply.author.first_name,
        hears=reply.author.first_name if to_team else circle.name,
        hears_team=not to_team,
        words={"reply": reply, "author": reply.author, "to_team": to_team},
    )


def read_refused(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """To the author, at the address we know: what did not arrive, and what to do."""
    incoming = db.get(IncomingMail, mail.subject_id)
    if incoming is None or incoming.outcome != "refused":
        return None
    words: dict[str, object] = {"why": incoming.detail}
    if incoming.calendar_uid is not None and incoming.detail in ELSEWHERE:
        seat, livestream = find_seat(db, incoming.calendar_uid), find_livestream(db, incoming.calendar_uid)
        if seat is not None:
            page, key = ("coffees.show", {"id": seat.coffee_id}), ("coffee", seat.coffee_id)
            return MailContent("replies/refused", page, key=key, words=words)
        if livestream is not None:
            page, key = ("stage.show", {"slug": livestream.slug}), ("livestream", livestream.id)
            words["title"] = livestream.title
            return MailContent("replies/refused", page, key=key, words=words)
    return MailContent("replies/refused", ("pages.today", {}), words=words)
