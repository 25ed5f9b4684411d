"""Topics, asks and offers: limits, typed topics and merging."""

from typing import Any

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.circles.models import Circle, Interest, Membership, Topic
from events.circles.queries.circles import find_membership, list_interests
from events.circles.rules import DEFAULT_TOPICS
from events.circles.views.topics import MAX_CHIPS
from events.core.db.session import unit_of_work
from tests.factories.circles import make_circle, make_interest
from tests.support.cast import Cast
from tests.support.types import OpenPage


def here(cast: Cast, path: str) -> str:
    return f"/circles/{cast.circle.slug}{path}"


def make_topics(circle: Circle, *names: str) -> list[Topic]:
    with unit_of_work() as db:
        topics = [Topic(circle_id=circle.id, name_nl=name, name_en=f"{name} in English") for name in names]
        db.add_all(topics)
        return topics


def interests_of(cast: Cast, user: User) -> tuple[list[str], list[str]]:
    with unit_of_work() as db:
        asks, offers = list_interests(db, cast.circle.id, [user.id]).get(user.id, ([], []))
        return sorted(topic.name_nl for topic in asks), sorted(topic.name_nl for topic in offers)


def test_the_default_topics_differ_in_both_languages() -> None:
    assert len(DEFAULT_TOPICS) == 24
    for side in (0, 1):
        assert len({pair[side].casefold() for pair in DEFAULT_TOPICS}) == 24


def test_asks_and_offers_are_kept_and_own_words_become_topics(page: OpenPage, cast: Cast) -> None:
    offer, ask = make_topics(cast.circle, "Offertes", "Inkoop")
    answer = page(cast.bram).post(
        here(cast, "/me"),
        asks=ask.id,
        offers=offer.id,
        more_asks="Zonnepanelen, zonnepanelen ,INKOOP",
        listed="1",
    )
    assert answer.status_code == 303
    assert interests_of(cast, cast.bram) == (["Inkoop", "Zonnepanelen"], ["Offertes"])
    assert "Zonnepanelen" in page(cast.dana).get(here(cast, f"/members/{cast.bram.id}")).text
    assert "Offertes in English" in page(cast.dana).get(here(cast, "/members")).text


def test_unticked_topics_are_removed(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    bram.post(here(cast, "/me"), more_asks="Export", listed="1")
    bram.post(here(cast, "/me"))
    assert interests_of(cast, cast.bram) == ([], [])
    with unit_of_work() as db:
        membership = find_membership(db, cast.bram.id, cast.circle.id)
        assert membership is not None
        assert not membership.listed


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"more_asks": "a,b,c,d,e,f"}, "asks"),
        ({"more_offers": "x" * 61}, "more_offers"),
        ({"more_asks": "nul\x00"}, "more_asks"),
        ({"more_asks": ",".join("x" * 50 for _ in range(9))}, "more_asks"),
        ({"asks": "not-an-id"}, "asks"),
    ],
)
def test_too_many_topics_are_refused_with_the_input_kept(
    page: OpenPage, cast: Cast, fields: dict[str, Any], wrong: str
) -> None:
    answer = page(cast.bram).post(
        here(cast, "/me"), **(fields | {"more_offers": fields.get("more_offers", "Kept")})
    )
    assert answer.status_code == 422
    assert f'href="#field-{wrong}"' in answer.text
    assert fields.get("more_offers", "Kept") in answer.text
    assert interests_of(cast, cast.bram) == ([], [])


