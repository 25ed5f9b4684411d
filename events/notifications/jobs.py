"""Mail jobs: compose one mail from its rows, and queue mail to many in batches."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import NamedTuple

from flask import current_app, url_for
from sqlalchemy.orm import Session

from events.accounts.actions.keys import issue_key
from events.accounts.models import User
from events.accounts.queries.people import is_suppressed, secret_of, wants_mail
from events.accounts.rules import ABOUT_COFFEES
from events.circles.rules import mail_colours
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.calendar.itip import Mailbox, calendar_file
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Lane, enqueue, job
from events.core.mail.daily import after_the_night
from events.core.mail.ledger import lock_quotas
from events.core.mail.mailings import enter_mailing
from events.core.mail.outbox import queue_mail, renders
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.mail.rendering import RenderedMail, message_of
from events.livestreams.queries.livestreams import find_livestream
from events.livestreams.rules.states import UPCOMING
from events.messages.models import Message
from events.notifications.queries.asking import is_worth_asking, list_to_ask
from events.notifications.queries.kinds import KINDS
from events.notifications.queries.livestreams import announced_until, list_audience
from events.notifications.queries.mail_content import MailContent, MailKind, minute_of
from events.notifications.queries.messages import list_recipients, message_news, useful_until
from events.recordings.models import Recording
from events.rounds.queries.rounds import find_round

BATCH = 100
UNSUBSCRIBE_LIFETIME = timedelta(days=400)  # the link in an old mail still works


@job(lane=Lane.BULK)
def mail_announcement(kind: str, subject_id: str, after: str = "", moment: str = "") -> None:
    """Queue an announcement to everyone whom it concerns, a hundred at a time; each batch queues the next."""
    with unit_of_work() as db:
        audience = AUDIENCES[kind](db, subject_id, after, moment)
        if audience is None:
            return
        lock_quotas(db, [user.id for user in audience.people])
        for user in audience.people:
            mail_daily(db, kind, user, subject_id, audience.circle_id, until=audience.until)
        if len(audience.people) == BATCH:
            enqueue_announcement(db, kind, subject_id, after=audience.people[-1].id, moment=moment)


def enqueue_announcement(
    db: Session, kind: str, subject_id: str, *, after: str = "", moment: str = "", at: datetime | None = None
) -> None:
    """Once for each kind, subject, batch and `moment`: what it was planned for, where that can change."""
    key = f"{kind}:{subject_id}:{moment}:{after}"
    enqueue(db, mail_announcement, kind, subject_id, after, moment, key=key, at=at)


def mail_daily(
    db: Session, kind: str, user: User, subject_id: str, circle_id: str, *, until: datetime | None = None
) -> None:
    """Queue one of many mails of a circle for the first day on which this person has no other."""
    at = clock.now()
    morning = after_the_night(at, user.zone) if kind in NOT_AT_NIGHT else at
    if until is None or morning <= until:
        at = morning
    queue_mail(
        db, kind, user.id, subject_id, at=at, bulk=True, group_id=circle_id, daily_in=user.zone, until=until
    )


class Audience(NamedTuple):
    """The circle of an announcement, and the next BATCH of its recipients in the order of their ids.

    After `until` it would be too late, so it is not delayed beyond that.
    """

    circle_id: str
    people: list[User]
    until: datetime | None = None


def _of_livestream(db: Session, livestream_id: str, after: str, _moment: str) -> Audience | None:
    livestream = find_livestream(db, livestream_id)
    if livestream is None or livestream.state not in UPCOMING:
        return None
    people = list_audience(db, livestream, after=after, most=BATCH)
    return Audience(livestream.circle_id, people, announced_until(livestream))


def _of_recording(db: Session, recording_id: str, after: str, _moment: str) -> Audience | None:
    recording = db.get(Recording, recording_id)
    livestream = find_livestream(db, recording.livestream_id) if recording is not None else None
    if recording is None or livestream is None or recording.state != "ready":
        return None
    return Audience(livestream.circle_id, list_audience(db, livestream, after=after, most=BATCH))


def _of_round(db: Session, round_id: str, after: str, moment: str) -> Audience | None:
    """Asking after an evening is counted as a mailing and never refused: nobody pressed a button for it."""
    round_ = find_round(db, round_id)
    if round_ is None or str(minute_of(round_.opened_at)) != moment or not is_worth_asking(db, round_):
        return None
    if round_.occasion == "after_livestream" and not after:
        enter_mailing(db, round_.circle_id, round_.id)
    return Audience(round_.circle_id, list_to_ask(db, round_, after=after, most=BATCH))


def _of_closing_round(db: Session, round_id: str, after: str, moment: str) -> Audience | None:
    round_ = find_round(db, round_id)
    if round_ is None or str(minute_of(round_.closes_at)) != moment or not is_worth_asking(db, round_):
        return None
    return Audience(round_.circle_id, list_to_ask(db, round_, after=after, most=BATCH, reminds=True))


def _of_message(db: Session, message_id: str, after: str, _moment: str) -> Audience | None:
    message = db.get(Message, message_id)
    if message is None:
        return None
    people = list_recipients(db, message, after=after, most=BATCH)
    return Audience(message.circle_id, people, useful_until(message))


AUDIENCES: dict[str, Callable[[Session, str, str, str], Audience | None]] = {  # None: no longer due
    "livestream_announced": _of_livestream,
    "recording_ready": _of_recording,
    "circle_message": _of_message,
    "round_opened": _of_round,
    "round_reminder": _of_closing_round,
}
# These wait for the morning, unless that is too late.
NOT_AT_NIGHT = {"recording_ready", "circle_message", "round_opened", "round_reminder"}


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
    # What cannot be switched off by itself leads to the rest of its group; a link just asked for to nothing.
    one_click = None if kind.asked else _unsubscribe(db, person, kind.switch or kind.group)
    return _letter(kind, news, person, _link(db, news, person), one_click)


def preview_message(db: Session, message: Message, person: User) -> EmailMessage:
    """The mail that this reader would get, with plain addresses in place of personal keys; writes nothing."""
    kind, news = KINDS["circle_message"], message_news(db, message, person)
    endpoint, values = news.page
    link, choices = url_for(endpoint, **values, _external=True), url_for("accounts.me", _external=True)
    settings: Settings = current_app.config["SETTINGS"]
    return message_of(_letter(kind, news, person, link, choices), "<preview@ontmoet>", settings.mail_from)


def _letter(
    kind: MailKind, news: MailContent, person: User, link: str, one_click: str | None
) -> RenderedMail:
    settings: Settings = current_app.config["SETTINGS"]
    answered = bool(news.hears) and settings.reply_imap_url is not None
    return RenderedMail(
        to_name="" if news.to_stranger or person.confirmed_at is None else person.name,
        to_address=person.email,
        locale=news.locale or person.locale,
        template=news.template,
        context={
            "person": person,
            "zone": person.zone,
            "circle": news.circle,
            "logo": url_for("circles.logo", name=news.look.logo, _external=True) if news.look.logo else None,
            "colours": mail_colours(news.look.colour) if news.look.colour else None,
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
    renders(_name, _kind.ceilings, counted=_kind.counted)(partial(_compose, _kind))


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
