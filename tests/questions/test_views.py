"""Question forms without scripts."""

from typing import Any

import pytest
from sqlalchemy import select

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.questions.models import Question
from tests.factories.questions import make_question
from tests.support.cast import Cast
from tests.support.types import OpenPage


def test_a_question_by_form_is_asked_once(cast: Cast, live: Livestream, page: OpenPage) -> None:
    bram = page(cast.bram)
    for _twice in range(2):
        answer = bram.post(
            f"/livestreams/{live.slug}/questions", client_id="client-0001", body="Hoe dan?", nameless="1"
        )
        assert answer.location == f"/livestreams/{live.slug}?tab=questions"
    with unit_of_work() as db:
        [question] = db.scalars(select(Question)).all()
    assert (question.body, question.nameless) == ("Hoe dan?", True)


@pytest.mark.parametrize("body", ["", "x" * 501])
def test_a_refused_question_comes_back_with_everything_typed(
    cast: Cast, live: Livestream, page: OpenPage, body: str
) -> None:
    answer = page(cast.bram).post(
        f"/livestreams/{live.slug}/questions", client_id="client-0001", body=body, nameless="1"
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert body in html
    assert 'name="nameless" value="1" checked' in html


def test_votes_and_states_go_by_form(cast: Cast, live: Livestream, page: OpenPage) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram)
    anna = page(cast.anna)
    assert anna.post(f"/questions/{question.id}/vote", up="1").status_code == 303
    assert anna.post(f"/questions/{question.id}/vote", up="1").status_code == 303
    done = anna.post(f"/questions/{question.id}/state", state="answered", answer="Ja, op dat blad.")
    assert done.location == f"/livestreams/{live.slug}/desk"
    with unit_of_work() as db:
        [left] = db.scalars(select(Question)).all()
    assert (left.votes, left.state, left.answer) == (1, "answered", "Ja, op dat blad.")
    late = anna.post(f"/questions/{question.id}/vote", up="")
    assert late.status_code == 303


def test_a_refused_answer_comes_back_with_everything_typed(
    cast: Cast, live: Livestream, page: OpenPage
) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram)
    answer = page(cast.anna).post(f"/questions/{question.id}/state", state="answered", answer="x" * 2001)
    assert answer.status_code == 422
    assert "x" * 2001 in answer.get_data(as_text=True)


@pytest.mark.parametrize(("who", "status"), [("olga", 404), ("visitor", 303)])
def test_outsiders_find_no_form(cast: Cast, live: Livestream, page: OpenPage, who: str, status: int) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram)
    someone = page(cast.olga if who == "olga" else None)
    forms: list[tuple[str, dict[str, Any]]] = [
        (f"/livestreams/{live.slug}/questions", {"client_id": "client-0001", "body": "Binnen?"}),
        (f"/questions/{question.id}/vote", {"up": "1"}),
        (f"/questions/{question.id}/state", {"state": "live"}),
    ]
    for path, fields in forms:
        assert someone.post(path, **fields).status_code == status
    with unit_of_work() as db:
        assert [(question.state, question.votes) for question in db.scalars(select(Question))] == [
            ("open", 0)
        ]


def test_a_member_does_not_direct(cast: Cast, live: Livestream, page: OpenPage) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram)
    bram = page(cast.bram)
    assert bram.post(f"/questions/{question.id}/state", state="live").status_code == 404
    assert bram.post(f"/questions/{question.id}/state", state="nonsense").status_code == 404
