"""Action that enters an evening held elsewhere: when, who came, and the recording."""

from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.core.auth.actor import Actor
from events.core.errors import Invalid
from events.livestreams.actions.held import create_held, mark_held
from events.livestreams.models import Livestream
from events.livestreams.rules.schedule import utc_of_wall_time
from events.presence.actions import record_attendance
from events.recordings.actions import attach_recording
from events.recordings.forms import AttachRecording
from events.registrations.queries.registrations import list_coming
from events.stage.forms import HeldEvening
from events.stage.queries import list_named_members
from events.stage.rules import match_names, split_names


def enter_held_evening(
    db: Session,
    actor: Actor,
    circle: Circle,
    livestream: Livestream | None,
    data: HeldEvening,
    *,
    local_sources: bool = False,
) -> Livestream:
    """`livestream` is the one that was planned here, if any; the actions below check the rights."""
    starts_at = utc_of_wall_time(data.day, data.hour, circle.zone)
    if livestream is None:
        held = create_held(db, actor, circle, data.title, starts_at, data.minutes)
    else:
        held = mark_held(db, actor, livestream, data.title, starts_at, data.minutes)
    came = _named(db, actor, circle, data.names or "")
    if livestream is not None and data.came == "registered":
        came |= {place.user_id for place in list_coming(db, held.id)}
    record_attendance(db, actor, held, came)
    if data.link:
        attach_recording(db, actor, held, AttachRecording(link=data.link), local_sources=local_sources)
    return held


def _named(db: Session, actor: Actor, circle: Circle, typed: str) -> set[str]:
    """Raises Invalid with the names that mean nobody, or more than one."""
    names = split_names(typed)
    found, unclear = match_names(names, list_named_members(db, actor, circle)) if names else (set(), [])
    if unclear:
        raise Invalid("names_unclear", fields=[("names", "names_unclear")], names=", ".join(unclear[:8]))
    return found
