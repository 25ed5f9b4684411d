"""Pages of guests: the circle's rules, the way in from a shared link, and the question afterwards."""

import pytest

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.accounts import make_key
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.types import OpenPage

RULES = {"guests_from": "members", "guests_per_member": "1", "guest_visits": "none", "guest_approval": "yes"}


def plan(cast: Cast, state: str = "announced") -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, title="Over tarieven", state=state)


def test_the_owner_sets_the_rules_of_the_circle(cast: Cast, page: OpenPage) -> None:
    path = f"/circles/{cast.circle.slug}/guests"
    anna = page(cast.anna)
    assert path in anna.main(f"/circles/{cast.circle.slug}/settings")
    assert anna.post(path, **RULES).status_code == 303
    with unit_of_work() as db:
        circle = db.merge(cast.circle)
        db.refresh(circle)
        assert (circle.guests_from, circle.guests_per_member) == ("members", 1)
        assert (circle.guest_visits, circle.guest_approval) == (None, True)
    assert 'value="members" selected' in anna.main(path)
    assert anna.post(path, **{**RULES, "guests_per_member": "4"}).status_code == 422
    assert page(cast.bram).get(path).status_code == 404
    assert page(cast.olga).post(path, **RULES).status_code == 404


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("link", "Come and look in as a guest"),
        ("members", "Ask the member you know for their link."),
        ("team", "Guests come at the invitation of the team."),
        ("nobody", None),
    ],
)
def test_a_shared_link_says_how_guests_come(cast: Cast, page: OpenPage, rule: str, said: str | None) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        db.merge(cast.circle).guests_from = rule
    visitor = page(None)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    text = visitor.main(f"/livestreams/{made.slug}")
    assert ("Not a member?" in text) == (said is not None)
    assert said is None or said in text
    assert (f"/livestreams/{made.slug}/guest" in text) == (rule == "link")


@pytest.mark.parametrize("state", ["ended", "replay"])
def test_a_guest_asks_to_join_in_one_press_after_the_end(cast: Cast, page: OpenPage, state: str) -> None:
    made = plan(cast, state)
    with unit_of_work() as db:
        make_registration(db, made, cast.olga, guest=True)
        key = make_key(db, cast.olga, "livestream", made.id)
    olga = page(None)
    olga.open_key(key)
    assert f'action="/livestreams/{made.slug}/join"' in olga.main(f"/livestreams/{made.slug}")
    assert olga.post(f"/livestreams/{made.slug}/join").status_code == 303
    assert f'action="/livestreams/{made.slug}/join"' not in olga.main(f"/livestreams/{made.slug}")
    assert cast.olga.name in page(cast.anna).main(f"/circles/{cast.circle.slug}/requests")
    assert "/join" not in page(cast.bram).main(f"/livestreams/{made.slug}")
