"""Poll forms without scripts."""

import pytest
from sqlalchemy import func, select

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.polls.models import Poll, PollOption, PollVote
from tests.factories.polls import make_poll
from tests.support.cast import Cast
from tests.support.types import OpenPage


def test_the_team_prepares_a_poll_one_answer_a_line(cast: Cast, live: Livestream, page: OpenPage) -> None:
    answer = page(cast.anna).post(
        f"/livestreams/{live.slug}/polls", title="Hoe lang?", options="Eén blad\r\n\r\n  Twee bladen \n"
    )
    assert answer.location == f"/livestreams/{live.slug}/desk"
    with unit_of_work() as db:
        [poll] = db.scalars(select(Poll)).all()
        labels = db.scalars(select(PollOption.label).order_by(PollOption.position)).all()
    assert (poll.title, poll.state, labels) == ("Hoe lang?", "draft", ["Eén blad", "Twee bladen"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("Alleen deze", "Give two to six answers"),
        ("\n".join("abcdefg"), "Give two to six answers"),
        ("Ja\nja", "An answer is there twice"),
        ("Ja\n" + "x" * 81, "This is too long."),
        ("Ja\nnul\x00", "Line 2: This contains signs"),
        ("", "Give two to six answers"),
    ],
)
def test_a_refused_poll_comes_back_with_everything_typed(
    cast: Cast, live: Livestream, page: OpenPage, options: str, sentence: str
) -> None:
    answer = page(cast.anna).post(f"/livestreams/{live.slug}/polls", title="Hoe lang?", options=options)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in html
    assert 'value="Hoe lang?"' in html
    assert options.replace("\x00", "") in html.replace("\x00", "")
    with unit_of_work() as db:
        assert db.scalar(select(func.count(Poll.id))) == 0


def test_opening_voting_and_closing_go_by_form(cast: Cast, live: Livestream, page: OpenPage) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live, state="draft")
    anna = page(cast.anna)
    assert anna.post(f"/polls/{poll.id}/state", state="open").status_code == 303
    voted = anna.post(f"/polls/{poll.id}/vote", option=options[2].id)
    assert voted.location == f"/livestreams/{live.slug}?tab=polls"
    assert anna.post(f"/polls/{poll.id}/vote").status_code == 303, "an empty vote is none"
    assert anna.post(f"/polls/{poll.id}/state", state="closed").status_code == 303
    late = anna.post(f"/polls/{poll.id}/vote", option=options[0].id)
    assert late.status_code == 303
    with unit_of_work() as db:
        assert db.scalars(select(PollVote.option_id)).all() == [options[2].id]
        assert db.scalars(select(Poll.state)).all() == ["closed"]


@pytest.mark.parametrize(("who", "status"), [("bram", 404), ("olga", 404), ("visitor", 303)])
def test_only_the_team_makes_and_changes_polls(
    cast: Cast, live: Livestream, page: OpenPage, who: str, status: int
) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live)
    someone = page(getattr(cast, who, None))
    made = someone.post(f"/livestreams/{live.slug}/polls", title="Mag dit?", options="Ja\nNee")
    assert made.status_code == status
    assert someone.post(f"/livestreams/{live.slug}/polls", title="").status_code == status
    assert someone.post(f"/polls/{poll.id}/state", state="closed").status_code == status
    if who != "bram":
        assert someone.post(f"/polls/{poll.id}/vote", option=options[0].id).status_code == status
    with unit_of_work() as db:
        assert db.scalars(select(Poll.state)).all() == ["open"]
