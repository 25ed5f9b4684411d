"""Tests of quoted interactions in reasons; anonymous questions stay anonymous."""

from datetime import timedelta

from events.accounts.models import User
from events.coffees.models import Coffee
from events.coffees.queries.coffees import list_of_round
from events.core import clock
from events.core.db.session import unit_of_work
from events.rounds import jobs
from events.rounds.models import Round
from tests.factories.livestreams import make_livestream
from tests.factories.polls import make_poll, make_poll_vote
from tests.factories.questions import make_question
from tests.factories.recordings import make_recording
from tests.factories.rounds import make_round, make_round_of_its_own, make_yes
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock


def matched(
    cast: Cast, set_clock: SetClock, *, nameless: bool = False, recorded: bool = True
) -> tuple[Round, Coffee]:
    """Bram and Chris asked, voted for Dana's question and chose the same; they get a coffee."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        round_ = make_round(db, livestream)
        if recorded:
            make_recording(db, livestream).zero_at = clock.now() - timedelta(minutes=14, seconds=20)
        for user in (cast.bram, cast.chris):
            make_yes(db, round_, user)
            make_question(db, livestream, user, f"Vraag van {user.name}").nameless = nameless
        make_question(db, livestream, cast.dana, "Hoe <b>lang</b> inwerken?", voters=(cast.bram, cast.chris))
        _poll, options = make_poll(db, livestream, title="Wie belt zelf na?", state="closed")
        for user in (cast.bram, cast.chris):
            make_poll_vote(db, options[0], user)
    set_clock(round_.publish_at)
    jobs.match_round(round_.id)
    with unit_of_work() as db:
        [coffee] = list_of_round(db, round_.id)
    return round_, coffee


def reasons_of(coffee: Coffee, user: User) -> dict[object, dict[str, object]]:
    seat = next(one for one in coffee.seats if one.user_id == user.id)
    return {reason["code"]: reason for reason in seat.reasons}


def test_a_reason_quotes_the_question_and_links_to_its_second(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    _round, coffee = matched(cast, set_clock)
    reasons = reasons_of(coffee, cast.bram)
    asked = reasons["asked_question"]
    assert (asked["quote"], asked["second"]) == ("Vraag van Chris", 860)
    assert reasons["same_question"]["quote"] == "Hoe <b>lang</b> inwerken?"
    assert reasons["same_poll"]["quote"] == "Wie belt zelf na?"
    html = page(cast.bram).get(f"/coffees/{coffee.id}").text
    assert "?t=860" in html
    assert "See that moment" in html
    assert "<b>lang</b>" not in html


def test_without_a_recording_a_reason_has_no_link(cast: Cast, set_clock: SetClock, page: OpenPage) -> None:
    _round, coffee = matched(cast, set_clock, recorded=False)
    html = page(cast.bram).get(f"/coffees/{coffee.id}").text
    assert "Chris asked ‘Vraag van Chris’" in html
    assert "See that moment" not in html


def test_an_anonymous_question_is_no_reason(cast: Cast, set_clock: SetClock) -> None:
    _round, coffee = matched(cast, set_clock, nameless=True)
    reasons = reasons_of(coffee, cast.bram)
    assert "asked_question" not in reasons
    assert "Vraag van Chris" not in str(reasons)


def test_the_same_work_is_named_on_the_card_of_a_round_without_a_livestream(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    with unit_of_work() as db:
        round_ = make_round_of_its_own(db, cast.circle)
        for user in (cast.bram, cast.chris):
            make_yes(db, round_, user)
            db.get_one(User, user.id).headline = "Drukker & <b>binder</b>"
    set_clock(round_.publish_at)
    jobs.match_round(round_.id)
    with unit_of_work() as db:
        [coffee] = list_of_round(db, round_.id)
    assert (
        "You do the same work: Drukker &amp; &lt;b&gt;binder&lt;/b&gt;."
        in page(cast.bram).get(f"/coffees/{coffee.id}").text
    )
