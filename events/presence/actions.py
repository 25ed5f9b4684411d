"""Coming, staying, going, and a sign of appreciation."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from events.circles.queries import membership_of
from events.core import clock
from events.core.access import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.livestreams.models import Livestream
from events.livestreams.rules.states import ON_AIR, TOGETHER
from events.presence import policy, queries
from events.presence.models import Stay
from events.presence.signals import Reacted


def enter_livestream(
    db: Session, actor: Actor, livestream: Livestream, tab: str, *, desk: bool = False
) -> None:
    """Note that this tab is there, now and with every beat; only while the livestream is going on.

    Visitors may look in at a public one; of them nothing is kept. The desk is there, and does not watch.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_enter, actor, livestream, membership)
    if livestream.state not in TOGETHER or not policy.may_attend(actor, livestream, membership):
        return
    moment = clock.now()
    stay = queries.find_stay(db, livestream.id, tab)
    if stay is None:
        stay = Stay(livestream_id=livestream.id, user_id=actor.id, tab=tab, desk=desk, entered_at=moment)
        db.add(stay)
    stay.seen_at = moment


def leave_livestream(db: Session, actor: Actor, livestream: Livestream, tab: str) -> None:
    """This tab went to another page."""
    authorize(policy.may_leave, actor)
    stay = queries.find_stay(db, livestream.id, tab)
    if stay is not None:
        stay.left_at = clock.now()


def close_tab(db: Session, actor: Actor, tab: str) -> None:
    """The socket closed: whatever was open through it ends now."""
    authorize(policy.may_leave, actor)
    db.execute(update(Stay).where(Stay.tab == tab, Stay.left_at.is_(None)).values(left_at=clock.now()))


def react(db: Session, actor: Actor, livestream: Livestream, kind: str) -> None:
    """Applause and its like, while there is something to see."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_react, actor, livestream, membership)
    if livestream.state not in ON_AIR:
        raise Conflict("not_on_now")
    announce(db, Reacted(livestream.id, kind))
