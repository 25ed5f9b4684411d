"""Introductions: both may decline unheard, two yeses make a coffee, and a block never comes through."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from events.accounts.models import User
from events.coffees import actions, forms, queries
from events.coffees.models import Coffee, Introduction
from events.core.db import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cast import Cast
from tests.doors import Page
from tests.factories.accounts import make_block, make_key
from tests.factories.coffees import make_coffee, person
from tests.factories.notifications import addresses, path_in

pytestmark = pytest.mark.postgres
Pages = Callable[..., Page]
Outbox = Callable[[], list[EmailMessage]]
Move = Callable[[datetime | timedelta], datetime]


@pytest.fixture
def met(cast: Cast, at: Move) -> str:
    """Bram and Dana had coffee."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met").id


def introduce(by: User, coffee_id: str, one: User, other: User) -> str:
    with unit_of_work() as db:
        data = forms.Introduce(one=one.id, other=other.id, why="Allebei een winkel")
        return actions.introduce(db, person(by), queries.get_coffee(db, coffee_id), data).id


def answer(who: User, introduction_id: str, said: str) -> str | None:
    with unit_of_work() as db:
        found = queries.get_introduction(db, person(who), introduction_id)
        data = forms.Introduced.model_validate({"answer": said})
        return actions.answer_introduction(db, person(who), found, data).made_id


def test_two_yeses_make_a_coffee_with_its_reason(cast: Cast, met: str, outbox: Outbox, page: Pages) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    sent = outbox()
    assert addresses(sent) == sorted([cast.dana.email, cast.chris.email])
    mine = next(mail for mail in sent if mail["To"].addresses[0].addr_spec == cast.chris.email)
    assert mine["Subject"] == "Bram would like to introduce you to Dana"
    visitor = page(None)
    assert visitor.get(path_in(mine, "/k/")).location.endswith(f"/introductions/{introduction}")
    assert "‘Allebei een winkel’" in visitor.main(f"/introductions/{introduction}")
    assert visitor.post(f"/introductions/{introduction}", answer="yes").status_code == 303
    made_id = answer(cast.dana, introduction, "yes")
    assert made_id is not None
    with unit_of_work() as db:
        made = db.get_one(Coffee, made_id)
        assert made.state == "proposed"
        assert {seat.user_id for seat in made.seats} == {cast.dana.id, cast.chris.id}
        assert made.seats[0].reasons == [{"code": "introduced", "name": "Bram"}]
    assert "Bram introduced you to each other." in page(cast.dana).main(f"/coffees/{made_id}")
    assert "they both said yes" in page(cast.bram).main(f"/coffees/{met}")
    assert page(cast.bram).get(f"/coffees/{made_id}").status_code == 404


def test_a_no_is_heard_by_nobody(cast: Cast, met: str, page: Pages, outbox: Outbox) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    outbox()
    bram, chris = page(cast.bram), page(cast.chris)
    before = [bram.main(f"/coffees/{met}"), chris.main(f"/introductions/{introduction}")]
    answer(cast.dana, introduction, "no")
    assert [bram.main(f"/coffees/{met}"), chris.main(f"/introductions/{introduction}")] == before
    sent = len(outbox())
    assert answer(cast.chris, introduction, "yes") is None
    assert len(outbox()) == sent


@pytest.mark.parametrize("why", ["one blocked", "introducer blocked", "wants no invitations"])
def test_what_is_held_back_reads_like_no_answer(
    cast: Cast, met: str, page: Pages, outbox: Outbox, why: str
) -> None:
    bram = page(cast.bram)
    with unit_of_work() as db:
        if why == "wants no invitations":
            db.get_one(User, cast.chris.id).welcomes = "nobody"
        else:
            make_block(db, cast.chris, cast.dana if why == "one blocked" else cast.bram)
    asked = bram.post(
        f"/coffees/{met}/introduce", one=cast.dana.id, other=cast.chris.id, why="Allebei een winkel"
    )
    assert asked.status_code == 303
    assert "we've asked them both" in bram.main(f"/coffees/{met}")
    assert outbox() == []
    with unit_of_work() as db:
        introduction = db.query(Introduction).one().id
    for person_ in (cast.dana, cast.chris):
        assert page(person_).get(f"/introductions/{introduction}").status_code == 404


def test_a_block_between_the_two_yeses_makes_no_coffee(cast: Cast, met: str) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    answer(cast.dana, introduction, "yes")
    with unit_of_work() as db:
        make_block(db, cast.dana, cast.chris)
    assert answer(cast.chris, introduction, "yes") is None


def test_only_its_people_introduce_and_only_members_are_introduced(cast: Cast, met: str) -> None:
    for stranger in (cast.olga, cast.anna, cast.chris):
        with pytest.raises(Forbidden):
            introduce(stranger, met, cast.dana, cast.chris)
    with pytest.raises(NotFound):
        introduce(cast.bram, met, cast.dana, cast.olga)
    for one, other in ((cast.chris, cast.anna), (cast.dana, cast.bram)):
        with pytest.raises(Invalid):
            introduce(cast.bram, met, one, other)


def test_the_same_twice_is_once_and_it_ends_after_a_week(cast: Cast, met: str, at: Move) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    assert introduce(cast.bram, met, cast.dana, cast.chris) == introduction
    at(timedelta(days=7))
    with pytest.raises(Conflict, match="introduction_over"):
        answer(cast.dana, introduction, "yes")


def test_nobody_else_sees_an_introduction_and_a_key_opens_no_member_list(
    cast: Cast, met: str, page: Pages
) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    for stranger in (cast.olga, cast.anna, cast.bram):
        assert page(stranger).get(f"/introductions/{introduction}").status_code == 404
    assert "introduce you" not in page(cast.dana).main(f"/coffees/{met}")
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "coffee", met)
    visitor = page(None)
    visitor.open_key(key)
    assert visitor.get(f"/coffees/{met}/introduce").status_code in {303, 404}
