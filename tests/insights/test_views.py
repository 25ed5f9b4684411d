"""The report: counts for those who lead, nothing for anyone else, and no answer that can be traced."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from events.core import clock
from events.core.db import unit_of_work
from events.insights.queries import COFFEES_A_PAGE
from events.livestreams.models import Livestream
from events.matching.models import Luck
from tests.cast import Cast
from tests.doors import Page
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.registrations import make_registration

Open = Callable[..., Page]


@pytest.fixture
def evening(cast: Cast) -> Livestream:
    """Bram and Chris came, Dana registered and stayed away; Bram met Chris, Dana declined Chris."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        start = clock.now() - timedelta(hours=2)
        livestream.went_live_at, livestream.ended_at = start, start + timedelta(hours=1)
        for person in (cast.bram, cast.chris, cast.dana):
            make_registration(db, livestream, person)
        for person in (cast.bram, cast.chris):
            make_stay(db, livestream, person, entered_at=start, left_at=start + timedelta(minutes=50))
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met", occasion_id=livestream.id)
        make_coffee(db, cast.circle, [cast.chris, cast.dana], state="declined", occasion_id=livestream.id)
    return livestream


def read(page: Page, livestream: Livestream) -> str:
    answer = page.get(f"/livestreams/{livestream.slug}/report")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_organiser_reads_counts_and_who_came(cast: Cast, page: Open, evening: Livestream) -> None:
    text = read(page(cast.anna), evening)
    assert "One conversation." in text
    assert "2 people watched live" in text
    assert "Bram, Chris" in text


def test_a_coffee_that_was_declined_is_nobodys_business(cast: Cast, page: Open, evening: Livestream) -> None:
    text = read(page(cast.anna), evening)
    assert "Dana" not in text


def test_few_answers_are_not_added_up(cast: Cast, page: Open, evening: Livestream) -> None:
    text = read(page(cast.anna), evening)
    assert "from four answers on" in text
    assert "Found it worth it" not in text


def test_a_member_and_an_outsider_find_no_report(cast: Cast, page: Open, evening: Livestream) -> None:
    for person in (cast.bram, cast.olga):
        assert page(person).get(f"/livestreams/{evening.slug}/report").status_code == 404
        assert page(person).get(f"/circles/{cast.circle.slug}/report").status_code == 404
    assert page().get(f"/livestreams/{evening.slug}/report").status_code == 303


def test_who_met_whom_stands_by_month(cast: Cast, page: Open, evening: Livestream) -> None:
    text = page(cast.anna).get(f"/circles/{cast.circle.slug}/report").get_data(as_text=True)
    assert "Bram, Chris" in text
    assert "Dana" not in text


@pytest.mark.parametrize(("hours", "word"), [(-3, "over"), (3, "set")])
def test_a_coffee_whose_time_has_passed_is_not_called_set(
    cast: Cast, page: Open, evening: Livestream, hours: int, word: str
) -> None:
    with unit_of_work() as db:
        starts_at = clock.now() + timedelta(hours=hours)
        make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=starts_at,
            occasion_id=evening.id,
        )  # fmt: skip
    (row,) = [row for row in read(page(cast.anna), evening).split("<tr") if "Bram, Dana" in row]
    assert f'<td role="cell">{word}</td>' in row


def test_a_report_without_anything_is_honest(cast: Cast, page: Open) -> None:
    with unit_of_work() as db:
        quiet = make_livestream(db, cast.circle, cast.anna, state="ended")
    text = read(page(cast.anna), quiet)
    assert "0 people came." in text
    assert "Nobody has said yes to a coffee yet." in text


def test_the_circle_report_counts_who_had_least_luck_and_names_nobody(cast: Cast, page: Open) -> None:
    with unit_of_work() as db:
        for user, missed in ((cast.bram, 1), (cast.chris, 2), (cast.dana, 0), (cast.olga, 1)):
            db.add(Luck(circle_id=cast.circle.id, user_id=user.id, missed=missed))
    address = f"/circles/{cast.circle.slug}/report"
    html = page(cast.anna).get(address).text
    assert "2 members had least luck in the last rounds; they go first next time." in html
    assert "Bram" not in html
    for other in (cast.bram, cast.olga):
        assert page(other).get(address).status_code == 404


def test_a_report_of_many_coffees_is_read_by_pages(cast: Cast, page: Open) -> None:
    with unit_of_work() as db:
        for day in range(COFFEES_A_PAGE + 3):
            starts_at = clock.now() - timedelta(days=day + 1)
            make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", starts_at=starts_at)
    address = f"/circles/{cast.circle.slug}/report"
    first, second = page(cast.anna).get(address).text, page(cast.anna).get(f"{address}?page=2").text
    assert (first.count('<td role="cell">'), second.count('<td role="cell">')) == (4 * COFFEES_A_PAGE, 4 * 3)
    assert f"{address}?page=2" in first
    assert f"{address}?page=3" not in second
    assert len(first) < 100_000
