"""While people gather: a word to the lobby, and ten minutes later."""

from datetime import timedelta

import pytest

from events.core import clock
from events.core.db.session import unit_of_work
from events.core.realtime.handlers import send_to_person
from events.livestreams.actions import transitions
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.rules.schedule import LATER, later_start
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.livestreams.test_listeners import enter
from tests.notifications.conftest import fresh
from tests.support.cast import Cast, acting_as
from tests.support.mail_assertions import addresses, invite_in
from tests.support.types import OpenPage, OpenSocket, Outbox

__all__ = ["fresh"]


@pytest.fixture
def lobby(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        soon = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=14)
        livestream = make_livestream(db, cast.circle, cast.anna, state="lobby", starts_at=soon)
        make_registration(db, livestream, cast.bram)
    return livestream


def now_of(made: Livestream) -> Livestream:
    with unit_of_work() as db:
        return get_livestream(db, made.id)


def test_a_word_reaches_the_lobby_at_once_and_no_outsider(
    cast: Cast, page: OpenPage, lobby: Livestream, open_socket: OpenSocket
) -> None:
    bram, olga, anna = open_socket(cast.bram), open_socket(cast.olga), page(cast.anna)
    enter(bram, f"livestream:{lobby.slug}")
    path = f"/livestreams/{lobby.slug}/lobby_note"
    assert anna.post(path, words="De gast zit in de file.").status_code == 303
    (frame,) = bram.received("livestreams.state")
    assert (frame["state"], frame["note"]) == ("lobby", "De gast zit in de file.")
    assert "De gast zit in de file." in page(cast.bram).get(f"/livestreams/{lobby.slug}").text
    anna.post(path)
    assert "note" not in bram.received("livestreams.state")[-1]
    send_to_person(cast.olga.id, "fence", {})
    assert olga.received() == [{}]


def test_the_word_is_gone_once_it_starts(cast: Cast, page: OpenPage, lobby: Livestream) -> None:
    page(cast.anna).post(f"/livestreams/{lobby.slug}/lobby_note", words="Nog even")
    with unit_of_work() as db:
        transitions.start_livestream(db, acting_as(cast.anna), get_livestream(db, lobby.id))
    assert now_of(lobby).viewer_note == ""


def test_ten_minutes_later_keeps_the_lobby_open_and_moves_calendars(
    cast: Cast, page: OpenPage, lobby: Livestream, fresh: Outbox
) -> None:
    said = "We beginnen om tien over."
    assert page(cast.anna).post(f"/livestreams/{lobby.slug}/later", said=said).status_code == 303
    moved = now_of(lobby)
    assert moved.starts_at == lobby.starts_at + LATER
    assert moved.ends_at == lobby.ends_at + LATER
    assert (moved.state, moved.viewer_note) == ("lobby", said)
    (to_bram,) = [mail for mail in fresh() if addresses([mail]) == [cast.bram.email]]
    assert invite_in(to_bram).starts_at == moved.starts_at


def test_members_and_strangers_change_nothing(cast: Cast, page: OpenPage, lobby: Livestream) -> None:
    for person in (cast.bram, cast.olga):
        for act in ("later", "lobby_note"):
            assert page(person).post(f"/livestreams/{lobby.slug}/{act}").status_code == 404
    assert now_of(lobby).starts_at == lobby.starts_at


@pytest.mark.parametrize("state", ["draft", "live", "ended", "missed", "cancelled"])
def test_only_what_is_about_to_start_starts_later(
    cast: Cast, page: OpenPage, lobby: Livestream, state: str
) -> None:
    with unit_of_work() as db:
        get_livestream(db, lobby.id).state = state
    page(cast.anna).post(f"/livestreams/{lobby.slug}/later")
    assert now_of(lobby).starts_at == lobby.starts_at


def test_later_counts_from_now_once_the_start_is_past_and_not_days_ahead(lobby: Livestream) -> None:
    start = lobby.starts_at
    assert later_start(lobby, start + timedelta(minutes=7, seconds=30)) == start + timedelta(minutes=17)
    assert later_start(lobby, start - timedelta(hours=2, seconds=1)) is None
