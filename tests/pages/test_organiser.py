"""Today for organisers: the next step of a new circle, the desk, and tasks after a livestream."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.core import clock
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.circles import make_circle, make_invitation, make_request
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.questions import make_question
from tests.factories.recordings import make_progress, make_recording
from tests.factories.registrations import make_registration
from tests.pages.test_views import filled
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November, ten in the morning in Amsterdam."""


def today(page: OpenPage, person: User) -> str:
    return page(person).main("/")


def evening(cast: Cast, state: str = "announced", **more: Any) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state=state, **more)


def test_a_new_owner_reads_the_next_step_and_not_a_strangers_evening(cast: Cast, page: OpenPage) -> None:
    evening(cast, audience="public", title="Avond van een ander")
    with unit_of_work() as db:
        circle = make_circle(db, owner=cast.olga, name="Ring van Olga")
    html = today(page, cast.olga)
    assert filled(html) == ["Plan a livestream"]
    assert f'href="/circles/{circle.slug}/invite"' in html
    assert "Avond van een ander" not in html
    assert "a quarter of an hour now" not in html, "there is nobody yet to talk to"
    with unit_of_work() as db:
        draft = make_livestream(db, circle, cast.olga, state="draft", title="Eerste avond")
    assert filled(today(page, cast.olga)) == ["Invite members"]
    with unit_of_work() as db:
        make_invitation(db, circle, cast.dana, invited_by=cast.olga)
    html = today(page, cast.olga)
    assert filled(html) == ["To the desk"]
    assert f'href="/livestreams/{draft.slug}/desk"' in html
    assert "Eerste avond" in html


def test_a_public_livestream_of_another_circle_shows_on_the_home_page_once_registered(
    cast: Cast, page: OpenPage
) -> None:
    livestream = evening(cast, audience="public")
    assert livestream.title not in today(page, cast.olga)
    with unit_of_work() as db:
        make_registration(db, db.get_one(Livestream, livestream.id), cast.olga)
    html = today(page, cast.olga)
    assert livestream.title in html
    assert cast.circle.name in html  # whose it is


@pytest.mark.parametrize("state", ["announced", "lobby", "live", "paused"])
def test_hosts_are_linked_to_the_desk_and_members_to_the_page(cast: Cast, page: OpenPage, state: str) -> None:
    livestream = evening(cast, state)
    assert filled(today(page, cast.anna)) == ["To the desk"]
    assert f'href="/livestreams/{livestream.slug}/desk"' in today(page, cast.anna)
    assert "/desk" not in today(page, cast.bram)


