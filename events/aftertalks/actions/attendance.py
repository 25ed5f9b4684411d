"""Actions on attendance of an after-talk: join, heartbeat, leave; and its opening when the livestream
ends.
"""

from sqlalchemy.orm import Session

from events.aftertalks import policy, rules
from events.aftertalks.models import Aftertalk, AftertalkParticipant
from events.aftertalks.queries import attendance as aftertalks
from events.aftertalks.signals import AftertalkAdvanced, AftertalkChanged, ParticipantFreed
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create
from events.core.errors import Conflict
from events.livestreams.models import Livestream
from events.livestreams.rules.states import ON_AIR, OVER
from events.rounds import policy as rounds_policy


def join_aftertalk(db: Session, actor: Actor, livestream: Livestream) -> AftertalkParticipant:
    """Join before the end, while it gathers, or late; also again after leaving.

    Conflict("nazit_closed") when there is none, Conflict("nazit_over") after its end.
    """
    authorize(
        policy.may_join_aftertalk,
        actor,
        livestream,
        membership_of(db, actor, livestream.circle_id),
    )
    if not livestream.aftertalk or livestream.state not in (*ON_AIR, *OVER):
        raise Conflict("nazit_closed")
    if livestream.state in OVER and aftertalks.aftertalk_of(db, livestream.id) is None:
        raise Conflict("nazit_over")
    aftertalk = aftertalks.lock_aftertalk(db, _get_or_create(db, livestream))
    if aftertalk.state == "over":
        raise Conflict("nazit_over")
    now = clock.now()
    place = aftertalks.participant_of(db, aftertalk.id, actor.id)
    if place is None:
        place = AftertalkParticipant(aftertalk_id=aftertalk.id, user_id=actor.id, joined_at=now)
        db.add(place)
    place.is_in = True
    db.flush()
    return place


def enter_aftertalk(db: Session, actor: Actor, livestream: Livestream, *, tab: str) -> Aftertalk:
    """Heartbeat of a participant's open page, every 20 seconds.

    A participant without a partner in the running turn is paired as soon as possible; one who returns finds
    their talk.
    """
    authorize(
        policy.may_join_aftertalk,
        actor,
        livestream,
        membership_of(db, actor, livestream.circle_id),
    )
    joined = _find_joined(db, actor, livestream)
    if joined is None:
        raise Conflict("nazit_not_joined")
    aftertalk, place = joined
    now = clock.now()
    came = rules.is_gone(place, now) or place.tab is None
    place.tab, place.seen_at = tab, now
    db.flush()
    if came:
        _announce_arrival(db, aftertalk, place)
    return aftertalk


def leave_aftertalk(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Leave at any time; talk partners are paired again."""
    authorize(
        policy.may_join_aftertalk,
        actor,
        livestream,
        membership_of(db, actor, livestream.circle_id),
    )
    joined = _find_joined(db, actor, livestream)
    if joined is None:
        return
    aftertalk, place = joined
    place.is_in, place.tab = False, None
    db.flush()
    if aftertalk.state == "talking":
        announce(db, ParticipantFreed(aftertalk.id, int(rules.START_DELAY.total_seconds())))
        announce(db, AftertalkChanged(aftertalk.id, _talk_partners(db, aftertalk, actor.id)))


def _find_joined(
    db: Session, actor: Actor, livestream: Livestream
) -> tuple[Aftertalk, AftertalkParticipant] | None:
    """The after-talk and the actor's place in it; None for one who has not joined or has left."""
    aftertalk = aftertalks.aftertalk_of(db, livestream.id)
    place = aftertalks.participant_of(db, aftertalk.id, actor.id) if aftertalk is not None else None
    return (aftertalk, place) if aftertalk is not None and place is not None and place.is_in else None


def mark_tab_closed(db: Session, actor: Actor, tab: str) -> None:
    """A page closed without leaving; it may return within RELOAD_GRACE."""
    authorize(rounds_policy.may_run, actor)
    place = aftertalks.participant_of_tab(db, tab)
    if place is None:
        return
    place.tab, place.seen_at = None, clock.now()
    db.flush()
    announce(db, ParticipantFreed(place.aftertalk_id, int(rules.AWAY_TIMEOUT.total_seconds())))


def open_aftertalk(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Start when the livestream ended; over at once if it is switched off. Idempotent."""
    authorize(rounds_policy.may_run, actor)
    if not livestream.aftertalk and aftertalks.aftertalk_of(db, livestream.id) is None:
        return
    aftertalk = aftertalks.lock_aftertalk(db, _get_or_create(db, livestream))
    if aftertalk.opened_at is not None:
        return
    aftertalk.opened_at = clock.now()
    aftertalk.state = "gathering" if livestream.aftertalk else "over"
    aftertalk.next_at = aftertalk.opened_at + rules.FIRST_TURN_DELAY if livestream.aftertalk else None
    aftertalk.step += 1
    db.flush()
    announce(db, AftertalkAdvanced(aftertalk.id, aftertalk.step))


def _get_or_create(db: Session, livestream: Livestream) -> Aftertalk:
    """Of two concurrent first participants both get the same row."""
    aftertalk, _created = get_or_create(
        db,
        lambda: aftertalks.aftertalk_of(db, livestream.id),
        lambda: Aftertalk(livestream_id=livestream.id, state="gathering", turn=0, step=0),
    )
    return aftertalk


def _announce_arrival(db: Session, aftertalk: Aftertalk, place: AftertalkParticipant) -> None:
    if aftertalk.state == "talking":
        announce(db, ParticipantFreed(aftertalk.id, int(rules.START_DELAY.total_seconds())))
        announce(db, AftertalkChanged(aftertalk.id, _talk_partners(db, aftertalk, place.user_id)))
    elif aftertalk.state == "gathering" and aftertalk.opened_at is not None:
        aftertalk = aftertalks.lock_aftertalk(db, aftertalk)
        now = clock.now()
        soon = aftertalk.next_at is not None and aftertalk.next_at <= now + rules.FIRST_TURN_DELAY
        # Enough participants now: begin soon.
        waiting = aftertalks.list_unpaired(db, aftertalk, now) if not soon else []
        if aftertalk.state == "gathering" and aftertalks.may_pair(db, aftertalk, waiting):
            aftertalk.next_at, aftertalk.step = now + rules.START_DELAY, aftertalk.step + 1
            db.flush()
            announce(db, AftertalkAdvanced(aftertalk.id, aftertalk.step))


def _talk_partners(db: Session, aftertalk: Aftertalk, user_id: str) -> tuple[str, ...]:
    talk = aftertalks.running_talks(aftertalks.list_talks(db, aftertalk)).get(user_id)
    seats = talk.seats if talk is not None else []
    return tuple(seat.user_id for seat in seats if seat.user_id != user_id)