def test_topics_of_another_circle_cannot_be_chosen(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        other = make_circle(db, owner=cast.olga)
    (foreign,) = make_topics(other, "Geheim")
    page(cast.bram).post(here(cast, "/me"), asks=foreign.id)
    assert interests_of(cast, cast.bram) == ([], [])
    for do in ("rename", "merge", "remove"):
        fields: dict[str, Any] = {"do": do, "topic": foreign.id, "into": foreign.id, "name_nl": "Mijn"}
        assert page(cast.anna).post(here(cast, "/topics"), **fields).status_code == 404


def test_organisers_add_and_rename(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    assert anna.post(here(cast, "/topics"), do="add", name_nl="Energie", name_en="Energy").status_code == 303
    assert anna.post(here(cast, "/topics"), do="add", name_nl="energie").status_code == 422
    with unit_of_work() as db:
        topic = db.scalars(select(Topic).where(Topic.name_nl == "Energie")).one()
    assert "Energie" in anna.get(here(cast, f"/topics?topic={topic.id}")).text
    anna.post(here(cast, "/topics"), do="rename", topic=topic.id, name_nl="Stroom", name_en="Power")
    with unit_of_work() as db:
        renamed = db.get_one(Topic, topic.id)
        assert (renamed.name_nl, renamed.name_en) == ("Stroom", "Power")


def test_merging_topics_keeps_each_choice_once(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        for user, names in ((cast.bram, ("Export", "Exporteren")), (cast.dana, ("Export",))):
            membership = find_membership(db, user.id, cast.circle.id)
            assert membership is not None
            for name in names:
                make_interest(db, membership, "asks", name)
            if user is cast.dana:
                make_interest(db, membership, "offers", "Exporteren")
        one = db.scalars(select(Topic).where(Topic.name_nl == "Export")).one()
    anna = page(cast.anna)
    assert anna.post(here(cast, "/topics"), do="merge", topic=one.id, into="Export").status_code == 422
    unknown = anna.post(here(cast, "/topics"), do="merge", topic=one.id, into="Import")
    assert "There is no topic of that name." in unknown.text
    assert 'value="Import"' in unknown.text
    assert anna.post(here(cast, "/topics"), do="merge", topic=one.id, into="EXPORTEREN").status_code == 303
    assert interests_of(cast, cast.bram) == (["Exporteren"], [])
    assert interests_of(cast, cast.dana) == (["Exporteren"], ["Exporteren"])
    with unit_of_work() as db:
        assert db.get(Topic, one.id) is None


def test_removing_a_topic_takes_it_from_everyone(page: OpenPage, cast: Cast) -> None:
    page(cast.bram).post(here(cast, "/me"), more_asks="Export")
    with unit_of_work() as db:
        topic = db.scalars(select(Topic)).one()
    page(cast.anna).post(here(cast, "/topics"), do="remove", topic=topic.id)
    with unit_of_work() as db:
        assert db.scalars(select(Interest)).all() == []
        assert len(db.scalars(select(Membership)).all()) == 4


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "burn"},
        {"do": "add"},
        {"do": "rename"},
        {"do": "merge"},
        {"do": "add", "name_nl": "x" * 61},
    ],
)
def test_an_incomplete_topic_change_is_refused(page: OpenPage, cast: Cast, fields: dict[str, Any]) -> None:
    assert page(cast.anna).post(here(cast, "/topics"), **fields).status_code == 422


def test_of_many_topics_the_most_used_are_shown_and_own_ones_stay(page: OpenPage, cast: Cast) -> None:
    topics = make_topics(cast.circle, *(f"Onderwerp {number:03}" for number in range(MAX_CHIPS + 5)))
    with unit_of_work() as db:
        for user, topic in ((cast.dana, topics[-1]), (cast.bram, topics[-2])):
            membership = find_membership(db, user.id, cast.circle.id)
            assert membership is not None
            make_interest(db, membership, "asks", topic.name_nl)
    chips = page(cast.bram).main(here(cast, "/me"))
    assert chips.count('name="asks"') == MAX_CHIPS
    assert topics[-1].name_en in chips  # chosen by a member
    assert topics[-3].name_en not in chips
    # Typing the name of a topic that is not shown selects it.
    page(cast.bram).post(here(cast, "/me"), more_asks=topics[-3].name_nl, listed="1")
    assert interests_of(cast, cast.bram) == ([topics[-3].name_nl], [])
    assert topics[-3].name_en in page(cast.bram).main(here(cast, "/me"))
    with unit_of_work() as db:
        assert len(db.scalars(select(Topic)).all()) == len(topics)


def test_a_search_finds_a_topic_in_either_language(page: OpenPage, cast: Cast) -> None:
    make_topics(cast.circle, *(f"Onderwerp {number:03}" for number in range(60)))
    anna = page(cast.anna)
    assert "Onderwerp 059 in English" in anna.main(here(cast, "/topics?q=059+english"))
    assert "No topic found for" in anna.main(here(cast, "/topics?q=nothing"))
