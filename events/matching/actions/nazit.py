"""Taking part in a nazit: tapping, being there, stopping; and its opening when the livestream ends."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.circles.queries import membership_of
from events.core import clock
from events.core.access import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.livestreams.models import Livestream
from events.livestreams.rules.states import ON_AIR, OVER
from events.matching import policy
from events.matching.models import Nazit, NazitPlace
from events.matching.queries import nazit as nazits
from events.matching.signals import NazitChanged, NazitLoosened, NazitStepped


def join_nazit(db: Session, actor: Actor, livestream: Livestream) -> NazitPlace:
    """Tap: before the end, while it gathers, or late; again after stopping as well."""
    authorize(policy.may_join_nazit, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if not livestream.nazit or livestream.state not in (*ON_AIR, *OVER):
        raise Conflict("nazit_closed")
    known = nazits.nazit_of(db, livestream.id)
    if known is None and livestream.state in OVER:
        raise Conflict("nazit_over")
    nazit = nazits.hold_nazit(db, known or _begin(db, livestream))
    if nazit.state == "over":
        raise Conflict("nazit_over")
    now = clock.now()
    place = nazits.place_of(db, nazit.id, actor.id)
    if place is None:
        place = NazitPlace(nazit_id=nazit.id, user_id=actor.id, said_at=now)
        db.add(place)
    place.is_in = True
    db.flush()
    return place


def enter_nazit(db: Session, actor: Actor, livestream: Livestream, *, tab: str) -> Nazit:
    """The page of somebody who tapped is open; it says so again every 20 seconds.

    Who comes into a turn with nobody to talk to is looked for somebody at once; who comes back to a talk
    finds the others still in it.
    """
    authorize(policy.may_join_nazit, actor, livestream, membership_of(db, actor, livestream.circle_id))
    nazit = nazits.nazit_of(db, livestream.id)
    place = nazits.place_of(db, nazit.id, actor.id) if nazit is not None else None
    if nazit is None or place is None or not place.is_in:
        raise Conflict("nazit_not_joined")
    now = clock.now()
    came = nazits.is_gone(place, now) or place.tab is None
    place.tab, place.seen_at = tab, now
    db.flush()
    if came:
        _came(db, nazit, place)
    return nazit


def leave_nazit(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Stop, at any moment; whoever was talked to is looked for somebody else."""
    authorize(policy.may_join_nazit, actor, livestream, membership_of(db, actor, livestream.circle_id))
    nazit = nazits.nazit_of(db, livestream.id)
    place = nazits.place_of(db, nazit.id, actor.id) if nazit is not None else None
    if nazit is None or place is None or not place.is_in:
        return
    place.is_in, place.tab = False, None
    db.flush()
    if nazit.state == "talking":
        announce(db, NazitLoosened(nazit.id, int(nazits.SOON.total_seconds())))
        announce(db, NazitChanged(nazit.id, _company(db, nazit, actor.id)))


def clear_nazit_tab(db: Session, actor: Actor, tab: str) -> None:
    """A page closed without a word; it may come back in a moment."""
    authorize(policy.may_run, actor)
    place = nazits.place_of_tab(db, tab)
    if place is None:
        return
    place.tab, place.seen_at = None, clock.now()
    db.flush()
    announce(db, NazitLoosened(place.nazit_id, int(nazits.ALONE.total_seconds())))


def open_nazit(db: Session, actor: Actor, livestream: Livestream) -> None:
    """The livestream ended: the first turn begins in a moment. Switched off, it is over before it began."""
    authorize(policy.may_run, actor)
    known = nazits.nazit_of(db, livestream.id)
    if known is None and not livestream.nazit:
        return
    nazit = nazits.hold_nazit(db, known or _begin(db, livestream))
    if nazit.opened_at is not None:
        return
    nazit.opened_at = clock.now()
    nazit.state = "gathering" if livestream.nazit else "over"
    nazit.next_at = nazit.opened_at + nazits.FIRST if livestream.nazit else None
    nazit.step += 1
    db.flush()
    announce(db, NazitStepped(nazit.id, nazit.step))


def _begin(db: Session, livestream: Livestream) -> Nazit:
    """The nazit of the livestream; of two who tap first at once, both find the same."""
    try:
        with db.begin_nested():
            begun = Nazit(livestream_id=livestream.id, state="gathering", turn=0, step=0)
            db.add(begun)
            db.flush()
    except IntegrityError:
        found = nazits.nazit_of(db, livestream.id)
        if found is None:
            raise
        return found
    return begun


def _came(db: Session, nazit: Nazit, place: NazitPlace) -> None:
    if nazit.state == "talking":
        announce(db, NazitLoosened(nazit.id, int(nazits.SOON.total_seconds())))
        announce(db, NazitChanged(nazit.id, _company(db, nazit, place.user_id)))
    elif nazit.state == "gathering" and nazit.opened_at is not None:
        nazit = nazits.hold_nazit(db, nazit)
        now = clock.now()
        soon = nazit.next_at is not None and nazit.next_at <= now + nazits.FIRST
        # Whoever waited for company has it now.
        waiting = nazits.list_unpaired(db, nazit, now) if not soon else []
        if nazit.state == "gathering" and nazits.may_pair(db, nazit, waiting):
            nazit.next_at, nazit.step = now + nazits.SOON, nazit.step + 1
            db.flush()
            announce(db, NazitStepped(nazit.id, nazit.step))


def _company(db: Session, nazit: Nazit, user_id: str) -> tuple[str, ...]:
    """Who is in a talk with this person now."""
    talk = nazits.running_talks(nazits.list_talks(db, nazit)).get(user_id)
    seats = talk.seats if talk is not None else []
    return tuple(seat.user_id for seat in seats if seat.user_id != user_id)
