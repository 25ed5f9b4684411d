"""Asks and offers on the yes screen: kept for the next time, by key too, and never a condition."""

import re

import pytest

from events.accounts.models import User
from events.circles.models import Circle, Topic
from events.circles.queries.circles import list_interests
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.rounds.models import Round
from events.rounds.queries.opt_in_form import MAX_TOPICS
from events.rounds.views.topics import MAX_CHIPS
from tests.factories.accounts import make_key
from tests.factories.circles import make_circle, make_interest, make_member
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.factories.rounds import make_round
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

Evening = tuple[Livestream, Round]


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Evening:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended", audience="public")
        return livestream, make_round(db, livestream)


def make_topics(circle: Circle, *names: str) -> list[str]:
    with unit_of_work() as db:
        topics = [Topic(circle_id=circle.id, name_nl=name, name_en=name) for name in names]
        db.add_all(topics)
        db.flush()
        return [topic.id for topic in topics]


def interests_of(circle: Circle, user: User) -> tuple[list[str], list[str]]:
    with unit_of_work() as db:
        asks, offers = list_interests(db, circle.id, [user.id]).get(user.id, ([], []))
        return sorted(topic.name_nl for topic in asks), sorted(topic.name_nl for topic in offers)


def sheet(livestream: Livestream) -> str:
    return f"/livestreams/{livestream.slug}/coffee"


def yes(round_: Round, **more: object) -> dict[str, object]:
    return {"times": round_.times[:1], "forms": "online", "with_topics": "1", **more}


def ticked(html: str, side: str) -> list[str]:
    return re.findall(rf'name="{side}" value="([^"]+)" checked', html)


def test_chosen_topics_are_kept_with_the_yes_and_ticked_the_next_time(
    cast: Cast, page: OpenPage, evening: Evening
) -> None:
    livestream, round_ = evening
    money, staff = make_topics(cast.circle, "Geld", "Personeel")
    bram = page(cast.bram)
    html = bram.get(sheet(livestream)).text
    assert ticked(html, "asks") == ticked(html, "offers") == []
    saved = bram.post(sheet(livestream), **yes(round_, asks=money, offers=staff, more_offers="geld, Wijn"))
    assert saved.status_code == 303
    assert interests_of(cast.circle, cast.bram) == (["Geld"], ["Geld", "Personeel", "Wijn"])
    with unit_of_work() as db:
        later = make_livestream(db, cast.circle, cast.anna, state="ended", title="Later")
        make_round(db, later)
    html = bram.get(sheet(later)).text
    assert ticked(html, "asks") == [money]
    assert staff in ticked(html, "offers")
    assert len(ticked(html, "offers")) == 3


def test_a_yes_without_topics_is_a_yes(cast: Cast, page: OpenPage, evening: Evening) -> None:
    livestream, round_ = evening
    assert page(cast.bram).post(sheet(livestream), **yes(round_)).status_code == 303
    assert interests_of(cast.circle, cast.bram) == ([], [])


def test_a_form_that_shows_no_topics_leaves_them_alone(cast: Cast, page: OpenPage, evening: Evening) -> None:
    livestream, round_ = evening
    bram = page(cast.bram)
    bram.post(sheet(livestream), **yes(round_, more_asks="Geld"))
    assert bram.post(sheet(livestream), times=round_.times[:1], forms="online").status_code == 303
    assert interests_of(cast.circle, cast.bram) == (["Geld"], [])
    assert bram.post(sheet(livestream), **yes(round_)).status_code == 303
    assert interests_of(cast.circle, cast.bram) == ([], [])


def test_the_key_of_the_mail_writes_topics_of_this_circle_and_opens_no_profile(
    cast: Cast, page: OpenPage, evening: Evening
) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        other = make_circle(db, owner=cast.olga, name="Andere kring")
        make_interest(db, make_member(db, other, cast.bram), "asks", "Elders")
        key = make_key(db, cast.bram, "livestream", livestream.id)
    (foreign,) = make_topics(other, "Van elders")
    holder = page(None)
    holder.open_key(key)
    html = holder.get(sheet(livestream)).text
    assert 'name="with_topics"' in html
    assert "Elders" not in html
    saved = holder.post(sheet(livestream), **yes(round_, asks=foreign, more_asks="Geld"))
    assert saved.status_code == 303
    assert interests_of(cast.circle, cast.bram) == (["Geld"], [])
    assert interests_of(other, cast.bram) == (["Elders"], [])
    for path in ("/me", "/members", f"/members/{cast.bram.id}"):
        answer = holder.get(f"/circles/{cast.circle.slug}{path}")
        assert (answer.status_code, "/sign-in" in (answer.location or "")) == (303, True), path


def test_the_key_of_another_livestream_writes_nothing(cast: Cast, page: OpenPage, evening: Evening) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        other = make_livestream(db, cast.circle, cast.anna, state="ended", audience="public", title="Ander")
        key = make_key(db, cast.bram, "livestream", other.id)
    holder = page(None)
    holder.open_key(key)
    holder.post(sheet(livestream), **yes(round_, more_asks="Geld"))
    assert interests_of(cast.circle, cast.bram) == ([], [])


def test_a_guest_chooses_times_only(cast: Cast, page: OpenPage, evening: Evening) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        make_registration(db, livestream, cast.olga)
    make_topics(cast.circle, "Geld")
    olga = page(cast.olga)
    html = olga.get(sheet(livestream)).text
    assert 'name="times"' in html
    assert "Geld" not in html
    assert 'name="with_topics"' not in html
    assert olga.post(sheet(livestream), **yes(round_, more_asks="Wijn")).status_code == 303
    assert interests_of(cast.circle, cast.olga) == ([], [])
    with unit_of_work() as db:
        assert db.query(Topic).filter_by(name_nl="Wijn").count() == 0


def test_three_hundred_topics_stay_a_few_chips_with_names_to_search(
    cast: Cast, page: OpenPage, evening: Evening
) -> None:
    livestream, _ = evening
    with unit_of_work() as db:
        own = make_member(db, cast.circle, cast.olga)
        make_interest(db, own, "asks", "Veel gekozen")
    make_topics(cast.circle, *(f"Onderwerp {at:03}" for at in range(330)))
    html = page(cast.bram).get(sheet(livestream)).text
    for side in ("asks", "offers"):
        assert len(re.findall(rf'name="{side}" value="', html)) == MAX_CHIPS
    assert html.count("<option ") == MAX_TOPICS
    assert html.index("Veel gekozen") < html.index("Onderwerp 000")


def test_too_many_topics_are_refused_with_everything_kept(
    cast: Cast, page: OpenPage, evening: Evening
) -> None:
    livestream, round_ = evening
    topics = make_topics(cast.circle, *(f"Onderwerp {at}" for at in range(9)))
    answer = page(cast.bram).post(sheet(livestream), **yes(round_, asks=topics[:6], more_offers="Wijn"))
    assert answer.status_code == 422
    assert set(ticked(answer.text, "asks")) == set(topics[:6])
    assert 'value="Wijn"' in answer.text
    assert interests_of(cast.circle, cast.bram) == ([], [])
    with unit_of_work() as db:
        assert db.query(Topic).filter_by(name_nl="Wijn").count() == 0


def test_a_refused_yes_keeps_no_topics(cast: Cast, page: OpenPage, evening: Evening) -> None:
    livestream, round_ = evening
    answer = page(cast.bram).post(sheet(livestream), **(yes(round_, more_asks="Geld") | {"times": []}))
    assert answer.status_code == 422
    assert interests_of(cast.circle, cast.bram) == ([], [])
