"""Checklist of the desk, and the phase of a livestream."""

from datetime import timedelta

from events.core.db.session import unit_of_work
from events.livestreams.models import STATES
from events.livestreams.queries.livestreams import list_agenda
from events.stage.rules import SHAPES, TABS, checks_of, parts_of, tab_of
from tests.factories.stage import make_evening
from tests.support.cast import Cast


def test_every_state_has_a_shape() -> None:
    assert set(SHAPES) == set(STATES)


def test_an_unknown_tab_is_the_chat() -> None:
    assert [tab_of(wanted) for wanted in ("polls", "nonsense", "", None)] == ["polls", "chat", "chat", "chat"]
    assert TABS[0] == "chat"


def test_a_full_preparation_leaves_nothing_open(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_evening(db, cast, state="announced")
        checks = checks_of(livestream, list_agenda(db, livestream.id), ["Chris"])
    assert all(check.done for check in checks)
    assert [check.at for check in checks if check.code == "published"] == [livestream.published_at]


def test_what_is_missing_stays_open(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_evening(db, cast, state="draft", items=0)
        livestream.provider = livestream.source_ref = None
        checks = checks_of(livestream, [], [])
    assert {check.code for check in checks if not check.done} == {"source", "agenda", "published", "starters"}


def test_before_the_first_item_everything_is_to_come(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_evening(db, cast)
        parts = parts_of(livestream, list_agenda(db, livestream.id), None)
    assert [part.place for part in parts] == ["coming", "coming", "coming"]
    assert [part.at - livestream.starts_at for part in parts] == [timedelta(minutes=m) for m in (0, 20, 40)]


def test_a_late_comer_sees_what_runs_and_what_comes(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_evening(db, cast)
        agenda = list_agenda(db, livestream.id)
        parts = parts_of(livestream, agenda, agenda[1])
    assert [part.place for part in parts] == ["done", "now", "coming"]
