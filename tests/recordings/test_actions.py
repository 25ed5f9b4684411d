"""Lifecycle of a recording: expected, attached, announced, broken, removed; and progress."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.bus import after_commit
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from events.core.jobs import queue
from events.livestreams.actions.transitions import end_livestream
from events.livestreams.models import Livestream
from events.recordings import actions
from events.recordings.forms import AttachRecording, SaveProgress
from events.recordings.models import Progress, Recording
from events.recordings.queries import recording_page as recordings_one
from events.recordings.queries import shelf
from events.recordings.signals import RecordingAnnounced, RecordingReady
from tests.factories.livestreams import make_livestream
from tests.factories.recordings import make_recording
from tests.support.cast import Cast, acting_as
from tests.support.types import SetClock

pytestmark = pytest.mark.postgres
LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
heard: list[object] = []


@after_commit(RecordingReady, RecordingAnnounced)
def _hear(signal: object) -> None:
    heard.append(signal)


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    heard.clear()


def attach(livestream: Livestream, actor: Actor, **fields: str) -> Recording:
    with unit_of_work() as db:
        row = db.get_one(Livestream, livestream.id)
        return actions.attach_recording(db, actor, row, AttachRecording(**{"link": LINK, **fields}))


@pytest.fixture
def ended(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state="ended")


def test_when_a_livestream_ends_a_recording_is_expected_once(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="live")
    with unit_of_work() as db:
        end_livestream(db, acting_as(cast.anna), db.get_one(Livestream, livestream.id))
    queue.run_due()
    with unit_of_work() as db:
        actions.expect_recording(db, SYSTEM, db.get_one(Livestream, livestream.id))
        assert [item.state for item in db.scalars(select(Recording))] == ["expected"]


def test_a_pasted_link_turns_the_page_into_the_replay(cast: Cast, ended: Livestream) -> None:
    recording = attach(
        ended, acting_as(cast.anna), offset="5:00", summary="One\nTwo", chapters="0:00 Welcome"
    )
    with unit_of_work() as db:
        livestream = db.get_one(Livestream, ended.id)
        panel = recordings_one.panel_of(db, acting_as(cast.bram), livestream)
    assert livestream.state == "replay"
    assert (panel.state, panel.source["provider"], panel.summary) == ("ready", "youtube", ["One", "Two"])
    assert [chapter.title for chapter in panel.chapters] == ["Welcome"]
    assert ended.went_live_at is not None
    assert recording.zero_at == ended.went_live_at - timedelta(minutes=5)
    assert heard == [RecordingReady(recording.id)]


def test_attaching_again_changes_the_link_without_a_second_signal(cast: Cast, ended: Livestream) -> None:
    attach(ended, acting_as(cast.anna), chapters="0:00 Welcome\n1:00 More")
    attach(ended, acting_as(cast.anna), link="https://vimeo.com/12345678", chapters="0:00 Hello")
    with unit_of_work() as db:
        recording = db.scalars(select(Recording)).one()
        assert (recording.provider, recording.state) == ("vimeo", "ready")
        assert [chapter.title for chapter in recordings_one.list_chapters(db, recording.id)] == ["Hello"]
    assert len(heard) == 1


def test_the_link_of_the_livestream_itself_becomes_the_recording(cast: Cast) -> None:
    with unit_of_work() as db:
        ended = make_livestream(
            db, cast.circle, cast.anna, state="ended", provider="youtube", source_ref="dQw4w9WgXcQ"
        )
    attach(
        ended, acting_as(cast.anna), link="https://vimeo.com/12345678", summary="One", chapters="0:30 Hello"
    )
    with unit_of_work() as db:
        actions.remove_recording(db, acting_as(cast.anna), db.get_one(Livestream, ended.id))
    with unit_of_work() as db:
        actions.attach_same_link(db, acting_as(cast.anna), db.get_one(Livestream, ended.id))
    with unit_of_work() as db:
        recording = db.scalars(select(Recording)).one()
        assert db.get_one(Livestream, ended.id).state == "replay"
        assert (recording.provider, recording.source_ref) == ("youtube", "dQw4w9WgXcQ")
        assert recording.summary == "One"
        assert [chapter.title for chapter in recordings_one.list_chapters(db, recording.id)] == ["Hello"]


@pytest.mark.parametrize(("name", "provider"), [("bram", "youtube"), ("olga", "youtube"), ("anna", "hls")])
def test_the_live_link_is_attached_only_by_a_director_and_if_it_replays(
    cast: Cast, name: str, provider: str
) -> None:
    with unit_of_work() as db:
        ended = make_livestream(db, cast.circle, cast.anna, state="ended", provider=provider)
    with pytest.raises(Conflict if name == "anna" else Forbidden), unit_of_work() as db:
        actions.attach_same_link(db, acting_as(getattr(cast, name)), db.get_one(Livestream, ended.id))


@pytest.mark.parametrize("name", ["bram", "olga"])
def test_only_directors_attach_a_recording(cast: Cast, ended: Livestream, name: str) -> None:
    with pytest.raises(Forbidden):
        attach(ended, acting_as(getattr(cast, name)))


def test_a_key_holder_cannot_attach_a_recording(cast: Cast, ended: Livestream) -> None:
    by_key = Actor(kind="key", person_id=cast.anna.id, keys=frozenset({("livestream", ended.id)}))
    with pytest.raises(Forbidden):
        attach(ended, by_key)


@pytest.mark.parametrize("state", ["announced", "live", "cancelled"])
def test_there_is_no_recording_before_the_end(cast: Cast, state: str) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state=state)
    with pytest.raises(Conflict):
        attach(livestream, acting_as(cast.anna))


@pytest.mark.parametrize(
    "link",
    [
        "http://films.example.org:8080/a.mp4",
        "https://films.example.org/page",
        "javascript:alert(1)",
        "https://user@films.example.org/a.mp4",
        "https://10.0.0.1/a.mp4",
        "https://youtube.com/watch?v=short",
        "https://evil.example/?youtube.com/watch?v=dQw4w9WgXcQ",
    ],
)
def test_an_invalid_recording_link_is_refused(cast: Cast, ended: Livestream, link: str) -> None:
    with pytest.raises(Invalid) as refused:
        attach(ended, acting_as(cast.anna), link=link)
    assert refused.value.fields == [("link", "bad_recording")]
    with unit_of_work() as db:
        assert db.get_one(Livestream, ended.id).state == "ended"


def test_removing_the_link_keeps_summary_and_chapters(cast: Cast, ended: Livestream) -> None:
    attach(ended, acting_as(cast.anna), summary="One", chapters="0:00 Welcome")
    for _twice in range(2):
        with unit_of_work() as db:
            actions.remove_recording(db, acting_as(cast.anna), db.get_one(Livestream, ended.id))
    with unit_of_work() as db:
        recording = db.scalars(select(Recording)).one()
        assert (recording.state, recording.source_ref, recording.summary) == ("expected", None, "One")
        assert db.get_one(Livestream, ended.id).state == "ended"
        panel = recordings_one.panel_of(db, acting_as(cast.bram), db.get_one(Livestream, ended.id))
    assert (panel.state, panel.source) == ("expected", {})


def test_the_announcement_is_mailed_once_and_only_when_ready(cast: Cast, ended: Livestream) -> None:
    with unit_of_work() as db, pytest.raises(Conflict):
        actions.announce_recording(db, acting_as(cast.anna), db.get_one(Livestream, ended.id))
    recording = attach(ended, acting_as(cast.anna))
    for _twice in range(2):
        with unit_of_work() as db:
            actions.announce_recording(db, acting_as(cast.anna), db.get_one(Livestream, ended.id))
    assert heard.count(RecordingAnnounced(recording.id)) == 1
    with unit_of_work() as db, pytest.raises(Forbidden):
        actions.announce_recording(db, acting_as(cast.bram), db.get_one(Livestream, ended.id))


def test_a_broken_recording_shows_no_player(cast: Cast, ended: Livestream) -> None:
    attach(ended, acting_as(cast.anna))
    for broken, state in ((True, "broken"), (False, "ready")):
        with unit_of_work() as db:
            actions.set_health(db, acting_as(cast.anna), db.get_one(Livestream, ended.id), broken=broken)
        with unit_of_work() as db:
            panel = recordings_one.panel_of(db, acting_as(cast.bram), db.get_one(Livestream, ended.id))
        assert (panel.state, bool(panel.source)) == (state, not broken)


def test_the_position_is_saved_and_the_furthest_point_never_decreases(
    cast: Cast, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        recording = make_recording(db, livestream, length=None)
    for second, finished in ((754, False), (100, False), (3500, True), (200, False)):
        set_clock(timedelta(seconds=10))
        with unit_of_work() as db:
            actions.save_progress(
                db,
                acting_as(cast.dana),
                db.get_one(Recording, recording.id),
                db.get_one(Livestream, livestream.id),
                SaveProgress(second=second, length=3600),
            )
            assert db.scalars(select(Progress)).one().finished is finished
    with unit_of_work() as db:
        kept = db.scalars(select(Progress)).one()
        assert (kept.second, kept.furthest, kept.changed_at) == (200, 3500, clock.now())
        assert db.get_one(Recording, recording.id).length == 3600
        assert db.scalar(recordings_one.select_rewatcher_count(livestream.id)) == 1
        assert [item.second for item in shelf.list_unfinished(db, cast.dana.id)] == [200]
        assert shelf.list_unfinished(db, cast.bram.id) == []


@pytest.mark.parametrize(
    ("who", "length", "kept"),
    [("olga", 1, None), ("olga", 3600, None), ("dana", 1, None), ("dana", 80_000, None), ("dana", 3500, 3500),
     ("anna", 30, 30)],
)  # fmt: skip
def test_the_length_of_a_recording_is_the_teams_or_a_members_within_bounds(
    cast: Cast, who: str, length: int, kept: int | None
) -> None:
    """The length is shown to everyone, so an outsider's player never sets it."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay", audience="public")
        recording = make_recording(db, livestream, length=None)
        said = SaveProgress(second=1, length=length)
        actions.save_progress(db, acting_as(getattr(cast, who)), recording, livestream, said)
        assert recording.length == kept


def test_the_teams_player_corrects_a_length(cast: Cast) -> None:
    said = SaveProgress(second=1, length=3500)
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        recording = make_recording(db, livestream, length=3000)
        actions.save_progress(db, acting_as(cast.dana), recording, livestream, said)
        assert recording.length == 3000
        actions.save_progress(db, acting_as(cast.anna), recording, livestream, said)
        assert recording.length == 3500
