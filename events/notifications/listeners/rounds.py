"""Listeners that queue mails about rounds: to the circle, to those who always say yes, and to the team."""

from sqlalchemy.orm import Session

from events.circles.models import Membership
from events.circles.queries.circles import list_organiser_ids
from events.circles.signals import MembershipStarted
from events.core import clock
from events.core.bus import on
from events.core.mail.mailings import enter_mailing
from events.core.mail.outbox import drop_waiting, queue_mail
from events.notifications.jobs import enqueue_announcement, mail_daily
from events.notifications.queries.asking import ask_at, is_worth_asking, remind_at
from events.notifications.queries.mail_content import minute_of
from events.rounds.models import OptIn, Round
from events.rounds.queries.preferences import current_preference
from events.rounds.queries.rounds import list_open
from events.rounds.signals import (
    AlwaysOptedIn,
    DraftMade,
    OptedIn,
    PersonUnmatched,
    RoundMoved,
    RoundOpened,
    SilentMemberPaused,
)


@on(RoundOpened)
def ask_circle(db: Session, signal: RoundOpened) -> None:
    """One that a person opens counts for the circle's ceiling at once, and may be refused."""
    round_ = db.get_one(Round, signal.round_id)
    if round_.livestream_id is None:
        enter_mailing(db, round_.circle_id, round_.id)
    opened_at = str(minute_of(round_.opened_at))
    enqueue_announcement(db, "round_opened", round_.id, moment=opened_at, at=ask_at(db, round_))


@on(MembershipStarted)
def ask_newcomer(db: Session, signal: MembershipStarted) -> None:
    """Ask a member who joined after `ask_circle` did; those before are asked with the others. Idempotent."""
    membership = db.get_one(Membership, signal.membership_id)
    preference = current_preference(db, membership.circle_id, membership.user_id)
    for round_ in [] if preference.always else list_open(db, membership.circle_id):
        if ask_at(db, round_) <= clock.now() and is_worth_asking(db, round_):
            until = round_.closes_at
            mail_daily(db, "round_opened", membership.user, round_.id, membership.circle_id, until=until)


@on(RoundOpened, RoundMoved)
def plan_reminder(db: Session, signal: RoundOpened | RoundMoved) -> None:
    round_ = db.get_one(Round, signal.round_id)
    at = remind_at(round_)
    if at is not None:
        enqueue_announcement(db, "round_reminder", round_.id, moment=str(minute_of(round_.closes_at)), at=at)


@on(OptedIn)
def drop_questions(db: Session, signal: OptedIn) -> None:
    """Whoever answered is not asked any more; the days of these mails become free."""
    opt_in = db.get_one(OptIn, signal.opt_in_id)
    round_ = db.get_one(Round, opt_in.round_id)
    for kind in ("round_opened", "round_reminder"):
        drop_waiting(db, kind, round_.id, round_.circle_id, person_id=opt_in.user_id)


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
    wave = db.get_one(Round, signal.round_id).wave
    queue_mail(db, "left_without", signal.user_id, signal.round_id, sequence=wave)
