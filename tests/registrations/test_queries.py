"""The registration panel for each kind of reader."""

from typing import Any

import pytest

from events.core.auth.actor import VISITOR, Actor
from events.core.db.session import unit_of_work
from events.core.errors import Forbidden
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.registrations.queries.panels import Panel, panel_of
from events.registrations.queries.registrations import list_all, list_coming
from tests.factories.accounts import make_user
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast, acting_as


def plan(cast: Cast, **more: Any) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, **more)


def panel(actor: Actor, made: Livestream) -> Panel:
    with unit_of_work() as db:
        return panel_of(db, actor, get_livestream(db, made.id))


def test_the_sentence_names_two_people_and_counts_all(cast: Cast) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        for name in ("Farid Aydin", "Greet", "Hugo", "Ilse"):
            make_registration(db, made, make_user(db, name))
        make_registration(db, made, cast.bram)
    seen = panel(acting_as(cast.bram), made)
    assert seen.registration is not None
    assert (seen.names, seen.others, seen.coming) == (["Farid", "Greet"], 3, 5)
    assert [person.first_name for person in seen.people] == ["Farid", "Greet", "Hugo"]


def test_a_hidden_person_is_counted_but_not_listed(cast: Cast) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        make_registration(db, made, cast.dana, visible=False)
        make_registration(db, made, cast.chris)
        make_registration(db, made, make_user(db, "Weg"), state="withdrawn")
    seen = panel(acting_as(cast.bram), made)
    assert (seen.names, seen.others, seen.coming) == (["Chris"], 1, 2)


def test_a_visitor_sees_a_number_and_no_names(cast: Cast) -> None:
    made = plan(cast, audience="public")
    with unit_of_work() as db:
        make_registration(db, made, cast.chris)
    seen = panel(VISITOR, made)
    assert (seen.names, seen.people, seen.coming) == ([], (), 1)
    assert (seen.may_register, seen.may_request_guest_link) == (False, True)


def test_the_panel_shows_a_full_livestream_and_the_directors_link(cast: Cast) -> None:
    made = plan(cast, capacity=1)
    assert not panel(acting_as(cast.bram), made).full
    with unit_of_work() as db:
        make_registration(db, made, cast.chris)
    assert panel(acting_as(cast.bram), made).full
    assert panel(acting_as(cast.anna), made).may_see_list
    assert not panel(acting_as(cast.bram), made).may_see_list


def test_only_directors_see_the_whole_list(cast: Cast) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        make_registration(db, made, cast.chris)
        make_registration(db, made, cast.dana, state="withdrawn")
    with unit_of_work() as db:
        rows = list_all(db, acting_as(cast.anna), get_livestream(db, made.id))
        coming = list_coming(db, made.id)
    assert [(row.user.name, row.state) for row in rows.rows] == [("Chris", "coming"), ("Dana", "withdrawn")]
    assert [row.user.name for row in coming] == ["Chris"]
    with unit_of_work() as db, pytest.raises(Forbidden):
        list_all(db, acting_as(cast.bram), get_livestream(db, made.id))
