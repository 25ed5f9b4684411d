"""The first steps of a new circle: the strip on its pages, their order, and the suggested date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core import clock
from events.core.db.session import unit_of_work
from events.livestreams.queries.livestreams import MAX_LISTED
from events.livestreams.rules.usual_start import NOTICE, usual_start
from events.pages.queries.today import today_of
from events.pages.rules import Ask
from tests.factories.circles import make_circle
from tests.factories.livestreams import make_livestream
from tests.pages.test_views import filled
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenPage

STRIP = "First steps of"


def test_from_the_plan_to_the_invitations_to_publishing(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        path = f"/circles/{make_circle(db, owner=cast.olga, name='Ring van Olga').slug}"
    owner = page(cast.olga)
    assert STRIP in owner.main(f"{path}/livestreams/new")
    day, hour = usual_start(datetime.now(UTC), "Europe/Amsterdam")
    answer = owner.post(f"{path}/livestreams/new", title="Eerste avond", day=day, hour=hour, preset="session")
    assert answer.headers["Location"] == f"{path}/invite"
    invite = owner.main(f"{path}/invite")
    assert filled(invite) == ["Send invitations"]
    assert "Publish ‘Eerste avond’" not in invite
    outcome = owner.post(f"{path}/invite", addresses="bram@example.org").text
    assert outcome.count('class="btn btn-main"') == 1
    assert "Publish ‘Eerste avond’" in outcome
    action = outcome.split("/publish")[0].rpartition('action="')[2]
    assert owner.post(f"{action}/publish").status_code == 303
    for place in ("/livestreams/new", "/invite"):
        assert STRIP not in owner.main(path + place), "it is gone once something is published"
    again = owner.post(f"{path}/livestreams/new", title="Tweede", day=day, hour=hour, preset="session")
    assert again.headers["Location"].endswith("/desk")


def test_a_circle_that_published_has_no_strip_and_no_stranger_sees_one(page: OpenPage, cast: Cast) -> None:
    path = f"/circles/{cast.circle.slug}"
    assert STRIP in page(cast.anna).main(f"{path}/invite")
    with unit_of_work() as db:
        draft = make_livestream(db, cast.circle, cast.bram, state="draft", title="Van Bram")
    assert STRIP in page(cast.anna).main(f"/livestreams/{draft.slug}/desk")
    assert STRIP not in page(cast.bram).main(f"/livestreams/{draft.slug}/desk"), "a host does not invite"
    with unit_of_work() as db:
        make_livestream(db, cast.circle, cast.anna)
    assert STRIP not in page(cast.anna).main(f"{path}/invite")


def test_a_circle_that_published_long_ago_is_not_new_on_today(cast: Cast) -> None:
    """Its livestream lies behind the nearest ones that are read, of other circles."""
    with unit_of_work() as db:
        before = clock.now() - timedelta(days=200)
        make_livestream(db, cast.circle, cast.anna, state="ended", starts_at=before)
        other = make_circle(db, owner=cast.olga, name="Ring van Olga")
        for number in range(MAX_LISTED):
            start = before + timedelta(days=1, hours=number)
            make_livestream(db, other, cast.olga, state="ended", audience="public", starts_at=start)
    with unit_of_work() as db:
        assert Ask.START not in today_of(db, acting_as(cast.anna)).counts


def test_the_step_to_take_next_is_a_link_unless_it_is_this_page(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        circle = make_circle(db, owner=cast.olga, name="Ring van Olga")
        draft = make_livestream(db, circle, cast.olga, state="draft")
    path, olga = f"/circles/{circle.slug}/invite", page(cast.olga)
    steps = olga.main(f"/livestreams/{draft.slug}/desk").partition(STRIP)[2].partition("</nav>")[0]
    assert f'href="{path}"' in steps
    assert f'href="{path}"' not in olga.main(path).partition(STRIP)[2].partition("</nav>")[0]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_suggested_start_is_a_thursday_evening_that_leaves_time(now: datetime) -> None:
    day, hour = usual_start(now, "Europe/Amsterdam")
    found = date.fromisoformat(day)
    assert (found.weekday(), hour) == (3, "20:00")
    ahead = found - now.date()
    assert ahead + timedelta(days=1) >= NOTICE
    assert ahead <= NOTICE + timedelta(days=7)


@pytest.mark.parametrize(("now", "day"), [("2026-11-30", "2026-12-03"), ("2026-12-01", "2026-12-10")])
def test_it_is_the_next_thursday_unless_that_is_too_soon(now: str, day: str) -> None:
    assert usual_start(datetime.fromisoformat(f"{now}T09:00+00:00"), "Europe/Amsterdam")[0] == day
