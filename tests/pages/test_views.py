"""Home and Today, the pages about us, and what machines and lost readers are told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from events.accounts.models import User
from events.coffees.actions.outcomes import record_outcome
from events.coffees.forms import Outcome
from events.coffees.models import Coffee
from events.core import clock
from events.core.config import Settings
from events.core.db import session
from events.core.db.session import unit_of_work
from events.core.jobs import worker
from events.core.jobs.queue import enqueue, job
from events.livestreams.queries.livestreams import get_livestream
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.factories.recordings import make_progress, make_recording
from tests.factories.registrations import make_registration
from tests.factories.rounds import make_round_of_its_own
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

FILLED = re.compile(r'<(?:a|button)\b[^>]*class="[^"]*\bbtn-(?:main|live)\b[^"]*"[^>]*>\s*([^<]*?)\s*<')
DUTCH = {"Accept-Language": "nl"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November, ten in the morning in Amsterdam."""


def today(page: OpenPage, reader: User) -> str:
    answer = page(reader).get("/")
    assert answer.status_code == 200
    return answer.text


def filled(html: str) -> list[str]:
    """The words of every filled button on a page."""
    return FILLED.findall(html)


def evening(cast: Cast, title: str, state: str = "announced", **more: Any) -> str:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, title=title, state=state, **more).id


def coffee(cast: Cast, state: str = "proposed", **more: Any) -> None:
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.bram, cast.dana], state=state, **more)


def half_watched(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, title="Personeel vinden", state="replay")
        made = make_recording(db, livestream, length=3600)
        make_progress(db, made, cast.bram, 2400)


@job()
def nothing_to_do() -> None:
    """A job that a test leaves waiting."""


