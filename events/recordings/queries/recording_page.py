"""Queries about one recording: its panel, its form, and the recipients of its announcement."""

from dataclasses import dataclass, field

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from events.accounts.models import MailChoice
from events.circles.models import Membership
from events.circles.policy import may_see_members
from events.circles.queries.circles import list_member_ids, membership_of
from events.core.auth.actor import Actor
from events.core.db.read_batch import read_once
from events.core.errors import NotFound
from events.core.ids import ID_LENGTH
from events.core.text.markup import clock_text
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream, list_agenda
from events.livestreams.rules.sources import THIRD_PARTIES, link_of, player_of
from events.livestreams.rules.states import OVER
from events.recordings import policy, rules
from events.recordings.models import Chapter, Progress, Recording
from events.recordings.queries.chat_replay import ChatPage, read_chat_page
from events.registrations.models import Registration
from events.registrations.queries.registrations import list_coming

MAIL_KIND = "recording_ready"  # kind of mail, see `accounts.rules.MAIL_KINDS`


@dataclass(frozen=True)
class Panel:
    """View data of `recordings/_panel.html`. `state` is None while there can be no recording yet.

    `left_at` is this reader's position, `length` as reported by a player; both in seconds.
    """

    livestream: Livestream
    state: str | None = None
    recording: Recording | None = None
    source: dict[str, str] = field(default_factory=dict)
    summary: list[str] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    said: ChatPage = field(default_factory=ChatPage)
    left_at: int = 0
    may_attach: bool = False
    keeps_progress: bool = False
    invites: bool = False  # the reader may invite a message's author for a coffee

    @property
    def own_media(self) -> bool:
        """Whether our own player shows it, so that its speed can be set."""
        return bool(self.source) and self.source["provider"] not in THIRD_PARTIES


def recording_of(db: Session, livestream_id: str) -> Recording | None:
    query = select(Recording).where(Recording.livestream_id == livestream_id)
    return read_once(db, ("recording", livestream_id), lambda: db.scalar(query))


def list_chapters(db: Session, recording_id: str) -> list[Chapter]:
    query = select(Chapter).where(Chapter.recording_id == recording_id).order_by(Chapter.second)
    return list(db.scalars(query))


def get_watchable(db: Session, actor: Actor, recording_id: str) -> tuple[Recording, Livestream]:
    """The recording and its livestream. Raises NotFound if the actor may not watch."""
    well_formed = len(recording_id) == ID_LENGTH and recording_id.isalnum()
    recording = db.get(Recording, recording_id) if well_formed else None
    if recording is None:
        raise NotFound
    livestream = get_livestream(db, recording.livestream_id)
    if not policy.may_watch(actor, livestream, membership_of(db, actor, livestream.circle_id)):
        raise NotFound
    return recording, livestream


def progress_of(db: Session, recording_id: str, user_id: str) -> Progress | None:
    """One person's position; shown to that person only."""
    query = select(Progress).where(Progress.recording_id == recording_id, Progress.user_id == user_id)
    return db.scalar(query)


def panel_of(
    db: Session, actor: Actor, livestream: Livestream, position: rules.MediaPosition | None = None
) -> Panel:
    """Runs no query before the livestream ended."""
    if livestream.state not in OVER:
        return Panel(livestream)
    membership = membership_of(db, actor, livestream.circle_id)
    keeps = policy.may_save_progress(actor, livestream, membership)
    recording, progress, chapters = _read(db, livestream.id, actor.person_id if keeps else None)
    may_attach = policy.may_attach(actor, livestream, membership)
    if recording is None or recording.state != "ready" or recording.zero_at is None:
        state = recording.state if recording is not None else "expected"
        return Panel(livestream, state, recording, may_attach=may_attach)
    return Panel(
        livestream,
        "ready",
        recording,
        source=player_of(recording.provider, recording.source_ref),
        summary=recording.summary.splitlines(),
        chapters=chapters,
        said=read_chat_page(db, livestream, recording, position or rules.MediaPosition()),
        left_at=rules.resume_second(progress),
        may_attach=may_attach,
        keeps_progress=keeps,
        invites=may_see_members(actor, membership),
    )


def _read(
    db: Session, livestream_id: str, person_id: str | None
) -> tuple[Recording | None, Progress | None, list[Chapter]]:
    """The recording with this person's progress and its chapters, in one query."""
    query = (
        select(Recording, Progress, Chapter)
        .outerjoin(Progress, (Progress.recording_id == Recording.id) & (Progress.user_id == person_id))
        .outerjoin(Chapter, Chapter.recording_id == Recording.id)
        .where(Recording.livestream_id == livestream_id)
        .order_by(Chapter.second)
    )
    rows = db.execute(query).all()
    if not rows:
        return None, None, []
    recording, progress, _chapter = rows[0]
    return recording, progress, [chapter for _recording, _progress, chapter in rows if chapter is not None]


def suggested_chapters(db: Session, livestream: Livestream, recording: Recording | None) -> str:
    """Editable text: the stored chapters, else the times of the agenda items."""
    if recording is not None and (stored := list_chapters(db, recording.id)):
        return rules.chapters_text((chapter.second, chapter.title) for chapter in stored)
    zero_at = (recording.zero_at if recording is not None else None) or livestream.went_live_at
    if zero_at is None:
        return ""
    return rules.chapters_text(
        (rules.second_of(item.began_at, zero_at), item.title)
        for item in list_agenda(db, livestream.id)
        if item.began_at is not None
    )


def draft_of(db: Session, livestream: Livestream) -> dict[str, str]:
    """Initial form values: the attached recording, else suggestions from the desk."""
    recording = recording_of(db, livestream.id)
    given = {"chapters": suggested_chapters(db, livestream, recording)}
    if livestream.replays_at_its_link:
        given["link"] = link_of(livestream.provider, livestream.source_ref)
    if recording is not None and recording.zero_at is not None:
        began_at = livestream.went_live_at or livestream.starts_at
        given["offset"] = clock_text(rules.offset_of(began_at, recording.zero_at))
        given["summary"] = recording.summary
        given["link"] = link_of(recording.provider, recording.source_ref) or given.get("link", "")
    return given


def select_rewatcher_count(livestream_id: str) -> Select[int]:
    """How many people watched the recording; who they are is private."""
    query = select(func.count(Progress.id)).join(Recording, Recording.id == Progress.recording_id)
    return query.where(Recording.livestream_id == livestream_id)


def list_announcement_recipients(db: Session, livestream: Livestream) -> list[str]:
    """Ids of members and attendees who accept this kind of mail."""
    ids = dict.fromkeys(list_member_ids(db, livestream.circle_id))
    ids |= dict.fromkeys(registration.user_id for registration in list_coming(db, livestream.id))
    silent = set(
        db.scalars(
            select(MailChoice.user_id).where(MailChoice.kind == MAIL_KIND, MailChoice.user_id.in_(list(ids)))
        )
    )
    return [user_id for user_id in ids if user_id not in silent]


def count_announcement_recipients(db: Session, livestream: Livestream) -> int:
    members = select(Membership.user_id).where(Membership.circle_id == livestream.circle_id)
    came = select(Registration.user_id).where(
        Registration.livestream_id == livestream.id, Registration.state == "coming"
    )
    all_ = union(members, came).subquery()
    silent = select(MailChoice.user_id).where(MailChoice.kind == MAIL_KIND)
    query = select(func.count()).select_from(all_).where(all_.c.user_id.not_in(silent))
    return db.scalar(query) or 0
