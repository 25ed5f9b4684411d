"""Bans: a removed person cannot come back by any way until the team lifts the ban."""

import pytest
from sqlalchemy import select

from events.accounts.models import PersonalKey, User
from events.accounts.queries.people import secret_of
from events.circles.models import Circle, Invitation, JoinRequest
from events.circles.queries.circles import find_membership
from events.core.db.session import unit_of_work
from tests.factories.accounts import run_jobs
from tests.factories.circles import make_invitation, make_request
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, OpenSocket


def is_member(cast: Cast, user: User) -> bool:
    with unit_of_work() as db:
        return find_membership(db, user.id, cast.circle.id) is not None


@pytest.fixture
def removed(page: OpenPage, cast: Cast) -> str:
    """Anna removes Bram; returns the circle's URL."""
    here = f"/circles/{cast.circle.slug}"
    assert page(cast.anna).post(f"{here}/members/{cast.bram.id}/remove").status_code == 303
    return here


def join_by(page: OpenPage, cast: Cast, way: str) -> None:
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).joining = way
    assert page(cast.bram).post(f"/circles/{cast.circle.slug}/join").status_code == 303


@pytest.mark.parametrize("way", ["open", "on_request"])
def test_a_removed_person_cannot_join_or_request_to_join(
    page: OpenPage, cast: Cast, removed: str, way: str
) -> None:
    join_by(page, cast, way)
    assert not is_member(cast, cast.bram)
    with unit_of_work() as db:
        assert db.scalars(select(JoinRequest)).all() == []
    join_by(page, cast, "open") if way == "open" else None
    assert not is_member(cast, cast.bram)


@pytest.mark.parametrize("typed", ["bram@example.test", "  BRAM@Example.Test ", "Ander <bram@example.test>"])
def test_a_removed_person_is_not_invited_in_any_spelling_of_the_address(
    page: OpenPage, cast: Cast, removed: str, typed: str
) -> None:
    answer = page(cast.anna).post(f"{removed}/invite", addresses=typed)
    assert "was removed from the circle" in answer.text
    with unit_of_work() as db:
        assert db.scalars(select(Invitation)).all() == []


def test_an_earlier_invitation_or_request_does_not_lift_a_ban(
    page: OpenPage, cast: Cast, removed: str
) -> None:
    with unit_of_work() as db:
        key = make_invitation(db, cast.circle, cast.bram, invited_by=cast.anna)
        request = make_request(db, cast.circle, cast.bram)
    bram = page(cast.bram)
    bram.post(f"/k/{secret_of(key)}")
    assert bram.post(f"{removed}/welcome").status_code == 404
    said = page(cast.anna).post(f"{removed}/requests/{request.id}", decision="accepted", follow=True)
    assert "Let them back" in said.text
    assert not is_member(cast, cast.bram)


@pytest.mark.parametrize("audience", ["members", "public"])
def test_a_removed_person_cannot_register_as_a_guest(
    page: OpenPage, cast: Cast, removed: str, audience: str
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, audience=audience)
    path = f"/livestreams/{livestream.slug}/guest"
    out = page(None).post(path, name="Bram", email="BRAM@example.test")
    stranger = page(None).post(path, name="Eva", email="eva@example.test")
    assert (out.status_code, out.location) == (stranger.status_code, stranger.location)
    run_jobs()
    with unit_of_work() as db:
        keys = list(db.scalars(select(PersonalKey.user_id).where(PersonalKey.purpose == "livestream")))
    assert len(keys) == 1
    assert cast.bram.id not in keys
    assert page(cast.bram).post(f"/livestreams/{livestream.slug}/registration").status_code == 404


def test_only_the_team_lifts_a_ban(page: OpenPage, cast: Cast, removed: str) -> None:
    anna, chris = page(cast.anna), page(cast.chris)
    back = f"{removed}/members/{cast.bram.id}/let-back"
    assert "Removed from the circle" not in chris.get(f"{removed}/members").text
    assert chris.post(back).status_code == 404
    assert "Let back" in anna.get(f"{removed}/members").text
    assert [anna.post(back).status_code for _twice in range(2)] == [303, 303]
    assert "Let back" not in anna.main(f"{removed}/members")
    join_by(page, cast, "open")
    assert is_member(cast, cast.bram)


def test_a_member_who_left_may_come_back(page: OpenPage, cast: Cast) -> None:
    page(cast.bram).post(f"/circles/{cast.circle.slug}/leave")
    join_by(page, cast, "open")
    assert is_member(cast, cast.bram)


def test_a_removed_person_reads_a_public_room_and_cannot_write(
    page: OpenPage, cast: Cast, removed: str, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, audience="public", state="live")
    line = {"room": f"livestream:{livestream.slug}", "client_id": "c" * 20, "body": "Daar ben ik weer"}
    bram, olga = open_socket(cast.bram), open_socket(cast.olga)
    assert bram.send("chat.enter", room=line["room"]).ok
    assert bram.send("chat.post", **line).status in {403, 404}
    assert olga.send("chat.post", **line).ok
