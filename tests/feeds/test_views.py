"""Tests of the personal calendar feed: content, conditional requests and access."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from events.accounts.models import User
from events.circles.actions.members import leave_circle
from events.coffees.actions.responses import cancel_coffee
from events.coffees.models import Coffee, Seat
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.observability import redact
from events.feeds.models import Feed
from events.feeds.queries import token_of
from events.livestreams.models import Livestream
from tests.architecture.test_query_counts import listening
from tests.core.test_itip import libical_faults, read_back
from tests.factories.circles import make_circle
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("set_clock")]


@pytest.fixture
def evening(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        tomorrow = clock.now() + timedelta(days=1)
        livestream = make_livestream(db, cast.circle, cast.anna, title="Avond", starts_at=tomorrow)
        make_registration(db, livestream, cast.bram)
    return livestream


@pytest.fixture
def coffee(cast: Cast) -> Coffee:
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")


def address_of(page: OpenPage, who: User) -> str:
    browser = page(who)
    assert browser.post("/me/feed").status_code == 303
    with unit_of_work() as db:
        token = token_of(db.scalars(select(Feed).where(Feed.user_id == who.id)).one())
    path = f"/feeds/{token}.ics"
    assert path in browser.get("/me/feed").get_data(as_text=True)
    return path


def entries_of(answer: TestResponse) -> dict[str, str]:
    assert answer.status_code == 200
    return {one["summary"]: one["uid"] for one in read_back(answer.data)["entries"]}


def test_a_feed_holds_livestreams_and_coffees_under_the_uids_of_the_mails(
    page: OpenPage, cast: Cast, evening: Livestream, coffee: Coffee
) -> None:
    answer = page().get(address_of(page, cast.bram))
    with unit_of_work() as db:
        seat = db.scalars(select(Seat).where(Seat.user_id == cast.bram.id)).one()
    assert entries_of(answer) == {"Avond": evening.calendar_uid, "Coffee with Dana": seat.calendar_uid}
    text = answer.get_data(as_text=True)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "X-PUBLISHED-TTL:PT1H" in text
    assert "dana@" not in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert libical_faults(answer.data) in {0, None}


def test_olga_gets_nothing_of_it(page: OpenPage, cast: Cast, evening: Livestream, coffee: Coffee) -> None:
    answer = page().get(address_of(page, cast.olga))
    assert entries_of(answer) == {}
    assert evening.title not in answer.get_data(as_text=True)


@pytest.mark.usefixtures("evening", "coffee")
def test_unchanged_it_is_answered_in_three_queries_and_no_entry_is_read(page: OpenPage, cast: Cast) -> None:
    path = address_of(page, cast.bram)
    reader = page()
    with listening() as statements:
        first = reader.get(path)
    assert [one for one in statements if "calendar_uid" in one]  # the negative control: entries are read here
    for condition in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        with listening() as statements:
            again = reader.get(path, headers=condition)
        assert again.status_code == 304
        assert again.data == b""
        assert again.headers["ETag"] == first.headers["ETag"]
        assert len(statements) <= 3, "\n\n".join(statements)
        assert not [one for one in statements if "calendar_uid" in one]


CHANGES = {
    "a title": lambda cast, evening, coffee: setattr(evening, "title", "Ochtend"),
    "a time": lambda cast, evening, coffee: setattr(
        evening, "starts_at", evening.starts_at + timedelta(hours=1)
    ),
    "a cancellation": lambda cast, evening, coffee: setattr(evening, "state", "cancelled"),
    "a version of a coffee": lambda cast, evening, coffee: setattr(coffee, "version", coffee.version + 1),
    "a place": lambda cast, evening, coffee: setattr(coffee, "place", "De Kade"),
    "a name": lambda cast, evening, coffee: setattr(cast.dana, "name", "Dana de Boer"),
    "a language": lambda cast, evening, coffee: setattr(cast.bram, "locale", "nl"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_it_shows_is_noticed(
    page: OpenPage, cast: Cast, evening: Livestream, coffee: Coffee, set_clock: SetClock, change: str
) -> None:
    path = address_of(page, cast.bram)
    reader = page()
    first = reader.get(path)
    set_clock(timedelta(minutes=5))
    with unit_of_work() as db:
        here = Cast(cast.anna, db.merge(cast.bram), cast.chris, db.merge(cast.dana), cast.olga, cast.circle)
        CHANGES[change](here, db.merge(evening), db.merge(coffee))
    for condition in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = reader.get(path, headers=condition)
        assert again.status_code == 200, change
        assert again.headers["ETag"] != first.headers["ETag"]


def test_a_coffee_that_is_called_off_is_gone(page: OpenPage, cast: Cast, coffee: Coffee) -> None:
    path = address_of(page, cast.bram)
    assert len(entries_of(page().get(path))) == 1
    with unit_of_work() as db:
        cancel_coffee(db, person(cast.dana), db.get_one(Coffee, coffee.id))
    assert entries_of(page().get(path)) == {}


def test_a_proposal_is_not_in_it_yet(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.bram, cast.dana], state="proposed")
    assert entries_of(page().get(address_of(page, cast.bram))) == {}


def test_a_former_members_feed_has_nothing_of_the_circle(
    page: OpenPage, cast: Cast, evening: Livestream
) -> None:
    path = address_of(page, cast.bram)
    assert list(entries_of(page().get(path))) == ["Avond"]
    with unit_of_work() as db:
        leave_circle(db, person(cast.bram), cast.circle)
    with unit_of_work() as db:  # even where a place was left standing
        make_registration(db, make_livestream(db, make_circle(db, owner=cast.anna), cast.anna), cast.bram)
    assert entries_of(page().get(path)) == {}


def test_an_address_that_ended_opens_nothing_and_the_next_is_another(page: OpenPage, cast: Cast) -> None:
    path = address_of(page, cast.bram)
    bram = page(cast.bram)
    assert page(cast.olga).post("/me/feed/end").status_code == 303
    assert page().get(path).status_code == 200
    assert bram.post("/me/feed/end").status_code == 303
    for reader in (page(), bram):
        assert reader.get(path).status_code == 404
    assert address_of(page, cast.bram) != path


def test_an_address_that_was_never_given_is_nothing_and_no_page(page: OpenPage, cast: Cast) -> None:
    path = address_of(page, cast.bram)
    other = path[:40] + ("A" if path[40] != "A" else "B") + path[41:]
    for wrong in (other, "/feeds/x.ics", f"/feeds/{'a' * 26}{'b' * 43}.ics", path[:-5] + ".ics"):
        answer = page().get(wrong)
        assert answer.status_code == 404
        assert answer.data == b""
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_says_when_it_was_last_fetched(page: OpenPage, cast: Cast, set_clock: SetClock) -> None:
    path = address_of(page, cast.bram)
    bram = page(cast.bram)
    assert "No calendar has fetched it yet." in bram.get("/me/feed").get_data(as_text=True)
    page().get(path)
    assert "Last fetched" in bram.get("/me/feed").get_data(as_text=True)


def test_the_secret_has_256_bits_and_is_not_kept(page: OpenPage, cast: Cast) -> None:
    token = address_of(page, cast.bram).removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) == 26 + 43
    with unit_of_work() as db:
        row = db.execute(select(Feed.__table__)).one()
    assert token[26:] not in str(row)


def test_no_log_line_names_the_address(page: OpenPage, cast: Cast) -> None:
    assert redact(f"GET {address_of(page, cast.bram)} 404") == "GET /feeds/… 404"
