"""The page of all coffees asks for the same yes as Today and the page of the circle."""

from collections.abc import Callable

from events.accounts.models import User
from events.core.db import unit_of_work
from tests.cast import Cast
from tests.doors import Page
from tests.factories.livestreams import make_livestream
from tests.factories.matching import make_round, make_yes

Open = Callable[[User | None], Page]


def test_an_open_round_is_on_top_of_the_coffees_until_one_said_yes(cast: Cast, page: Open) -> None:
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
