"""Tests of a person's status in every state of a round."""

from datetime import timedelta

from flask import current_app, render_template
from jinja2.runtime import Macro

from events.accounts.models import User
from events.core import clock
from events.core.auth.actor import VISITOR, Actor
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.rounds.models import Round
from events.rounds.queries.panels import Panel, panel_of
from events.rounds.rules import timeline
from events.rounds.status import Fact, PanelAction, PanelSentence, PanelStatus, row_for
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import SetClock


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name)


def evening(cast: Cast, *, state: str = "open") -> tuple[Livestream, Round]:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended", audience="public")
        return livestream, make_round(db, livestream, state=state)


def panel(actor: Actor, livestream: Livestream) -> Panel:
    with unit_of_work() as db:
        found = panel_of(db, actor, livestream)
    assert found is not None
    html = render_template("rounds/_panel.html", coffee_round=found)
    assert f'data-status="{found.status}"' in html
    assert html.count("btn-main") == (found.status in {"open", "late", "coffee"})
    return found


def test_an_outsider_sees_no_panel(cast: Cast) -> None:
    livestream, _ = evening(cast)
    with unit_of_work() as db:
        assert panel_of(db, VISITOR, livestream) is None
        assert panel_of(db, person(cast.olga), livestream) is None
    assert "data-status" not in render_template("rounds/_panel.html", coffee_round=None)


def test_before_the_end_the_panel_shows_when_the_round_opens(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="live")
    assert panel(person(cast.bram), livestream).status == "before"


def test_the_panel_goes_from_open_to_opted_in_to_pending(cast: Cast, set_clock: SetClock) -> None:
    set_clock(timedelta())
    livestream, round_ = evening(cast)
    assert panel(person(cast.bram), livestream).status == "open"
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram)
    assert panel(person(cast.bram), livestream).status == "opted_in"
    set_clock(round_.closes_at)
    assert panel(person(cast.bram), livestream).status == "pending"
    assert panel(person(cast.chris), livestream).status == "closed"


def test_a_late_opt_in_is_offered_until_the_last_time(cast: Cast, set_clock: SetClock) -> None:
    set_clock(timedelta())
    livestream, round_ = evening(cast, state="published")
    assert panel(person(cast.dana), livestream).status == "late"
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram, state="left")
        make_yes(db, round_, cast.chris, notify_by=clock.now() + timedelta(days=1))
    left = panel(person(cast.bram), livestream)
    assert (left.status, left.accepts_opt_in) == ("unmatched", True)
    assert panel(person(cast.chris), livestream).status == "waiting"
    set_clock(timeline.parse_time(round_.times[-1]))
    assert panel(person(cast.dana), livestream).status == "over"
    assert panel(person(cast.bram), livestream).accepts_opt_in is False


def test_after_a_coffee_that_was_turned_down_another_is_offered(cast: Cast) -> None:
    livestream, round_ = evening(cast, state="published")
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram, state="matched")
    found = panel(person(cast.bram), livestream)
    assert (found.status, found.accepts_opt_in) == ("again", True)


def test_unmatched_people_read_the_next_livestream(cast: Cast) -> None:
    livestream, round_ = evening(cast, state="published")
    with unit_of_work() as db:
        following = make_livestream(db, cast.circle, cast.anna, title="De volgende")
        make_yes(db, round_, cast.bram, state="left")
    named = panel(person(cast.bram), livestream).next_livestream
    assert named is not None
    assert named.id == following.id


def test_only_organisers_see_the_progress_of_a_round(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    found = panel(person(cast.anna), livestream)
    assert found.directs
    assert not panel(person(cast.bram), livestream).directs
    assert round_.id in render_template(
        "rounds/_panel.html", coffee_round=panel(person(cast.anna), livestream)
    )


def test_every_status_has_a_sentence_or_button_for_all_facts_and_each_name_has_its_macro() -> None:
    sentences = get_template_attributes("rounds/_panel_sentences.html")
    actions = get_template_attributes("rounds/_panel_actions.html")
    for status in PanelStatus:
        for number in range(1 << len(Fact)):
            row = row_for(status, Fact(number))
            assert row.sentence or row.action or row.note, (status, number)
            assert {row.sentence, row.note} - {None} <= sentences, (status, number)
            assert row.action == "" or row.action in actions, (status, number)
    assert {str(name) for name in PanelSentence} == sentences
    assert {str(name) for name in PanelAction if name} == actions - {"sheet_url"}


def get_template_attributes(path: str) -> set[str]:
    module = current_app.jinja_env.get_template(path).make_module(
        {"link": current_app.jinja_env.globals["link"]}
    )
    return {name for name, value in vars(module).items() if isinstance(value, Macro)} - {"icon"}
