"""Actions that create a livestream and edit its text, time, host, source and agenda."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from events.circles.models import Circle
from events.circles.policy import organises
from events.circles.queries.circles import find_membership, membership_of
from events.circles.queries.person_lookup import resolve_person, visible_ids
from events.circles.rules import label_of
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, Invalid
from events.core.i18n.formatting import in_language_of, translate
from events.core.ids import new_id
from events.core.realtime.revocations import revoke_sockets
from events.core.text.markup import slugify
from events.livestreams import policy
from events.livestreams.actions.transitions import close_lobby
from events.livestreams.forms import LivestreamForm
from events.livestreams.models import AUTO_END_MINUTES, AgendaItem, Livestream, LivestreamSlug
from events.livestreams.queries.livestreams import list_agenda
from events.livestreams.rules.agenda import parse_agenda
from events.livestreams.rules.presets import PRESETS
from events.livestreams.rules.providers import Source
from events.livestreams.rules.schedule import lobby_opens_at, utc_of_wall_time
from events.livestreams.rules.sources import parse_source
from events.livestreams.rules.states import UPCOMING
from events.livestreams.signals import (
    CapacityChanged,
    HostChanged,
    LivestreamMoved,
    LivestreamStateChanged,
)
from events.livestreams.transitions import take_step

MAX_START_IN_PAST = timedelta(minutes=15)  # tolerance for a start in the past
NOTHING = Source("", "")


def create_livestream(
    db: Session, actor: Actor, circle: Circle, data: LivestreamForm, *, local_sources: bool = False
) -> Livestream:
    """Create a draft. Empty fields take the preset's values, in the circle's language."""
    authorize(policy.may_plan, actor, membership_of(db, actor, circle.id))
    preset = PRESETS[data.preset]
    starts_at = _start_time(data, circle.zone)
    minutes = data.minutes or preset.minutes
    source = parse_source(data.source, local=local_sources) if data.source else NOTHING
    with in_language_of(circle.locale):
        lead = translate(preset.lead)
        agenda = [(minute, translate(title)) for minute, title in preset.agenda]
    livestream = Livestream(
        circle_id=circle.id,
        host_id=_resolve_host(db, actor, circle, data, actor.id),
        slug=slugify(data.title),
        title=data.title,
        lead=data.lead or lead,
        description=data.description or "",
        preset=data.preset,
        audience=data.audience,
        guests_allowed=preset.guests if data.guests is None else data.guests == "yes",
        capacity=data.capacity,
        aftertalk=data.aftertalk != "no",
        auto_end_minutes=data.auto_end or AUTO_END_MINUTES,
        zone=circle.zone,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        provider=source.provider or None,
        source_ref=source.ref or None,
        calendar_uid=f"{new_id()}@ontmoet",
        created_at=clock.now(),
    )
    db.add(livestream)
    db.flush()
    if data.agenda:
        agenda = parse_agenda(data.agenda, start=data.hour, length=minutes)
    _write_agenda(db, livestream, agenda)
    return livestream


def edit_livestream(
    db: Session, actor: Actor, livestream: Livestream, data: LivestreamForm, *, local_sources: bool = False
) -> Livestream:
    """A new time after publishing announces LivestreamMoved; a new source reaches open pages."""
    authorize(policy.may_direct, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if livestream.state == "cancelled":
        raise Conflict("wrong_state")
    source = parse_source(data.source, local=local_sources) if data.source else NOTHING
    length = data.minutes or int((livestream.ends_at - livestream.starts_at).total_seconds() // 60)
    agenda = parse_agenda(data.agenda or "", start=data.hour, length=length)
    moved = _change_time(livestream, data)
    switched = (livestream.provider or "", livestream.source_ref or "") != (source.provider, source.ref)
    _rename(db, livestream, data.title)
    livestream.lead, livestream.description = data.lead or "", data.description or ""
    if (livestream.audience, data.audience) == ("public", "members"):
        revoke_sockets(db, room=f"livestream:{livestream.slug}")  # visitors lose access
    resized = livestream.capacity != data.capacity
    livestream.preset, livestream.audience, livestream.capacity = data.preset, data.audience, data.capacity
    livestream.guests_allowed = livestream.guests_allowed if data.guests is None else data.guests == "yes"
    livestream.aftertalk = livestream.aftertalk if data.aftertalk is None else data.aftertalk == "yes"
    livestream.auto_end_minutes = data.auto_end or livestream.auto_end_minutes
    former_id = livestream.host_id
    livestream.host_id = _resolve_host(db, actor, livestream.circle, data, former_id)
    livestream.provider, livestream.source_ref = source.provider or None, source.ref or None
    _write_agenda(db, livestream, agenda)
    if moved and livestream.state == "missed":
        take_step(db, livestream, "replan")
    if moved and livestream.published_at is not None:
        livestream.sequence += 1
        announce(db, LivestreamMoved(livestream.id))
    if resized and livestream.published_at is not None:
        announce(db, CapacityChanged(livestream.id))
    if livestream.host_id != former_id and livestream.published_at is not None:
        livestream.host_sequence += 1
        announce(db, HostChanged(livestream.id, former_id))
    if livestream.state == "lobby" and lobby_opens_at(livestream) > clock.now():
        close_lobby(db, SYSTEM, livestream)
    elif moved or switched:
        livestream.version = Livestream.version + 1
        db.flush()
        announce(db, LivestreamStateChanged(livestream.id, livestream.version))
    return livestream


def _start_time(data: LivestreamForm, zone: str) -> datetime:
    """The typed start in UTC. Raises Invalid when it is over MAX_START_IN_PAST ago."""
    starts_at = utc_of_wall_time(data.day, data.hour, zone)
    if starts_at < clock.now() - MAX_START_IN_PAST:
        raise Invalid("start_passed", fields=[("day", "start_passed")])
    return starts_at


def _resolve_host(db: Session, actor: Actor, circle: Circle, data: LivestreamForm, present_id: str) -> str:
    """The member that was typed. Empty or unchanged text keeps the present host."""
    present = find_membership(db, present_id, circle.id)
    if (
        present is not None
        and data.host in {None, label_of(present.user)}
        and data.host_id in {None, present_id}
    ):
        return present_id
    among = visible_ids(db, actor, circle)
    team = organises(membership_of(db, actor, circle.id))
    return resolve_person(db, among, "host", data.host or "", data.host_id, by_address=team)


def _change_time(livestream: Livestream, data: LivestreamForm) -> bool:
    """Returns whether the time changed. Times are fixed once the livestream began."""
    starts_at = utc_of_wall_time(data.day, data.hour, livestream.zone)
    length = livestream.ends_at - livestream.starts_at
    ends_at = starts_at + (timedelta(minutes=data.minutes) if data.minutes else length)
    # The form has no seconds: a start that reads the same was not moved.
    same_start = starts_at == livestream.starts_at.replace(second=0, microsecond=0)
    if same_start and ends_at - starts_at == length:
        return False
    if livestream.state not in {"draft", "missed", *UPCOMING}:
        raise Invalid("already_began", fields=[("day", "already_began")])
    if not same_start:
        _start_time(data, livestream.zone)
    livestream.starts_at, livestream.ends_at = starts_at, ends_at
    return True


def _rename(db: Session, livestream: Livestream, title: str) -> None:
    """Set the title. The slug follows only for a draft: later, open pages use it."""
    if title != livestream.title and livestream.state == "draft":
        db.add(LivestreamSlug(slug=livestream.slug, livestream_id=livestream.id))
        livestream.slug = slugify(title)
    livestream.title = title


def _write_agenda(db: Session, livestream: Livestream, agenda: list[tuple[int, str]]) -> None:
    """Replace the agenda. An item with an unchanged title keeps its row and `began_at`."""
    old = list_agenda(db, livestream.id)
    if [(item.minute, item.title) for item in old] == agenda:
        return
    old_by_title = {item.title: item for item in old}
    db.execute(delete(AgendaItem).where(AgendaItem.livestream_id == livestream.id))
    for item in old:
        db.expunge(item)
    for position, (minute, title) in enumerate(agenda):
        before = old_by_title.pop(title, None)
        db.add(
            AgendaItem(
                id=before.id if before else new_id(),
                livestream_id=livestream.id,
                position=position,
                minute=minute,
                title=title,
                began_at=before.began_at if before else None,
            )
        )
    db.flush()
