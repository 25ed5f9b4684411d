"""Actions on presence: enter, leave, batched writes of stays, and reactions."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.livestreams.rules.states import GATHERED, ON_AIR
from events.presence import policy, queries
from events.presence.models import Stay
from events.presence.signals import LivestreamHeartbeat, LivestreamLeft, ReactionSent


def enter_livestream(
    db: Session,
    actor: Actor,
    livestream: Livestream,
    membership: Membership | None,
    tab: str,
    *,
    desk: bool = False,
) -> None:
    """Record a heartbeat of this tab, while the livestream is on.

    Visitors of a public livestream leave no record. `desk` marks a director, who is not counted as
    a viewer.
    """
    authorize(policy.may_enter, actor, livestream, membership)
    if livestream.state in GATHERED and policy.may_attend(actor, livestream, membership):
        announce(db, LivestreamHeartbeat(livestream.id, actor.id, tab, clock.now(), desk))


def leave_livestream(db: Session, actor: Actor, livestream: Livestream, tab: str) -> None:
    """The tab navigated away."""
    authorize(policy.may_leave, actor)
    announce(db, LivestreamLeft(tab, clock.now(), livestream.id))


def close_tab(db: Session, actor: Actor, tab: str) -> None:
    """End all stays of a closed socket."""
    authorize(policy.may_leave, actor)
    announce(db, LivestreamLeft(tab, clock.now()))


def write_stays(db: Session, actor: Actor, marks: list[LivestreamHeartbeat | LivestreamLeft]) -> None:
    """Write a batch of heartbeats and departures in the order they happened."""
    authorize(policy.may_write_stays, actor)
    tabs = {mark.tab for mark in marks}
    stays = {(stay.tab, stay.livestream_id): stay for stay in queries.list_open(db, tabs)}
    for mark in marks:
        if isinstance(mark, LivestreamHeartbeat):
            key = (mark.tab, mark.livestream_id)
            if key not in stays:
                stays[key] = _stay_of(mark)
                db.add(stays[key])
            stays[key].seen_at = mark.at
        else:
            for key in [key for key in stays if key[0] == mark.tab]:
                if mark.livestream_id in {None, key[1]}:
                    stays.pop(key).left_at = mark.at


def record_attendance(db: Session, actor: Actor, livestream: Livestream, user_ids: Collection[str]) -> None:
    """These people were at what was held elsewhere, from start to end. Adds only who is not there yet."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_record_attendance, actor, livestream, membership)
    known = queries.list_attendance(db, livestream.id)
    start, end = livestream.starts_at, livestream.ends_at
    db.add_all(
        Stay(
            livestream_id=livestream.id,
            user_id=user_id,
            tab=new_id(),
            entered_at=start,
            seen_at=end,
            left_at=end,
        )
        for user_id in sorted(set(user_ids) - known.keys())
    )
    db.flush()


def react(db: Session, actor: Actor, livestream: Livestream, kind: str) -> None:
    """Raises Conflict when nothing is on."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_react, actor, livestream, membership)
    if livestream.state not in ON_AIR:
        raise Conflict("not_on_now")
    announce(db, ReactionSent(livestream.id, kind))


def _stay_of(mark: LivestreamHeartbeat) -> Stay:
    return Stay(
        livestream_id=mark.livestream_id,
        user_id=mark.user_id,
        tab=mark.tab,
        desk=mark.desk,
        entered_at=mark.at,
    )
