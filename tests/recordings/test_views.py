"""Pages of recordings: shelf, form, replay and watch progress."""

import pytest
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from events.accounts.models import User
from events.core.db import session as database
from events.core.db.session import unit_of_work
from events.livestreams.models import AgendaItem, Livestream
from events.recordings.models import Progress, Recording
from tests.factories.accounts import make_key
from tests.factories.livestreams import make_livestream
from tests.factories.recordings import FILM, make_progress, make_recording, make_said
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage

pytestmark = pytest.mark.postgres


@pytest.fixture
def replay(cast: Cast) -> Livestream:
    """A livestream with a recording: Bram wrote at second 10, Anna a minute later."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        make_recording(db, livestream)
        make_said(db, livestream, cast.bram, "Hello from <b>Bram</b>", after=10)
        make_said(db, livestream, cast.anna, "Welcome all", after=70)
        return livestream


def recording_of(livestream: Livestream) -> Recording:
    with unit_of_work() as db:
        return db.scalars(select(Recording).where(Recording.livestream_id == livestream.id)).one()


def report(browser: PageClient, livestream: Livestream, body: object) -> TestResponse:
    return browser.report(f"/recordings/{recording_of(livestream).id}/progress", body)


def by_key(page: OpenPage, user: User, livestream: Livestream) -> PageClient:
    with unit_of_work() as db:
        key = make_key(db, user, "livestream", livestream.id)
    browser = page(None)
    with browser.client.session_transaction() as session:
        session["keys"] = [key.id]
    return browser


def test_the_organiser_pastes_a_link_and_the_page_becomes_the_replay(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
    anna = page(cast.anna)
    answer = anna.post(
        f"/livestreams/{livestream.slug}/recording",
        link=FILM,
        summary="Say the price first.",
        chapters="0:00 Welcome",
    )
    assert answer.status_code == 303
    shown = page(cast.dana).get(f"/livestreams/{livestream.slug}").text
    for words in (FILM, "Say the price first.", "Welcome", "In short"):
        assert words in shown


def test_an_invalid_form_keeps_its_input(cast: Cast, page: OpenPage, replay: Livestream) -> None:
    answer = page(cast.anna).post(
        f"/livestreams/{replay.slug}/recording",
        link="https://example.org/page",
        offset="soon",
        chapters="Welcome",
    )
    assert answer.status_code == 422
    assert "https://example.org/page" in answer.text
    assert "soon" in answer.text
    assert recording_of(replay).source_ref == FILM


@pytest.mark.parametrize("verb", ["", "/health", "/remove", "/announce"])
def test_recording_pages_are_for_directors_only(
    cast: Cast, page: OpenPage, replay: Livestream, verb: str
) -> None:
    address = f"/livestreams/{replay.slug}/recording{verb}"
    for person in (cast.bram, cast.dana, cast.olga):
        assert page(person).post(address, link=FILM).status_code == 404
    assert page(None).post(address, link=FILM).status_code == 303
    assert by_key(page, cast.anna, replay).post(address, link=FILM).status_code in {303, 404}
    kept = recording_of(replay)
    assert (kept.state, kept.announced_at, kept.source_ref) == ("ready", None, FILM)


def test_chapters_are_prefilled_from_the_agenda_items(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        for position, title in enumerate(("Welcome", "Never begun")):
            began_at = livestream.went_live_at if position == 0 else None
            db.add(
                AgendaItem(
                    livestream_id=livestream.id, position=position, minute=0, title=title, began_at=began_at
                )
            )
    shown = page(cast.anna).get(f"/livestreams/{livestream.slug}/recording").text
    assert "0:00 Welcome" in shown
    assert "Never begun" not in shown


def test_the_preview_counts_recipients_and_the_button_mails_once(
    cast: Cast, page: OpenPage, replay: Livestream
) -> None:
    anna = page(cast.anna)
    assert "One mail to 4 people" in anna.get(f"/livestreams/{replay.slug}/recording").text
    for _twice in range(2):
        assert anna.post(f"/livestreams/{replay.slug}/recording/announce").status_code == 303
    assert recording_of(replay).announced_at is not None
    assert "went out on" in anna.get(f"/livestreams/{replay.slug}/recording").text


def test_the_chat_replay_has_the_second_of_each_message(
    cast: Cast, page: OpenPage, replay: Livestream
) -> None:
    shown = page(cast.dana).get(f"/livestreams/{replay.slug}").text
    assert 'data-at="10"' in shown
    assert 'data-at="70"' in shown
    assert "Hello from &lt;b&gt;Bram" in shown


def test_the_content_security_policy_allows_the_players_origin_only(
    cast: Cast, page: OpenPage, replay: Livestream
) -> None:
    policy = page(cast.dana).get(f"/livestreams/{replay.slug}").headers["Content-Security-Policy"]
    assert "media-src 'self' blob: https://films.example.org" in policy
    assert "frame-src 'none'" in policy


def test_a_broken_recording_shows_a_message_and_no_player(
    cast: Cast, page: OpenPage, replay: Livestream
) -> None:
    assert page(cast.anna).post(f"/livestreams/{replay.slug}/recording/health", broken="1").status_code == 303
    shown = page(cast.dana).get(f"/livestreams/{replay.slug}").text
    assert "be played just now" in shown
    assert FILM not in shown


def test_progress_is_saved_for_members_and_key_holders_and_is_private(
    cast: Cast, page: OpenPage, replay: Livestream
) -> None:
    assert report(page(cast.dana), replay, {"second": 754, "length": 3600}).status_code == 204
    assert report(by_key(page, cast.chris, replay), replay, {"second": 90}).status_code == 204
    assert "Keep watching from 12:34" in page(cast.dana).get(f"/livestreams/{replay.slug}").text
    for other in (cast.anna, cast.bram):
        for path in (f"/livestreams/{replay.slug}", f"/circles/{cast.circle.slug}/recordings"):
            seen = page(other).get(path).text
            assert "Keep watching" not in seen
            assert "left off at" not in seen
    with unit_of_work() as db:
        assert {progress.user_id: progress.second for progress in db.scalars(select(Progress))} == {
            cast.dana.id: 754,
            cast.chris.id: 90,
        }


def test_outsiders_save_no_progress(cast: Cast, page: OpenPage, replay: Livestream) -> None:
    with unit_of_work() as db:
        other = make_livestream(db, cast.circle, cast.anna, title="Another evening", state="replay")
    assert report(page(cast.olga), replay, {"second": 10}).status_code == 404
    assert report(page(None), replay, {"second": 10}).status_code == 303
    assert report(by_key(page, cast.bram, other), replay, {"second": 10}).status_code == 404
    with unit_of_work() as db:
        assert db.scalars(select(Progress)).all() == []


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"second": -1},
        {"second": "12"},
        {"second": 1.5},
        {"second": True},
        {"second": 86401},
        {"second": 10, "length": 0},
        {"second": 20, "length": 10},
        {"second": 1, "user": "someone"},
    ],
)
def test_an_invalid_position_is_not_saved(
    cast: Cast, page: OpenPage, replay: Livestream, body: object
) -> None:
    assert report(page(cast.dana), replay, body).status_code == 422
    with unit_of_work() as db:
        assert db.scalars(select(Progress)).all() == []


def test_a_progress_report_without_a_csrf_token_is_refused(
    cast: Cast, page: OpenPage, replay: Livestream
) -> None:
    address = f"/recordings/{recording_of(replay).id}/progress"
    assert page(cast.dana).client.post(address, json={"second": 5}).status_code == 400


def test_the_shelf_shows_recordings_the_reader_may_watch(
    cast: Cast, page: OpenPage, replay: Livestream
) -> None:
    with unit_of_work() as db:
        public = make_livestream(
            db, cast.circle, cast.anna, title="Open evening", state="ended", audience="public"
        )
        make_progress(db, db.scalars(select(Recording)).one(), cast.dana, 754)
    shelf = f"/circles/{cast.circle.slug}/recordings"
    own = page(cast.dana).get(shelf).text
    for words in (replay.title, "1:00:00", "You left off at 12:34", "<progress", public.title, "will follow"):
        assert words in own
    for outsider in (cast.olga, None):
        seen = page(outsider).get(shelf).text
        assert public.title in seen
        assert replay.title not in seen


def test_an_empty_shelf_has_an_explanation(cast: Cast, page: OpenPage) -> None:
    assert "No recordings yet" in page(cast.bram).get(f"/circles/{cast.circle.slug}/recordings").text


def test_the_shelf_takes_as_many_queries_for_thirty_as_for_one(cast: Cast, page: OpenPage) -> None:
    asked: list[str] = []
    counts = []
    event.listen(database.engine(), "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    for many in (1, 30):
        with unit_of_work() as db:
            for _one in range(many):
                make_recording(db, make_livestream(db, cast.circle, cast.anna, state="replay"))
        asked.clear()
        page(cast.dana).get(f"/circles/{cast.circle.slug}/recordings")
        counts.append(sum(statement.startswith("SELECT") for statement in asked))
    assert counts[0] == counts[1] <= 12


@pytest.mark.usefixtures("dutch")
def test_the_pages_speak_the_language_of_their_reader(cast: Cast, page: OpenPage, replay: Livestream) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.dana.id).locale = "nl"
        db.get_one(User, cast.anna.id).locale = "nl"
    assert "Alleen jij ziet waar je gebleven was." in page(cast.dana).get(f"/livestreams/{replay.slug}").text
    assert "Only you can see where you left off." in page(cast.bram).get(f"/livestreams/{replay.slug}").text
    assert "Bewaar de opname" in page(cast.anna).get(f"/livestreams/{replay.slug}/recording").text
