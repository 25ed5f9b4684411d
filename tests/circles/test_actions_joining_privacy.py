"""Privacy of invitations: the team learns nothing of an invitee's account elsewhere."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from events.accounts.models import BouncedAddress, User
from events.accounts.queries.people import secret_of
from events.circles.models import Invitation
from events.core import clock
from events.core.db.session import unit_of_work
from tests.factories.accounts import keys_mailed, make_user
from tests.support.cast import Cast
from tests.support.types import OpenPage


def awaited(page: OpenPage, cast: Cast) -> str:
    text = page(cast.anna).main(f"/circles/{cast.circle.slug}/invite")
    return text[text.index('id="awaited-title"') :]


def test_the_team_sees_what_it_typed_not_the_name_of_an_account(page: OpenPage, cast: Cast) -> None:
    """Olga has an account, Nora has none; both show as typed."""
    typed = f"Zus <{cast.olga.email}>\nZo <nora@example.test>\nwim@example.test"
    page(cast.anna).post(f"/circles/{cast.circle.slug}/invite", addresses=typed)
    text = awaited(page, cast)
    assert "Olga" not in text
    for name in ("Zus", "Zo", "wim"):
        assert name in text


def test_two_circles_see_their_own_entry_for_one_address(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        make_user(db, "Vera")
        eva = make_user(db, "Eerst Getypt", email="eva@example.test")
        eva.confirmed_at = None
    page(cast.anna).post(f"/circles/{cast.circle.slug}/invite", addresses="Eva Noor <eva@example.test>")
    assert "Eerst Getypt" not in awaited(page, cast)
    (key,) = keys_mailed("eva@example.test", "join")
    page(None).post(f"/k/{secret_of(key)}")
    with unit_of_work() as db:
        assert db.get_one(User, eva.id).name == "Eva Noor"


def returned(user: User) -> None:
    moment = clock.now()
    with unit_of_work() as db:
        row = BouncedAddress(user_id=user.id, address=user.email, kind="gone", last_at=moment)
        row.suppressed_at = moment
        db.add(row)


@pytest.mark.parametrize("joined", [False, True])
def test_bounces_are_shown_for_members_only(page: OpenPage, cast: Cast, joined: bool) -> None:
    person, here = cast.bram if joined else cast.olga, f"/circles/{cast.circle.slug}"
    returned(person)
    anna = page(cast.anna)
    if not joined:
        anna.post(f"{here}/invite", addresses=person.email)
    assert (person.email in anna.main(f"{here}/members")) is joined
    anna.post(f"{here}/members/{person.id}/try-again")
    with unit_of_work() as db:
        assert (db.get(BouncedAddress, person.id) is None) is joined


@pytest.mark.parametrize("circle_speaks", ["nl", "en"])
def test_an_invitation_is_in_the_circles_language(
    page: OpenPage, cast: Cast, outbox: Callable[[], list[object]], circle_speaks: str
) -> None:
    with unit_of_work() as db:
        db.merge(cast.circle).locale = circle_speaks
        db.get_one(User, cast.olga.id).locale = "en" if circle_speaks == "nl" else "nl"
    page(cast.anna).post(
        f"/circles/{cast.circle.slug}/invite", addresses=f"{cast.olga.email}, x@example.test"
    )
    subjects = {str(mail["Subject"]) for mail in outbox()}  # type: ignore[index]  # an EmailMessage
    assert len(subjects) == 1
    with unit_of_work() as db:
        assert len(db.scalars(select(Invitation)).all()) == 2
