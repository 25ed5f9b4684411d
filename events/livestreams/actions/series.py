"""Actions on series: plan evenings in a rhythm, change several at once, announce each in its time."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict
from events.core.ids import new_id
from events.core.text.markup import slugify
from events.livestreams import policy
from events.livestreams.actions.planning import edit_livestream
from events.livestreams.actions.transitions import cancel_livestream, publish_livestream
from events.livestreams.forms import CancelLivestream, LivestreamForm, MakeSeries, SetAnnouncement
from events.livestreams.models import AgendaItem, Livestream, Series
from events.livestreams.queries.livestreams import list_agenda, lock_livestream
from events.livestreams.queries.plans import CHANGEABLE, get_series, list_evenings, local_day, plan_of
from events.livestreams.rules.rhythms import announcements, days_of, rhythms_of, start_on
from events.livestreams.rules.sources import is_lasting

TIMES = ("hour", "minutes")
NEVER_SHARED = ("day", "source", "host")  # the host goes by the id
COPIED = (
    "circle_id", "host_id", "title", "lead", "description", "preset", "audience", "guests_allowed",
    "capacity", "aftertalk", "zone", "auto_end_minutes",
)  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """How many other evenings of the series followed a change, and how many kept what is their own."""

    others: int = 0
    kept: int = 0


def create_series(db: Session, actor: Actor, livestream: Livestream, data: MakeSeries) -> Series:
    """Make `livestream` the first of several in a rhythm; the others are drafts that announce themselves.

    Idempotent: of two presses the second finds the series. An announcement that is due leaves at once.
    """
    authorize(policy.may_plan, actor, membership_of(db, actor, livestream.circle_id))
    livestream = lock_livestream(db, livestream)
    known = get_series(db, livestream)
    if known is not None:
        return known
    first = local_day(livestream)
    if livestream.state not in CHANGEABLE or data.rhythm not in rhythms_of(first):
        raise Conflict("wrong_state")
    series = Series(
        circle_id=livestream.circle_id,
        rhythm=data.rhythm,
        announce_days=data.announce_days,
        created_at=clock.now(),
    )
    db.add(series)
    db.flush()
    livestream.series_id = series.id
    agenda = list_agenda(db, livestream.id)
    for day in days_of(first, data.rhythm, data.count)[1:]:
        _copy_to(db, livestream, day, agenda)
    _plan_announcements(db, series)
    for evening in list_evenings(db, series):
        if _is_due(evening):
            publish_livestream(db, actor, evening)
    return series


def edit_evenings(
    db: Session, actor: Actor, livestream: Livestream, data: LivestreamForm, *, local_sources: bool = False
) -> Changed:
    """Change one evening, and by `data.scope` those after it or all of its series likewise.

    Another evening takes what changed here unless it has a value of its own there; one that was moved
    by itself keeps its time, one that is cancelled or began stays as it is.
    """
    membership = membership_of(db, actor, livestream.circle_id)
    one_only = data.scope in {None, "one"}
    authorize(policy.may_direct if one_only else policy.may_change_all, actor, livestream, membership)
    before, began_at = plan_of(db, livestream), livestream.starts_at
    edit_livestream(db, actor, livestream, data, local_sources=local_sources)
    series = get_series(db, livestream)
    if series is None:
        return Changed()
    db.flush()
    db.refresh(livestream, ["host"])
    after = plan_of(db, livestream)
    changed = {name: value for name, value in after.items() if value != before[name]}
    if "day" in changed or (one_only and "hour" in changed):
        livestream.own_time = True
    followed = kept = 0
    shared = {name: value for name, value in changed.items() if name not in NEVER_SHARED}
    for other in list_evenings(db, series) if shared and not one_only else ():
        if other.id == livestream.id or other.state not in CHANGEABLE:
            continue
        if data.scope == "after" and other.starts_at <= began_at:
            continue
        own = plan_of(db, other)
        taken = {name: value for name, value in shared.items() if _takes(other, own, before, name)}
        kept += len(taken) < len(shared)
        if taken:
            if "host_id" in taken:
                taken["host"] = after["host"]
            form = LivestreamForm.model_validate(own | taken)
            edit_livestream(db, actor, other, form, local_sources=local_sources)
            followed += 1
    _plan_announcements(db, series)
    return Changed(followed, kept)


def set_announcement(db: Session, actor: Actor, livestream: Livestream, data: SetAnnouncement) -> Series:
    """How long before each evening of the series is announced; those announced already stay so."""
    series = _directed(db, actor, livestream)
    series.announce_days = data.announce_days
    _plan_announcements(db, series)
    return series


def stop_series(db: Session, actor: Actor, livestream: Livestream) -> int:
    """Cancel all evenings that nobody was told of; returns how many. Idempotent."""
    series = _directed(db, actor, livestream)
    drafts = [evening for evening in list_evenings(db, series) if evening.state == "draft"]
    for evening in drafts:
        cancel_livestream(db, actor, evening, CancelLivestream())
    return len(drafts)


def announce_when_due(db: Session, actor: Actor, livestream: Livestream) -> bool:
    """Publish a draft of a series in its time. Idempotent."""
    authorize(policy.may_transition_automatically, actor)
    livestream = lock_livestream(db, livestream)
    if not _is_due(livestream):
        return False
    publish_livestream(db, actor, livestream)
    return True


def _copy_to(db: Session, livestream: Livestream, day: date, agenda: list[AgendaItem]) -> None:
    """A draft of the same series on that day; with the source only if that lasts."""
    hour = livestream.starts_at.astimezone(ZoneInfo(livestream.zone)).time()
    starts_at = start_on(day, hour, livestream.zone)
    lasting = is_lasting(livestream.provider)
    copy = Livestream(
        **{name: getattr(livestream, name) for name in COPIED},
        provider=livestream.provider if lasting else None,
        source_ref=livestream.source_ref if lasting else None,
        series_id=livestream.series_id,
        slug=slugify(livestream.title),
        starts_at=starts_at,
        ends_at=starts_at + (livestream.ends_at - livestream.starts_at),
        calendar_uid=f"{new_id()}@ontmoet",
        created_at=clock.now(),
    )
    db.add(copy)
    db.flush()
    db.add_all(
        AgendaItem(livestream_id=copy.id, position=item.position, minute=item.minute, title=item.title)
        for item in agenda
    )


def _directed(db: Session, actor: Actor, livestream: Livestream) -> Series:
    authorize(policy.may_plan, actor, membership_of(db, actor, livestream.circle_id))
    series = get_series(db, livestream)
    if series is None:
        raise Conflict("not_in_series")
    return series


def _takes(other: Livestream, own: dict[str, object], before: dict[str, object], name: str) -> bool:
    if name in TIMES and other.own_time:
        return False
    return own[name] == before[name]


def _is_due(livestream: Livestream) -> bool:
    now, at = clock.now(), livestream.announce_at
    return livestream.state == "draft" and at is not None and at <= now < livestream.starts_at


def _plan_announcements(db: Session, series: Series) -> None:
    db.flush()
    evenings = [evening for evening in list_evenings(db, series) if evening.state != "cancelled"]
    if not evenings:
        return
    starts = [evening.starts_at for evening in evenings]
    times = announcements(starts, series.announce_days, evenings[0].zone)
    for evening, at in zip(evenings, times, strict=True):
        evening.announce_at = at if evening.state == "draft" else None
    db.flush()
