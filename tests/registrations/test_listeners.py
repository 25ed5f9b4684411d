"""Registrations and keys of former members."""

import pytest

from events.accounts.models import PersonalKey
from events.core.db.session import unit_of_work
from events.registrations.models import Registration
from tests.factories.accounts import make_key
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.types import OpenPage, Outbox


@pytest.mark.parametrize("how", ["removed", "left"])
def test_a_former_members_links_to_members_only_livestreams_are_revoked(
    page: OpenPage, cast: Cast, outbox: Outbox, how: str
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
        place = make_registration(db, livestream, cast.bram)
        key = make_key(db, cast.bram, "livestream", livestream.id)
    holder = page(None)
    assert holder.open_key(key).status_code == 303
    assert holder.get(f"/livestreams/{livestream.slug}/chat").status_code == 200
    circle = f"/circles/{cast.circle.slug}"
    path = f"{circle}/members/{cast.bram.id}/remove" if how == "removed" else f"{circle}/leave"
    assert page(cast.anna if how == "removed" else cast.bram).post(path).status_code == 303
    assert holder.get(f"/livestreams/{livestream.slug}/chat").status_code == 303
    assert page(None).open_key(key).status_code == 404
    with unit_of_work() as db:
        assert db.get_one(Registration, place.id).state == "withdrawn"
    assert [mail["To"].addresses[0].addr_spec for mail in outbox()] == [cast.bram.email]


def test_a_former_member_keeps_access_to_public_livestreams(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, audience="public")
        place = make_registration(db, livestream, cast.bram)
        key = make_key(db, cast.bram, "livestream", livestream.id)
    assert page(cast.bram).post(f"/circles/{cast.circle.slug}/leave").status_code == 303
    with unit_of_work() as db:
        assert db.get_one(Registration, place.id).state == "coming"
        assert db.get_one(PersonalKey, key.id).revoked_at is None


def test_other_registrations_and_links_are_kept(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
        place = make_registration(db, livestream, cast.chris)
        key = make_key(db, cast.chris, "livestream", livestream.id)
    assert page(cast.bram).post(f"/circles/{cast.circle.slug}/leave").status_code == 303
    with unit_of_work() as db:
        assert db.get_one(Registration, place.id).state == "coming"
        assert db.get_one(PersonalKey, key.id).revoked_at is None
