"""Pages of all questions and all polls, beyond what panels show."""

import pytest

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.livestreams import make_livestream
from tests.factories.polls import make_poll
from tests.factories.questions import make_question
from tests.support.cast import Cast
from tests.support.types import OpenPage


@pytest.fixture
def live(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="live")
        for number in range(30):
            make_question(
                db, livestream, cast.dana, f"Vraag {number:02}?", voters=(cast.chris,) if number == 29 else ()
            )
        make_question(db, livestream, cast.dana, "Verborgen?", state="hidden")
        make_question(db, livestream, cast.dana, "Nu op het podium?", state="live")
        for number in range(14):
            make_poll(db, livestream, title=f"Peiling {number:02}", state="closed")
        make_poll(db, livestream, title="Nog niet", state="draft")
    return livestream


def test_a_room_shows_the_first_questions_and_leads_to_all_of_them(
    cast: Cast, page: OpenPage, live: Livestream
) -> None:
    bram, address = page(cast.bram), f"/livestreams/{live.slug}"
    room = bram.main(address)
    assert "Nu op het podium?" in room
    assert "Vraag 29?" in room  # it has a vote
    assert "Vraag 28?" not in room
    assert f'href="{address}/questions"' in room
    every = bram.main(f"{address}/questions") + bram.main(f"{address}/questions?page=2")
    assert all(every.count(f"Vraag {number:02}?") == 1 for number in range(30))
    assert every.index("Nu op het podium?") < every.index("Vraag 29?") < every.index("Vraag 00?")
    assert "Verborgen?" not in every


def test_directors_see_controls_and_hidden_questions(cast: Cast, page: OpenPage, live: Livestream) -> None:
    anna, address = page(cast.anna), f"/livestreams/{live.slug}"
    assert f'href="{address}/questions"' in anna.main(f"{address}/desk")
    every = anna.main(f"{address}/questions") + anna.main(f"{address}/questions?page=2")
    assert "Verborgen?" in every
    assert "Answer in writing" in every
    assert "Answer in writing" not in page(cast.bram).main(f"{address}/questions")


def test_all_polls_are_paginated_and_hosts_alone_see_drafts(
    cast: Cast, page: OpenPage, live: Livestream
) -> None:
    bram, address = page(cast.bram), f"/livestreams/{live.slug}"
    assert f'href="{address}/polls"' in bram.main(address)
    every = bram.main(f"{address}/polls") + bram.main(f"{address}/polls?page=2")
    assert all(every.count(f"Peiling {number:02}") == 1 for number in range(14))
    assert "Nog niet" not in every
    assert "Nog niet" in page(cast.anna).main(f"{address}/polls")


@pytest.mark.parametrize("part", ["questions", "polls"])
def test_a_stranger_finds_neither_questions_nor_polls(
    cast: Cast, page: OpenPage, live: Livestream, part: str
) -> None:
    assert page(cast.olga).get(f"/livestreams/{live.slug}/{part}").status_code == 404
    assert page(None).get(f"/livestreams/{live.slug}/{part}").status_code == 303


def test_a_short_list_has_no_link_to_all(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="live")
        make_question(db, livestream, cast.dana)
    assert "All questions" not in page(cast.bram).main(f"/livestreams/{livestream.slug}")
