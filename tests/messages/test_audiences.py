"""Audiences of a message: who is in each, and who is never reached."""

import pytest
from sqlalchemy.orm import Session

from events.accounts.actions.profile import switch_mail
from events.accounts.models import BouncedAddress, User
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.messages.queries.audiences import count_audiences, select_recipients
from events.messages.queries.messages import open_round
from events.messages.rules import AUDIENCES, audiences_at
from tests.factories.accounts import make_block, make_user
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.factories.rounds import make_round, make_yes
from tests.messages.conftest import Evening
from tests.support.cast import Cast

pytestmark = pytest.mark.postgres


def names(db: Session, cast: Cast, evening: Evening, audience: str) -> set[str]:
    livestream = evening.livestream
    round_ = open_round(db, cast.circle, livestream)
    chosen = select_recipients(audience, cast.circle, livestream, round_, but=cast.anna.id)
    found = {db.get_one(User, user_id).name for user_id in db.scalars(chosen)}
    counts = count_audiences(db, [audience], cast.circle, livestream, round_, but=cast.anna.id)
    assert counts == {audience: len(found)}
    return found


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("registered", {"Bram", "Dana", "Gast"}),
        ("came", {"Bram", "Gast"}),  # Olga came too, but neither belongs to the circle nor registered
        ("missed", {"Dana"}),
        ("unanswered", {"Chris"}),
        ("undecided", {"Chris", "Dana", "Gast"}),
        ("circle", {"Bram", "Chris", "Dana"}),
    ],
)
def test_an_audience_is_who_its_name_says_without_the_writer_and_the_banned(
    cast: Cast, evening: Evening, audience: str, expected: set[str]
) -> None:
    with unit_of_work() as db:
        make_yes(db, make_round(db, db.merge(evening.livestream)), cast.bram)
        assert names(db, cast, evening, audience) == expected


def test_who_withdrew_has_answered(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
        make_registration(db, livestream, cast.bram)
        make_registration(db, livestream, cast.dana, state="withdrawn")
        evening = Evening(livestream, cast.olga, cast.olga)
        assert names(db, cast, evening, "registered") == {"Bram"}
        assert names(db, cast, evening, "unanswered") == {"Chris"}


def test_the_waiting_list_is_an_audience_while_places_are_limited_and_still_come(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, capacity=1)
        make_registration(db, livestream, cast.dana)
        states = ("waiting", "offered", "called", "left", "lapsed")
        people = (cast.bram, cast.chris, cast.olga, make_user(db, "Weg"), make_user(db, "Verlopen"))
        for person, state in zip(people, states, strict=True):
            make_registration(db, livestream, person, state=state)
        evening = Evening(livestream, cast.olga, cast.olga)
        assert names(db, cast, evening, "waiting") == {"Bram", "Chris", "Olga"}
    for state, there in (("announced", True), ("lobby", True), ("live", False), ("ended", False)):
        for organises in (True, False):
            found = audiences_at(state, round_open=False, organises=organises, limited=True)
            assert ("waiting" in found) is there


def test_mail_switched_off_or_returned_is_left_out_and_a_block_is_not(cast: Cast, evening: Evening) -> None:
    with unit_of_work() as db:
        make_block(db, cast.dana, cast.anna)
        switch_mail(db, SYSTEM, cast.bram.id, "circle_message", on=False)
        db.add(
            BouncedAddress(
                user_id=cast.chris.id,
                address=cast.chris.email,
                kind="gone",
                last_at=clock.now(),
                suppressed_at=clock.now(),
            )
        )
        db.flush()
        assert names(db, cast, evening, "circle") == {"Dana"}


@pytest.mark.parametrize(
    "state", [None, "draft", "announced", "live", "ended", "replay", "missed", "cancelled"]
)
def test_a_host_who_does_not_organise_reaches_only_who_registered(state: str | None) -> None:
    team = audiences_at(state, round_open=True, organises=True)
    host = audiences_at(state, round_open=True, organises=False)
    assert set(host) == set(team) & {"registered", "came", "missed"}
    assert "waiting" not in team
    assert set(team) <= set(AUDIENCES)
    assert ("came" in team) is (state in {"ended", "replay"})