def test_a_host_who_is_a_plain_member_goes_to_the_desk_too(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        make_livestream(db, cast.circle, cast.bram, state="live")
    assert filled(today(page, cast.bram)) == ["To the desk"]
    assert filled(today(page, cast.dana)) == ["Watch live"]


def test_after_the_end_the_recording_and_the_report_are_one_press_away(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "ended")
    html = today(page, cast.anna)
    assert filled(html) == ["Add the recording"]
    assert f'href="/livestreams/{livestream.slug}/report"' in html
    assert "/report" not in today(page, cast.bram)
    with unit_of_work() as db:
        row = db.get_one(Livestream, livestream.id)
        row.state = "replay"
        make_recording(db, row)
    html = today(page, cast.anna)
    assert "Add the recording" not in html
    assert f'href="/livestreams/{livestream.slug}/report"' in html


def test_a_youtube_livestream_becomes_its_recording_in_one_press(cast: Cast, page: OpenPage) -> None:
    livestream = evening(cast, "ended", provider="youtube", source_ref="dQw4w9WgXcQ")
    assert filled(today(page, cast.anna)) == ["Show the YouTube video"]
    desk = page(cast.anna).main(f"/livestreams/{livestream.slug}/desk")
    assert filled(desk) == ["Show the YouTube video"]
    path = f"/livestreams/{livestream.slug}/recording/same-link"
    assert f'action="{path}"' in desk
    assert page(cast.bram).post(path).status_code in {403, 404}
    evening(cast, "live", title="Prijzen")
    html = today(page, cast.anna)
    assert filled(html) == ["To the desk"]
    assert f'action="{path}"' in html  # in its row too
    with unit_of_work() as db:
        db.delete(db.scalars(select(Livestream).where(Livestream.title == "Prijzen")).one())
    assert filled(today(page, cast.bram)) == []
    assert page(cast.anna).post(path).status_code == 303
    assert filled(today(page, cast.bram)) == ["Watch"]


def test_an_unwatched_recording_shows_on_the_home_page_for_two_weeks(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    livestream = evening(cast, "replay", title="Offertes")
    with unit_of_work() as db:
        recording = make_recording(db, db.get_one(Livestream, livestream.id))
    html = today(page, cast.bram)
    assert filled(html) == ["Watch"]
    assert "A recording is ready to watch." in html
    assert "Offertes" not in today(page, cast.olga)  # who does not belong to the circle
    assert filled(today(page, cast.anna)) == []  # she ran it: its report is what she is offered
    evening(cast, title="Prijzen")
    html = today(page, cast.bram)
    assert filled(html) == ["See the livestream"]
    assert html.index("Prijzen") < html.index("Offertes")
    with unit_of_work() as db:
        make_progress(db, recording, cast.bram, 3600).finished = True
    assert "Offertes" not in today(page, cast.bram)
    set_clock(clock.now() + timedelta(days=15))
    assert "Offertes" not in today(page, cast.chris)


def test_everybody_signed_in_can_start_another_circle_from_today_and_from_their_page(
    cast: Cast, page: OpenPage
) -> None:
    for path in ("/", "/me"):
        assert 'href="/circles/new"' in page(cast.bram).main(path)


def test_duties_of_organisers_have_a_list_of_their_own_that_members_do_not_see(
    cast: Cast, page: OpenPage
) -> None:
    evening(cast, title="Volgende avond")
    ended = evening(cast, "ended", title="Offertes")
    with unit_of_work() as db:
        make_question(db, ended, cast.bram)
        make_question(db, ended, cast.bram, "Beantwoord", state="answered")
        make_request(db, cast.circle, cast.olga)
        make_coffee(db, cast.circle, [cast.anna, cast.bram])
    html = today(page, cast.anna)
    assert filled(html) == ["See the coffee"]
    duties = html[html.index("For the circle") :]
    places = [
        duties.index(words) for words in ("1 request to join", "1 question to answer", "Add the recording")
    ]
    assert places == sorted(places)
    assert f'href="/circles/{cast.circle.slug}/requests"' in duties
    assert f'href="/livestreams/{ended.slug}/questions"' in duties
    assert f'href="/livestreams/{ended.slug}/recording"' in duties
    assert "Volgende avond" not in duties
    assert "For the circle" not in today(page, cast.bram)


@pytest.mark.parametrize(
    ("what", "button", "greeting"),
    [
        ("request", "See who asks", "Someone asks to join."),
        ("question", "See the questions", "There are questions left over."),
        ("not started", "To the desk", "has not started yet."),
    ],
)
def test_a_duty_leads_when_nothing_is_asked_of_the_organiser(
    cast: Cast, page: OpenPage, what: str, button: str, greeting: str
) -> None:
    with unit_of_work() as db:
        if what == "request":
            make_request(db, cast.circle, cast.olga)
        elif what == "question":
            livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
            make_question(db, livestream, cast.bram)
        else:
            started = clock.now() - timedelta(minutes=5)
            make_livestream(db, cast.circle, cast.anna, starts_at=started)
    html = today(page, cast.anna)
    assert filled(html) == [button]
    assert greeting in html
    assert greeting not in today(page, cast.bram)


def test_an_evening_live_past_its_end_is_a_duty_of_the_team_alone(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    livestream = evening(cast, "live", title="Offertes")
    set_clock(livestream.ends_at + timedelta(minutes=5))
    assert "or it ends by itself" in today(page, cast.anna)
    assert filled(today(page, cast.anna)) == ["To the desk"]
    assert filled(today(page, cast.bram)) == ["Watch live"]