def test_what_asks_for_bram_comes_in_order_of_urgency(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    """Live, then a coffee to answer, then one that stands, then the next livestream, then the film."""
    half_watched(cast)
    assert filled(today(page, cast.bram)) == ["Keep watching"]
    evening(cast, "Prijzen zonder buikpijn")
    assert filled(today(page, cast.bram)) == ["See the livestream"]
    coffee(cast, "confirmed", starts_at=clock.now() + timedelta(days=4))
    assert "Your next coffee is" in today(page, cast.bram)
    coffee(cast, starts_at=clock.now() + timedelta(days=6))
    html = today(page, cast.bram)
    assert filled(html) == ["See the coffee"]
    assert "One coffee is waiting for your answer." in html
    evening(cast, "Offertes die een ja krijgen", "live")
    html = today(page, cast.bram)
    assert filled(html) == ["Watch live"]
    places = [
        html.index(words)
        for words in ("Offertes die een ja krijgen", "Coffee with Dana", "Prijzen zonder", "Personeel vinden")
    ]
    assert places == sorted(places)


def test_the_lobby_opens_the_day(cast: Cast, page: OpenPage) -> None:
    coffee(cast)
    evening(cast, "Offertes die een ja krijgen", "lobby")
    html = today(page, cast.bram)
    assert filled(html) == ["To the lobby"]
    assert "The lobby is open." in html


def test_today_says_why_this_coffee(cast: Cast, page: OpenPage) -> None:
    coffee(cast, reasons=[{"code": "offers", "topic": "Inwerken", "with": cast.dana.id}])
    html = today(page, cast.bram)
    assert "You're looking for help with inwerken. Dana would gladly help." in html
    assert "answer before" in html


def test_an_answered_or_past_coffee_no_longer_asks(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    coffee(cast, answers={"Bram": "yes"})
    assert "waiting for your answer" not in today(page, cast.bram)
    assert "waiting for your answer" in today(page, cast.dana)
    set_clock(timedelta(hours=49))
    assert "waiting for your answer" not in today(page, cast.dana)


@pytest.mark.parametrize(
    ("moment", "form", "button", "greeting"),
    [
        (timedelta(minutes=-20), "online", "See the coffee", "Your next coffee is"),
        (timedelta(minutes=-10), "online", "To the call", "Your coffee begins at"),
        (timedelta(minutes=10), "online", "To the call", "Your coffee has begun."),
        (timedelta(minutes=10), "phone", "See the coffee", "Your coffee has begun."),
        (timedelta(minutes=31), "online", "Tell how it went", "How was your coffee?"),
        (timedelta(days=6), "online", "Tell how it went", "How was your coffee?"),
    ],
)
def test_today_keeps_a_coffee_until_it_was_told_about(
    cast: Cast, page: OpenPage, set_clock: SetClock, moment: timedelta, form: str, button: str, greeting: str
) -> None:
    starts_at = clock.now() + timedelta(days=1)
    coffee(cast, "confirmed", starts_at=starts_at, form=form)
    set_clock(starts_at + moment)
    html = today(page, cast.bram)
    assert filled(html) == [button]
    assert greeting in html
    assert "Dana" not in today(page, cast.chris)


def test_a_coffee_that_only_the_other_told_about_still_asks(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    starts_at = clock.now() + timedelta(days=1)
    coffee(cast, "confirmed", starts_at=starts_at)
    set_clock(starts_at + timedelta(hours=1))
    with unit_of_work() as db:
        record_outcome(db, person(cast.dana), db.scalars(select(Coffee)).one(), Outcome(took_place="yes"))
    assert filled(today(page, cast.bram)) == ["Tell how it went"]
    assert filled(today(page, cast.dana)) == []
    set_clock(starts_at + timedelta(days=8))
    assert filled(today(page, cast.bram)) == []


def test_a_registered_person_reads_that_they_are_coming(cast: Cast, page: OpenPage) -> None:
    evening_id = evening(cast, "Prijzen zonder buikpijn")
    with unit_of_work() as db:
        make_registration(db, get_livestream(db, evening_id), cast.bram)
    assert "You're coming" in today(page, cast.bram)
    assert "You're coming" not in today(page, cast.dana)


def test_an_empty_day_has_one_outlined_way_on(cast: Cast, page: OpenPage) -> None:
    html = today(page, cast.bram)
    assert filled(html) == []
    assert "Nothing planned yet." in html
    assert "See livestreams" in html


def test_several_open_rounds_are_one_ask(cast: Cast, page: OpenPage) -> None:
    """The nearest has its card; the others stand behind one link, whatever leads the page."""
    with unit_of_work() as db:
        for title in ("Eerste ronde", "Tweede ronde", "Derde ronde"):
            make_round_of_its_own(db, cast.circle, title=title)
    for leads in (["Yes, coffee"], ["See the coffee"]):
        html = today(page, cast.bram)
        assert filled(html) == leads
        assert sum(f"{name} ronde" in html for name in ("Eerste", "Tweede", "Derde")) == 1
        assert html.count("2 more coffee rounds are open") == 1
        assert 'class="more" href="/coffees"' in html
        coffee(cast)
    listed = page(cast.bram).get("/coffees").text
    assert all(f"{name} ronde" in listed for name in ("Eerste", "Tweede", "Derde"))
    assert "ronde" not in today(page, cast.olga)


def test_one_open_round_has_no_others(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        make_round_of_its_own(db, cast.circle, title="Eerste ronde")
    assert "more coffee round" not in today(page, cast.bram)


def test_an_outsider_sees_nothing_of_the_circle(cast: Cast, page: OpenPage) -> None:
    evening(cast, "Offertes die een ja krijgen", "live")
    coffee(cast)
    half_watched(cast)
    html = today(page, cast.olga)
    assert "belong to a circle yet" in html
    assert not any(words in html for words in ("Offertes", "Coffee with", "Personeel", cast.circle.name))


def test_the_home_page_of_a_member_shows_their_circle(cast: Cast, page: OpenPage) -> None:
    html = today(page, cast.bram)
    assert f"Ontmoet for {cast.circle.name}" in html
    assert f'href="/circles/{cast.circle.slug}/members"' in html


@pytest.mark.parametrize(
    ("language", "title", "button"),
    [(DUTCH, "Ontmoeten zonder moeten", "Begin een kring"), (ENGLISH, "Meeting without", "Start a circle")],
)
def test_a_visitor_comes_home(page: OpenPage, language: dict[str, str], title: str, button: str) -> None:
    html = page(None).get("/", headers=language).text
    assert title in html
    assert filled(html) == [button]
    assert 'href="/sign-in"' in html


@pytest.mark.parametrize(
    ("path", "dutch", "english"),
    [
        ("/privacy", "Wat we van je weten, en wie dat ziet", "What we know about you, and who sees it"),
        ("/help", "Zo werkt het", "How it works"),
    ],
)
def test_the_pages_about_us_speak_both_languages(page: OpenPage, path: str, dutch: str, english: str) -> None:
    visitor = page(None)
    in_dutch, in_english = visitor.get(path, headers=DUTCH), visitor.get(path, headers=ENGLISH)
    assert (in_dutch.status_code, in_english.status_code) == (200, 200)
    assert f"<h1>{dutch}</h1>" in in_dutch.text
    assert f"<h1>{english}</h1>" in in_english.text
    assert '<html lang="nl"' in in_dutch.text
    assert '<html lang="en"' in in_english.text


def test_a_page_that_is_not_there_says_so_to_a_member(cast: Cast, page: OpenPage) -> None:
    answer = page(cast.bram).get("/nowhere")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text
    assert filled(answer.text) == ["To Today"]


def test_a_visitor_is_asked_to_sign_in_where_nothing_is(page: OpenPage) -> None:
    """Absent and not-for-you look alike, so that no address can be guessed."""
    answer = page(None).get("/livestreams/nowhere")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/livestreams/nowhere"


def test_machines_read_that_we_are_alive(page: OpenPage) -> None:
    answer = page(None).get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json()["alive"] is True


def test_ready_says_what_it_looked_at(page: OpenPage) -> None:
    worker.beat("one:1")
    answer = page(None).get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "ready": True, "database": True, "tables": True, "worker": True, "queue": True, "redis": True,
        "media": True, "mail_waits_since": None, "given_up": 0, "relay_works": None, "relay_worked_at": None,
    }  # fmt: skip


def test_machine_endpoints_need_no_sign_in(page: OpenPage, cast: Cast) -> None:
    """A cookie that comes along costs no look into the database, which may be away just then."""
    bram = page(cast.bram)
    statements: list[str] = []
    engine = session.engine()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert bram.get("/healthz").status_code == 200
        assert bram.get("/metrics").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert statements == []


def test_a_stalled_queue_is_not_ready(page: OpenPage, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        enqueue(db, nothing_to_do)
    set_clock(timedelta(minutes=6))
    answer = page(None).get("/readyz")
    assert answer.status_code == 503
    said = answer.get_json()
    assert (said["ready"], said["queue"], said["database"]) == (False, False, True)


def test_figures_are_for_this_machine_alone(page: OpenPage, cast: Cast, settings: Settings) -> None:
    assert settings.metrics_token is None
    near = page(None).get("/metrics")
    assert near.status_code == 200
    assert near.mimetype == "text/plain"
    for reader in (None, cast.anna):
        far = page(reader).get("/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
        assert far.status_code in {303, 404}
        assert "python_info" not in far.text
