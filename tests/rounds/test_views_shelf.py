"""Tests of the page of all coffees: open rounds and past coffees."""

import re
from datetime import timedelta

from events.core import clock
from events.core.db.paging import ROWS_PER_PAGE
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock


def test_an_open_round_is_on_top_of_the_coffees_until_the_opt_in(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream)
        make_livestream(db, cast.circle, cast.anna, state="announced")
    where = f"/livestreams/{livestream.slug}/coffee"
    for path in ("/coffees", "/", f"/circles/{cast.circle.slug}/coffee"):
        assert where in page(cast.bram).main(path)
    shelf = page(cast.bram).main("/coffees")
    assert "Yes, coffee" in shelf
    assert "No coffees yet." not in shelf
    assert where not in page(cast.olga).main("/coffees")
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram)
    assert where not in page(cast.bram).main("/coffees")


def test_past_coffees_are_paginated_and_open_ones_are_on_the_first_page(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        begun = clock.now() - timedelta(days=90)
        past = [
            make_coffee(
                db,
                cast.circle,
                [cast.bram, cast.dana],
                state="met",
                starts_at=begun + timedelta(hours=number),
            ).id
            for number in range(2 * ROWS_PER_PAGE + 20)
        ]
        ahead = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="confirmed").id
        make_coffee(db, cast.circle, [cast.chris, cast.dana], state="met")
    bram = page(cast.bram)
    pages = [bram.main(f"/coffees?page={number}") for number in (1, 2, 3)]
    seen = [one for html in pages for one in re.findall(r'href="/coffees/([a-z0-9]{26})"', html)]
    assert [one for one in seen if one in past] == past[::-1]
    assert set(seen) - {*past} == {ahead}
    assert "page=4" not in pages[-1]


def test_a_running_coffee_is_listed_once_and_its_outcome_is_asked_afterwards(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now()
        )
    ends_at = coffee.ends_at
    set_clock(coffee.starts_at + timedelta(minutes=5))
    going = page(cast.bram).main("/coffees")
    assert going.count(f"/coffees/{coffee.id}") == 1
    assert "How was it?" not in going
    set_clock(ends_at)
    assert "How was it?" in page(cast.bram).main("/coffees")
