"""Actions on office hours: name the speaker, offer times, withdraw one, and take one."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.queries.people import lock_people
from events.circles.policy import organises
from events.circles.queries.circles import membership_of
from events.circles.queries.person_lookup import resolve_person, visible_ids
from events.coffees.actions.proposals import propose_coffee
from events.coffees.actions.responses import confirm_agreed
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.queries.shared_topics import reasons_between
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce, savepoint
from events.core.errors import Conflict, Invalid
from events.livestreams.models import Livestream
from events.office_hours import policy, queries, rules
from events.office_hours.forms import NameSpeaker, OfferOfficeHours
from events.office_hours.models import LivestreamSpeaker, OfficeHour
from events.office_hours.signals import OfficeHoursChanged


def name_speaker(db: Session, actor: Actor, livestream: Livestream, data: NameSpeaker) -> bool:
    """Name the member who spoke, or nobody; whether somebody is named. Their office hours stay."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_name_speaker, actor, livestream, membership)
    known = db.get(LivestreamSpeaker, livestream.id)
    if data.speaker is None:
        if known is not None:
            db.delete(known)
            db.flush()
        return False
    among = visible_ids(db, actor, livestream.circle)
    user_id = resolve_person(
        db, among, "speaker", data.speaker, data.speaker_id, by_address=organises(membership)
    )
    if known is None:
        db.add(LivestreamSpeaker(livestream_id=livestream.id, user_id=user_id))
    else:
        known.user_id = user_id
    db.flush()
    return True


def offer_hours(db: Session, actor: Actor, livestream: Livestream, data: OfferOfficeHours) -> int:
    """Offer times of one's own that are free now; how many there are then. Times offered before stay.

    Invalid("not_offered") for times that are not free, Conflict("office_hours_full") beyond MAX_PLACES.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    speaker_id = queries.find_speaker_id(db, livestream.id)
    authorize(policy.may_offer, actor, livestream, membership, speaker_id)
    lock_people(db, [actor.id])
    now = clock.now()
    if livestream.ended_at is None or now > livestream.ended_at + rules.OFFER_WITHIN:
        raise Conflict("office_hours_over")
    own = [row.hour for row in queries.list_rows(db, livestream, actor.id) if row.user.id == actor.id]
    new = set(data.times) - {hour.starts_at for hour in own}
    if not new <= set(queries.list_all_times(db, actor.id)):
        raise Invalid(fields=[("times", "not_free")])
    if len(own) + len(new) > rules.MAX_PLACES:
        raise Conflict("office_hours_full", num=rules.MAX_PLACES)
    closes_at = rules.closing_time(now, int(data.days), livestream.zone)
    for starts_at in sorted(new):
        db.add(
            OfficeHour(
                livestream_id=livestream.id,
                user_id=actor.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=int(data.minutes)),
                closes_at=closes_at,
                created_at=now,
            )
        )
    db.flush()
    _announce_change(db, livestream, actor.id)
    return len(own) + len(new)


def withdraw_hour(db: Session, actor: Actor, livestream: Livestream, hour_id: str) -> bool:
    """Withdraw a time nobody took; False when it is gone already. Conflict("office_hour_taken")."""
    lock_people(db, [actor.id])
    row = _find(queries.list_rows(db, livestream, actor.id), hour_id)
    if row is None:
        return False
    authorize(policy.may_withdraw, actor, row.user.id)
    if row.taken:
        raise Conflict("office_hour_taken")
    db.delete(row.hour)
    db.flush()
    _announce_change(db, livestream, actor.id)
    return True


def take_hour(db: Session, actor: Actor, livestream: Livestream, hour_id: str) -> Coffee:
    """Take a time; the coffee is confirmed at once. The same coffee when repeated.

    Conflict("office_hour_had") for who took another one after this livestream. Conflict("office_hour_gone")
    whatever else is the case: taken, withdrawn, closed, busy or kept apart, so that it tells nothing.
    The locks on both people serialize those who take at once.
    """
    authorize(policy.may_take, actor, livestream, membership_of(db, actor, livestream.circle_id))
    owner_id = db.scalar(
        select(OfficeHour.user_id).where(OfficeHour.id == hour_id, OfficeHour.livestream_id == livestream.id)
    )
    lock_people(db, [actor.id, owner_id or actor.id])
    rows = queries.list_rows(db, livestream, actor.id)
    mine, row = queries.find_taken(rows, actor.id), _find(rows, hour_id)
    if mine is not None and mine.hour.id == hour_id and mine.hour.coffee_id is not None:
        return db.get_one(Coffee, mine.hour.coffee_id)
    if mine is not None:
        raise Conflict("office_hour_had")
    if row is None or not row.is_for(actor.id):
        raise Conflict("office_hour_gone")
    coffee = _confirm(db, actor, livestream, row.hour)
    row.hour.taken_by_id, row.hour.coffee_id = actor.id, coffee.id
    db.flush()
    _announce_change(db, livestream, row.user.id)
    return coffee


def free_hour(db: Session, actor: Actor, coffee_id: str, by_id: str) -> None:
    """After a cancellation: free it for others, or remove it when its own person cancelled. SYSTEM only."""
    authorize(policy.may_free, actor)
    hour = db.scalar(select(OfficeHour).where(OfficeHour.coffee_id == coffee_id))
    if hour is None:
        return
    livestream = db.get_one(Livestream, hour.livestream_id)
    owner_id = hour.user_id
    if by_id == owner_id:
        db.delete(hour)
    else:
        hour.taken_by_id = hour.coffee_id = None
    db.flush()
    _announce_change(db, livestream, owner_id)


def _confirm(db: Session, actor: Actor, livestream: Livestream, hour: OfficeHour) -> Coffee:
    mine, theirs = reasons_between(db, livestream.circle, actor.id, hour.user_id)
    why = {"code": "office_hour", "title": livestream.title}
    proposal = Proposal(
        circle_id=livestream.circle_id,
        occasion_id=livestream.id,
        starts_at=hour.starts_at,
        answer_by=clock.now(),
        minutes=hour.minutes,
        people=[
            Participant(actor.id, [*mine, why], proposes=True),
            Participant(hour.user_id, [*theirs, why], proposes=True),
        ],
    )
    try:
        with savepoint(db):
            coffee = propose_coffee(db, SYSTEM, proposal)
            confirm_agreed(db, SYSTEM, coffee)
    except Conflict:  # one of them was booked meanwhile
        raise Conflict("office_hour_gone") from None
    return coffee


def _find(rows: list[queries.Row], hour_id: str) -> queries.Row | None:
    return next((row for row in rows if row.hour.id == hour_id), None)


def _announce_change(db: Session, livestream: Livestream, owner_id: str) -> None:
    rows = [row for row in queries.list_rows(db, livestream, owner_id) if row.user.id == owner_id]
    still = tuple(row.hour.id for row in rows if row.is_open and row.free)
    announce(db, OfficeHoursChanged(livestream.id, owner_id, still))
