"""Listeners that queue mails about rounds: to members, to those who always say yes, and to the team."""

from sqlalchemy.orm import Session

from events.circles.queries.circles import list_organiser_ids
from events.core import clock
from events.core.bus import on
from events.core.mail.mailings import enter_mailing
from events.core.mail.outbox import queue_mail
from events.notifications.jobs import enqueue_announcement
from events.notifications.queries.mail_content import minute_of
from events.rounds.models import OptIn, Round
from events.rounds.signals import AlwaysOptedIn, DraftMade, PersonUnmatched, RoundOpened, SilentMemberPaused


@on(RoundOpened)
def mail_round(db: Session, signal: RoundOpened) -> None:
    """Only of a round without a livestream: after one, its page and the mail of its recording ask."""
    round_ = db.get_one(Round, signal.round_id)
    if round_.livestream_id is None:
        enter_mailing(db, round_.circle_id, round_.id)
        enqueue_announcement(db, "round_opened", round_.id)


@on(AlwaysOptedIn)
def mail_always(db: Session, signal: AlwaysOptedIn) -> None:
    queue_mail(db, "always_yes", db.get_one(OptIn, signal.opt_in_id).user_id, signal.opt_in_id)


@on(SilentMemberPaused)
def mail_paused(db: Session, signal: SilentMemberPaused) -> None:
    queue_mail(db, "coffees_paused", signal.user_id, signal.circle_id, sequence=minute_of(clock.now()))


@on(DraftMade)
def mail_organisers(db: Session, signal: DraftMade) -> None:
    """Once a round: what they change themselves they know."""
    if signal.first:
        round_ = db.get_one(Round, signal.round_id)
        for user_id in list_organiser_ids(db, round_.circle_id):
            queue_mail(db, "draft_ready", user_id, round_.id)


@on(PersonUnmatched)
def mail_who_was_left(db: Session, signal: PersonUnmatched) -> None:
    queue_mail(db, "left_without", signal.user_id, signal.round_id)
