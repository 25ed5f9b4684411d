"""Mail jobs: compose one mail from its rows, and queue mail to many in batches."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from flask import current_app, url_for
from sqlalchemy.orm import Session

from events.accounts.actions.keys import issue_key
from events.accounts.models import User
from events.accounts.queries.people import is_suppressed, secret_of, wants_mail
from events.accounts.rules import ABOUT_COFFEES
from events.core.auth.actor import SYSTEM
from events.core.calendar.itip import Mailbox, calendar_file
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Lane, enqueue, job
from events.core.mail.outbox import queue_mail, renders
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.mail.rendering import RenderedMail
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.rules.states import UPCOMING
from events.notifications.queries.kinds import KINDS
from events.notifications.queries.livestreams import list_audience
from events.notifications.queries.mail_content import MailContent, MailKind
from events.recordings.models import Recording
from events.rounds.queries.preferences import list_invited
from events.rounds.queries.rounds import find_round

BATCH = 100
UNSUBSCRIBE_LIFETIME = timedelta(days=400)  # the link in an old mail still works


@job(lane=Lane.BULK)
def mail_announcement(kind: str, subject_id: str, after: str = "") -> None:
    """Queue an announcement to everyone whom it concerns, a hundred at a time; each batch queues the next."""
    with unit_of_work() as db:
        audience = AUDIENCES[kind](db, subject_id, after)
        if audience is None:
            return
        for user_id in audience.user_ids:
            queue_mail(db, kind, user_id, subject_id, bulk=True, group_id=audience.circle_id)
        if len(audience.user_ids) == BATCH:
            enqueue_announcement(db, kind, subject_id, after=audience.user_ids[-1])


def enqueue_announcement(db: Session, kind: str, subject_id: str, *, after: str = "") -> None:
    """Once for each kind, subject and batch."""
    enqueue(db, mail_announcement, kind, subject_id, after, key=f"{kind}:{subject_id}:{after}")


class Audience(NamedTuple):
    """The circle of an announcement, and the next BATCH of its recipients in the order of their ids."""

    circle_id: str
    user_ids: list[str]


def _of_livestream(db: Session, livestream_id: str, after: str) -> Audience | None:
    livestream = find_livestream(db, livestream_id)
    if livestream is None or livestream.state not in UPCOMING:
        return None
    return Audience(livestream.circle_id, list_audience(db, livestream, after=after, most=BATCH))


def _of_recording(db: Session, recording_id: str, after: str) -> Audience | None:
    recording = db.get(Recording, recording_id)
    livestream = find_livestream(db, recording.livestream_id) if recording is not None else None
    if recording is None or livestream is None or recording.state != "ready":
        return None
    return Audience(livestream.circle_id, list_audience(db, livestream, after=after, most=BATCH))


def _of_round(db: Session, round_id: str, after: str) -> Audience | None:
    round_ = find_round(db, round_id)
    if round_ is None or round_.state != "open":
        return None
    return Audience(round_.circle_id, list_invited(db, round_, after=after, most=BATCH))


AUDIENCES: dict[str, Callable[[Session, str, str], Audience | None]] = {  # None: no longer due
    "livestream_announced": _of_livestream,
    "recording_ready": _of_recording,
    "round_opened": _of_round,
}


def _compose(kind: MailKind, db: Session, mail: OutgoingMail) -> RenderedMail | None:
    """One mail in the reader's language and zone, or None when it is no longer due or not wanted."""
    person = db.get(User, mail.person_id)
    if person is None or (kind.switch is not None and not wants_mail(db, person.id, kind.switch)):
        return None
    if not kind.asked and is_suppressed(db, person):
        mail.error = "mail to this address comes back"
        return None
    news = kind.read(db, mail, person)
    if news is None:
        return None
    settings: Settings = current_app.config["SETTINGS"]
    answered = bool(news.hears) and settings.reply_imap_url is not None
    link = _link(db, news, person)
    # What cannot be switched off by itself leads to the rest of its group; a link just asked for to nothing.
    one_click = None if kind.asked else _unsubscribe(db, person, kind.switch or kind.group)
    return RenderedMail(
        to_name="" if news.to_stranger or person.confirmed_at is None else person.name,
        to_address=person.email,
        locale=news.locale or person.locale,
        template=news.template,
        context={
            "person": person,
            "zone": person.zone,
            "circle": news.circle,
            "url": link,
            "personal": news.key is not None or news.given_key is not None,
            "to_stranger": news.to_stranger,
            "unsubscribe": one_click if kind.switch is not None or kind.group == ABOUT_COFFEES else None,
            "of_this_kind": kind.switch is not None,
            "sender": settings.mail_from,
            "hears": news.hears if answered else "",
            "hears_count": news.hears_count,
            "hears_team": news.hears_team,
            "pause": url_for("rounds.pause", slug=news.pauses, _external=True) if news.pauses else None,
            **news.words,
        },
        calendar=_calendar(news, link),
        method=news.method,
        from_name=news.from_name or (f"{news.circle} via Ontmoet" if news.circle else "Ontmoet"),
        reply_to=(f"{news.hears} via Ontmoet", settings.mail_from) if answered else None,
        unsubscribe=one_click,
    )


for _name, _kind in KINDS.items():
    renders(_name, _kind.ceilings, announces=_kind.announces)(partial(_compose, _kind))


def _link(db: Session, news: MailContent, person: User) -> str:
    """The address of the buttons: a personal key where there is one, else the page itself."""
    key = news.given_key
    if key is None and news.key is not None:
        key = issue_key(db, SYSTEM, person.id, *news.key)
    if key is not None:
        return url_for("accounts.open_key", key=secret_of(key), _external=True)
    endpoint, values = news.page
    return url_for(endpoint, **values, _external=True)


def _unsubscribe(db: Session, person: User, switch: str) -> str:
    key = issue_key(db, SYSTEM, person.id, "mails", switch, UNSUBSCRIBE_LIFETIME)
    return url_for("notifications.unsubscribe", key=secret_of(key), _external=True)


def _calendar(news: MailContent, link: str) -> bytes | None:
    if news.entry is None:
        return None
    settings: Settings = current_app.config["SETTINGS"]
    organizer = Mailbox(news.circle or "Ontmoet", settings.mail_from)
    return calendar_file([news.entry(link, settings.public_url)], news.method, organizer)
