"""Actions on recordings: expect, attach, announce, mark broken, remove; and watch progress."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create
from events.core.errors import Conflict, Invalid
from events.livestreams.actions.transitions import hide_replay, show_replay
from events.livestreams.models import Livestream
from events.livestreams.rules.providers import Source
from events.livestreams.rules.sources import link_of, parse_source
from events.livestreams.rules.states import OVER
from events.recordings import policy, rules
from events.recordings.forms import AttachRecording, SaveProgress
from events.recordings.models import Chapter, Progress, Recording
from events.recordings.queries import recording_page
from events.recordings.signals import RecordingAnnounced, RecordingReady


def expect_recording(db: Session, actor: Actor, livestream: Livestream) -> Recording:
    """Idempotent."""
    authorize(policy.may_expect, actor)
    recording, _created = get_or_create(
        db,
        lambda: recording_page.recording_of(db, livestream.id),
        lambda: Recording(livestream_id=livestream.id),
    )
    return recording


def attach_recording(
    db: Session, actor: Actor, livestream: Livestream, data: AttachRecording, *, local_sources: bool = False
) -> Recording:
    """Attach or change the link. The first time the livestream becomes a replay."""
    authorize(policy.may_attach, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if livestream.state not in OVER:
        raise Conflict("recording_too_early")
    source = _source(data.link, local_sources)
    summary = rules.parse_summary(data.summary or "")
    chapters = rules.parse_chapters(data.chapters or "")
    recording = expect_recording(db, SYSTEM, livestream)
    if (recording.provider, recording.source_ref) != (source.provider, source.ref):
        recording.provider, recording.source_ref, recording.length = source.provider, source.ref, None
    began_at = livestream.went_live_at or livestream.starts_at
    recording.zero_at = rules.zero_at_of(began_at, rules.parse_clock(data.offset or "0:00"))
    recording.summary = "\n".join(summary)
    _write_chapters(db, recording, chapters)
    if recording.state != "ready":
        first = recording.ready_at is None
        recording.state, recording.ready_at = "ready", recording.ready_at or clock.now()
        if livestream.state == "ended":
            show_replay(db, SYSTEM, livestream)
        if first:
            announce(db, RecordingReady(recording.id))
    return recording


def attach_same_link(db: Session, actor: Actor, livestream: Livestream) -> Recording:
    """Use the livestream's own link; summary and chapters are kept."""
    authorize(policy.may_attach, actor, livestream, membership_of(db, actor, livestream.circle_id))
    if not livestream.replays_at_its_link:
        raise Conflict("no_same_link")
    given = recording_page.draft_of(db, livestream) | {
        "link": link_of(livestream.provider, livestream.source_ref)
    }
    return attach_recording(db, actor, livestream, AttachRecording(**given))


def remove_recording(db: Session, actor: Actor, livestream: Livestream) -> None:
    """Remove the link and wait for a recording again. Summary, chapters and progress are kept."""
    authorize(policy.may_attach, actor, livestream, membership_of(db, actor, livestream.circle_id))
    recording = recording_page.recording_of(db, livestream.id)
    if recording is None or recording.state == "expected":
        return
    recording.state, recording.provider, recording.source_ref = "expected", None, None
    if livestream.state == "replay":
        hide_replay(db, SYSTEM, livestream)


def set_health(db: Session, actor: Actor, livestream: Livestream, *, broken: bool) -> Recording:
    """Mark the recording unplayable or playable again."""
    authorize(policy.may_attach, actor, livestream, membership_of(db, actor, livestream.circle_id))
    recording = recording_page.recording_of(db, livestream.id)
    if recording is None or recording.state == "expected":
        raise Conflict("recording_not_ready")
    recording.state = "broken" if broken else "ready"
    return recording


def announce_recording(db: Session, actor: Actor, livestream: Livestream) -> Recording:
    """Mail that it is ready, once. Raises Conflict if it is not."""
    authorize(policy.may_attach, actor, livestream, membership_of(db, actor, livestream.circle_id))
    recording = recording_page.recording_of(db, livestream.id)
    if recording is None or recording.state != "ready":
        raise Conflict("recording_not_ready")
    if recording.announced_at is None:
        recording.announced_at = clock.now()
        announce(db, RecordingAnnounced(recording.id))
    return recording


def save_progress(
    db: Session, actor: Actor, recording: Recording, livestream: Livestream, data: SaveProgress
) -> Progress:
    """Store the actor's position; the furthest point never decreases. Private."""
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_save_progress, actor, livestream, membership)
    if recording.state != "ready":
        raise Conflict("recording_not_ready")
    progress = _own_progress(db, recording, actor.id)
    progress.second = data.second
    progress.furthest = max(progress.furthest, data.second)
    length = recording.length or data.length or rules.length_of(recording, livestream)
    progress.finished = rules.is_finished(data.second, length)
    progress.changed_at = clock.now()
    if data.length is not None and _may_set_length(actor, recording, livestream, membership, data.length):
        recording.length = data.length
    return progress


def _may_set_length(
    actor: Actor, recording: Recording, livestream: Livestream, membership: Membership | None, length: int
) -> bool:
    """The length is shown to everyone: directors correct it, members only fill it in, within
    bounds."""
    if policy.may_attach(actor, livestream, membership):
        return True
    lasted = rules.length_of(recording, livestream)
    return membership is not None and recording.length is None and rules.is_plausible(length, lasted)


def _own_progress(db: Session, recording: Recording, user_id: str) -> Progress:
    progress, _created = get_or_create(
        db,
        lambda: recording_page.progress_of(db, recording.id, user_id),
        lambda: Progress(recording_id=recording.id, user_id=user_id, furthest=0, changed_at=clock.now()),
    )
    return progress


def _source(link: str, local_sources: bool) -> Source:
    try:
        return parse_source(link, local=local_sources, field="link")
    except Invalid:
        raise Invalid("bad_recording", fields=[("link", "bad_recording")]) from None


def _write_chapters(db: Session, recording: Recording, chapters: list[tuple[int, str]]) -> None:
    db.execute(delete(Chapter).where(Chapter.recording_id == recording.id))
    db.add_all(Chapter(recording_id=recording.id, second=second, title=title) for second, title in chapters)
    db.flush()
