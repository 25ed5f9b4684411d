"""The livestream page: who meets it in which state, what it then holds, and the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from events.accounts.models import User
from events.circles.models import Membership
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db import session
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.livestreams.actions.transitions import end_livestream
from events.livestreams.models import STATES, Livestream, LivestreamSlug
from events.recordings.models import Recording
from tests.factories.accounts import make_key
from tests.factories.livestreams import make_livestream
from tests.factories.questions import make_question
from tests.factories.rounds import make_round
from tests.factories.stage import make_evening
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.page_links import pressables_of
from tests.support.types import OpenPage, SetClock

PUBLISHED = [state for state in STATES if state != "draft"]
DIRECTING, MEMBER, STRANGER, VISITOR = 200, 200, 404, 303


def evening(cast: Cast, state: str = "live", audience: str = "members", items: int = 3) -> Livestream:
    with unit_of_work() as rows:
        return make_evening(rows, cast, state=state, audience=audience, items=items)


def key_holder(page: OpenPage, person: User, livestream: Livestream) -> PageClient:
    """A browser that came by the link of a mail, without a sign-in."""
    with unit_of_work() as rows:
        key = make_key(rows, person, "livestream", livestream.id)
    browser = page(None)
    browser.open_key(key)
    return browser


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(session.engine(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(session.engine(), "before_cursor_execute", note)


def hide(cast: Cast) -> None:
    """What the link of one that is not hidden shows has its tests in `test_from_outside.py`."""
    with unit_of_work() as db:
        db.merge(cast.circle).links_shown = False


@pytest.mark.parametrize("state", STATES)
def test_a_hidden_livestream_is_visible_to_members_only(cast: Cast, page: OpenPage, state: str) -> None:
    livestream = evening(cast, state)
    hide(cast)
    path = f"/livestreams/{livestream.slug}"
    seen = {
        "anna": page(cast.anna).get(path).status_code,
        "bram": page(cast.bram).get(path).status_code,
        "key": key_holder(page, cast.dana, livestream).get(path).status_code,
        "olga": page(cast.olga).get(path).status_code,
        "visitor": page(None).get(path).status_code,
    }
    draft = state == "draft"
    assert seen == {
        "anna": DIRECTING,
        "bram": STRANGER if draft else MEMBER,
        "key": VISITOR if draft else MEMBER,
        "olga": STRANGER,
        "visitor": VISITOR,
    }


@pytest.mark.parametrize("state", STATES)
def test_a_public_livestream_is_visible_to_all(cast: Cast, page: OpenPage, state: str) -> None:
    livestream = evening(cast, state, "public")
    path = f"/livestreams/{livestream.slug}"
    seen = [page(person).get(path).status_code for person in (cast.anna, cast.bram, cast.olga, None)]
    assert seen == ([200, 404, 404, 303] if state == "draft" else [200, 200, 200, 200])


@pytest.mark.parametrize("state", PUBLISHED)
def test_the_page_says_its_state_and_holds_the_panels_of_every_state(
    cast: Cast, page: OpenPage, state: str
) -> None:
    livestream = evening(cast, state)
    html = page(cast.bram).get(f"/livestreams/{livestream.slug}").text
    assert f'data-state="{state}"' in html
    assert f'data-version="{livestream.version}"' in html
    for states in ("draft announced missed cancelled", "lobby live paused ended", "replay"):
        assert f'data-states="{states}"' in html
    assert html.count('id="panel-chat"') == (0 if state in {"replay", "cancelled"} else 1)


@pytest.mark.parametrize("state", STATES)
def test_only_hosts_have_a_desk(cast: Cast, page: OpenPage, state: str) -> None:
    livestream = evening(cast, state, "public")
    path = f"/livestreams/{livestream.slug}/desk"
    assert page(cast.anna).get(path).status_code == 200
    assert [page(person).get(path).status_code for person in (cast.bram, cast.olga, None)] == [404, 404, 303]
    assert key_holder(page, cast.anna, livestream).get(path).status_code == 303


def test_an_organiser_beside_the_host_has_the_desk_too(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast)
    with unit_of_work() as rows:
        rows.query(Membership).filter_by(user_id=cast.chris.id).one().role = "organiser"
    assert page(cast.chris).get(f"/livestreams/{livestream.slug}/desk").status_code == 200


def test_the_desk_warns_when_only_one_person_can_start(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "announced")
    browser = page(cast.anna)
    assert "Only one person can start" in browser.get(f"/livestreams/{livestream.slug}/desk").text
    with unit_of_work() as rows:
        rows.query(Membership).filter_by(user_id=cast.chris.id).one().role = "organiser"
    html = browser.get(f"/livestreams/{livestream.slug}/desk").text
    assert "Only one person can start" not in html
    assert "Chris can start too" in html


def test_a_former_address_leads_to_the_present_one(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast)
    with unit_of_work() as rows:
        rows.add(LivestreamSlug(slug="old-name-abcde", livestream_id=livestream.id))
    for suffix, person in (("", cast.bram), ("/desk", cast.anna)):
        answer = page(person).get(f"/livestreams/old-name-abcde{suffix}")
        assert (answer.status_code, answer.location) == (303, f"/livestreams/{livestream.slug}{suffix}")


def test_an_address_that_was_never_there_looks_like_one_that_is_not_for_you(
    cast: Cast, page: OpenPage
) -> None:
    livestream = evening(cast)
    hide(cast)
    browser = page(cast.olga)
    absent, forbidden = (
        browser.get("/livestreams/never-there-abcde"),
        browser.get(f"/livestreams/{livestream.slug}"),
    )
    assert absent.status_code == forbidden.status_code == 404
    assert absent.text.replace("never-there-abcde", livestream.slug).count("<h1") == forbidden.text.count(
        "<h1"
    )


def test_the_film_stays_out_of_the_page_until_it_is_live(cast: Cast, page: OpenPage) -> None:
    early, live = evening(cast, "lobby"), evening(cast, "live")
    browser = page(cast.bram)
    assert "film.m3u8" not in browser.get(f"/livestreams/{early.slug}").text
    assert "film.m3u8" in browser.get(f"/livestreams/{live.slug}").text


def test_a_page_lets_in_the_player_of_its_own_source_alone(cast: Cast, page: OpenPage) -> None:
    livestream, other = evening(cast, "announced"), evening(cast, "announced")
    with unit_of_work() as rows:
        row = rows.get_one(Livestream, livestream.id)
        row.provider, row.source_ref = "youtube", "dQw4w9WgXcQ"
    browser = page(cast.bram)
    policy = browser.get(f"/livestreams/{livestream.slug}").headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com;" in policy
    policy = browser.get(f"/livestreams/{other.slug}").headers["Content-Security-Policy"]
    assert "frame-src 'none'" in policy


def test_without_scripts_each_tab_has_its_own_address(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast)
    browser = page(cast.bram)
    for tab in ("chat", "questions", "polls"):
        html = browser.get(f"/livestreams/{livestream.slug}?tab={tab}").text
        for panel in ("chat", "questions", "polls"):
            hidden = f'id="panel-{panel}" hidden' in html
            assert hidden == (panel != tab)


def test_a_late_comer_sees_what_runs_and_what_comes(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast)
    browser = page(cast.bram)
    page(cast.anna).post(f"/livestreams/{livestream.slug}/next_item")
    with unit_of_work() as rows:
        from_rows = rows.get_one(Livestream, livestream.id)
        assert from_rows.state == "live"
    html = browser.get(f"/livestreams/{livestream.slug}").text
    assert "Drie offertes" in html


def test_after_the_end_there_is_one_thing_to_do(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "live")
    before = page(cast.bram).get(f"/livestreams/{livestream.slug}").text
    assert page(cast.anna).post(f"/livestreams/{livestream.slug}/end").status_code == 303
    queue.run_due()
    after = page(cast.bram).get(f"/livestreams/{livestream.slug}").text
    for html in (before, after):  # a page that was open already has the button that a pushed end will show
        assert f'href="/livestreams/{livestream.slug}/coffee"' in html


@pytest.mark.parametrize("state", ["announced", "live", "ended", "replay"])
def test_the_page_asks_few_questions_of_the_database(cast: Cast, page: OpenPage, state: str) -> None:
    livestream = evening(cast, state)
    browser = page(cast.bram)
    with counted_queries() as asked:
        assert browser.get(f"/livestreams/{livestream.slug}").status_code == 200
    assert len(asked) <= MAX_QUERIES, asked


def test_a_longer_agenda_costs_no_more_queries(cast: Cast, page: OpenPage) -> None:
    short, long = evening(cast, items=1), evening(cast, items=30)
    browser = page(cast.bram)
    counts = []
    for livestream in (short, long):
        with counted_queries() as asked:
            browser.get(f"/livestreams/{livestream.slug}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


MAX_QUERIES = 12  # as promised, BEGIN included
SOON = timedelta(minutes=10)


def test_the_lobby_counts_down_outside_any_live_region(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "lobby")
    with unit_of_work() as rows:
        rows.get_one(Livestream, livestream.id).starts_at = clock.now() + SOON
    html = page(cast.bram).get(f"/livestreams/{livestream.slug}").text
    stage = html[html.index('id="stage"') : html.index('id="live-region"')]
    assert "in the right place" in stage
    countdown = stage[stage.index("lobby") : stage.index("in the right place")]
    assert "aria-live" not in countdown
    assert 'role="timer"' not in stage


def test_a_recording_brings_its_page_one_heading(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "replay")
    with unit_of_work() as rows:
        rows.add(
            Recording(
                livestream_id=livestream.id,
                state="ready",
                provider="mp4",
                source_ref="https://film.example.org/evening.mp4",
                zero_at=clock.now(),
                ready_at=clock.now(),
            )
        )
    answer = page(cast.bram).get(f"/livestreams/{livestream.slug}")
    replay = answer.text[answer.text.index('data-states="replay" data-focus') :]
    assert replay.count("<h1") == 1
    assert "media-src 'self' blob: https://film.example.org" in answer.headers["Content-Security-Policy"]


def test_the_lobby_asks_for_consent_once_and_says_what_is_true(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "lobby")
    path = f"/livestreams/{livestream.slug}"
    by_itself = "The picture comes by itself. Say hello meanwhile."
    assert by_itself not in page(cast.bram).main(path), "a film elsewhere shows its host who watches"
    with unit_of_work() as rows:
        rows.get_one(Livestream, livestream.id).source_ref = "/media/film.m3u8"
    assert by_itself in page(cast.bram).main(path), "a film of our own needs no consent"
    with unit_of_work() as rows:
        row = rows.get_one(Livestream, livestream.id)
        row.provider, row.source_ref = "youtube", "dQw4w9WgXcQ"
    asked = page(cast.bram).main(path)
    assert "The picture comes from YouTube, which then sees that you are watching." in asked
    assert by_itself not in asked
    page(cast.bram).post("/embeds", origin="https://www.youtube-nocookie.com", allowed="1")
    later = page(cast.bram).main(path)
    assert by_itself in later
    assert "Show it once it starts" not in later
    assert "Show it once it starts" in page(cast.chris).main(path)


def test_questions_are_asked_on_the_announced_page(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "announced", "public")
    path = f"/livestreams/{livestream.slug}"
    bram = page(cast.bram)
    asking = pressables_of(bram.main(path))
    assert ("POST", f"{path}/questions") in {
        (one.method, one.address) for one in asking.found if not one.shape
    }
    bram.post(f"{path}/questions", client_id="a" * 20, body="Wat kost het?")
    assert "Wat kost het?" in bram.main(path)
    assert 'id="question-ahead"' not in page(None).main(path), "visitors sign in first"


def test_the_coffee_after_the_end_is_the_same_before_and_after_a_reload(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    livestream = evening(cast, "live")
    path = f"/livestreams/{livestream.slug}"

    def after_the_end() -> str:
        said = page(cast.bram).main(path)
        return said[said.index("stage-coffee") :].split('class="panel"')[0].split("stage-more")[0]

    before = after_the_end()
    with unit_of_work() as rows:
        end_livestream(rows, SYSTEM, rows.get_one(Livestream, livestream.id))
    assert "Yes, coffee" in before
    ended = [after_the_end()]
    queue.run_due()
    ended.append(after_the_end())
    assert ended == [before, before]


def test_absentees_are_not_offered_a_coffee_afterwards(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "ended", "public")
    assert "Yes, coffee" not in page(cast.olga).main(f"/livestreams/{livestream.slug}")


@pytest.mark.parametrize("state", STATES)
def test_a_page_has_one_title_in_its_source(cast: Cast, page: OpenPage, state: str) -> None:
    livestream = evening(cast, state)
    assert page(cast.anna).main(f"/livestreams/{livestream.slug}").count("<h1") == 1


def test_the_item_on_stage_shows_above_every_tab(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "live")
    with unit_of_work() as rows:
        make_question(rows, livestream, cast.bram, "Wat kost dat?", state="live")
    said = page(cast.chris).main(f"/livestreams/{livestream.slug}?tab=chat")
    line = said[said.index('id="on-stage"') : said.index('id="panel-chat"')]
    assert 'data-states="live paused"' in line, "gone after the end"
    assert "hidden" not in line
    assert "Wat kost dat?" in line


def test_a_cancelled_livestream_leads_on_to_what_its_reader_may_open(cast: Cast, page: OpenPage) -> None:
    """Who came by its key sees the next public one and the open coffee round, and no other of members."""
    gone = evening(cast, "cancelled")
    with unit_of_work() as rows:
        make_round(rows, rows.get_one(Livestream, gone.id))
        for title, audience, days in (("Alleen voor leden", "members", 3), ("Voor iedereen", "public", 7)):
            starts_at = clock.now() + timedelta(days=days)
            make_livestream(
                rows, cast.circle, cast.anna, title=title, audience=audience, starts_at=starts_at,
                state="announced",
            )  # fmt: skip
    path = f"/livestreams/{gone.slug}"
    by_key = key_holder(page, cast.dana, gone).get(path).text
    assert "Voor iedereen" in by_key
    assert "Alleen voor leden" not in by_key
    assert "Yes, coffee" in by_key
    assert f'href="/circles/{cast.circle.slug}">To the page of' in by_key
    assert "Alleen voor leden" in page(cast.bram).get(path).text
