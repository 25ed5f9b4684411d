"""The team of a livestream on its pages: the desk first, and not counted as viewers."""

import re

import pytest

from events.core.db.session import unit_of_work
from events.presence.queries import count_all_watching, count_watching
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.rounds import make_round
from tests.pages.test_views import filled
from tests.support.cast import Cast
from tests.support.types import OpenPage


def test_the_hosts_own_page_leads_to_the_desk_and_not_to_registering(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
    path = f"/livestreams/{livestream.slug}"
    anna, bram = page(cast.anna).get(path).text, page(cast.bram).get(path).text
    assert "To the desk" in filled(anna)
    assert f'action="{path}/registration"' not in anna
    assert "Register" in filled(bram)
    assert "To the desk" not in bram
    small = re.findall(r'<a href="[^"]+/desk"([^>]*)>', anna)
    assert small == [' data-states="draft missed cancelled"'], "the desk is offered twice beside each other"


def test_after_the_end_the_hosts_page_fills_the_desk_alone(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        make_round(db, livestream)
    path = f"/livestreams/{livestream.slug}"
    button = re.compile(rf'stage-coffee.+?class="btn (btn-\w+) btn-wide" href="{path}/coffee"', re.DOTALL)
    assert button.findall(page(cast.anna).get(path).text) == ["btn-line"]
    assert button.findall(page(cast.bram).get(path).text) == ["btn-main"]


@pytest.mark.parametrize("state", ["lobby", "live", "paused", "ended"])
def test_on_the_stage_the_team_has_the_desk_as_a_button(cast: Cast, page: OpenPage, state: str) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state=state)
    path = f"/livestreams/{livestream.slug}"
    assert f'class="btn btn-main" href="{path}/desk"' in page(cast.anna).get(path).text
    assert f'{path}/desk"' not in page(cast.bram).get(path).text


def test_the_host_is_no_viewer_of_her_own_livestream(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="live")
        for user in (cast.anna, cast.bram):
            make_stay(db, livestream, user)
        assert count_watching(db, livestream.id) == 1
        assert count_all_watching(db) == {livestream.slug: 1}
