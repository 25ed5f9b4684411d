"""Tests of contact sharing: chosen kinds, mutual only, visible to no one else."""

import pytest

from events.accounts.models import User
from events.coffees.actions import contact_sharing
from events.coffees.forms import Details
from events.coffees.queries import coffees
from events.coffees.queries import contact_sharing as coffees_details
from events.core.db.session import unit_of_work
from events.core.errors import Forbidden, Invalid, NotFound
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.types import OpenPage

pytestmark = pytest.mark.postgres


@pytest.fixture
def met(cast: Cast) -> str:
    with unit_of_work() as db:
        dana = db.get_one(User, cast.dana.id)
        dana.phone, dana.linkedin = "+31612345678", "https://www.linkedin.com/in/dana"
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met").id


def share(who: User, coffee_id: str, *kinds: str) -> None:
    with unit_of_work() as db:
        data = Details.model_validate({"kinds": list(kinds)})
        contact_sharing.share_details(db, person(who), coffees.get_coffee(db, coffee_id), data)


def seen_by(who: User, coffee_id: str) -> list[dict[str, str]]:
    with unit_of_work() as db:
        exchange = coffees_details.exchange_of(db, person(who), coffees.get_coffee(db, coffee_id))
        return [shown.details for shown in exchange.shown]


def test_nothing_shows_until_both_share_and_then_only_what_each_ticked(cast: Cast, met: str) -> None:
    share(cast.dana, met, "phone", "linkedin")
    assert seen_by(cast.bram, met) == seen_by(cast.dana, met) == []
    share(cast.bram, met, "email")
    assert seen_by(cast.bram, met) == [
        {"phone": "+31612345678", "linkedin": "https://www.linkedin.com/in/dana"}
    ]
    assert seen_by(cast.dana, met) == [{"email": cast.bram.email}]


def test_withdrawn_contact_details_disappear_for_both(cast: Cast, met: str) -> None:
    share(cast.dana, met, "phone")
    share(cast.bram, met, "email")
    share(cast.bram, met)
    assert seen_by(cast.bram, met) == seen_by(cast.dana, met) == []


def test_the_partners_page_does_not_reveal_sharing(cast: Cast, met: str, page: OpenPage) -> None:
    bram = page(cast.bram)
    before = bram.main(f"/coffees/{met}")
    share(cast.dana, met, "phone", "email")
    assert bram.main(f"/coffees/{met}") == before


def test_only_existing_contact_details_can_be_shared(cast: Cast, met: str) -> None:
    with pytest.raises(Invalid):
        share(cast.bram, met, "phone")


def test_the_contact_card_holds_what_was_ticked(cast: Cast, met: str, page: OpenPage) -> None:
    bram, path = page(cast.bram), f"/coffees/{met}/contacts/{cast.dana.id}.vcf"
    assert bram.get(path).status_code == 404
    share(cast.dana, met, "linkedin")
    assert bram.get(path).status_code == 404
    bram.post(f"/coffees/{met}/details", kinds=["email"])
    card = bram.get(path)
    assert card.mimetype == "text/vcard"
    assert "URL:https://www.linkedin.com/in/dana" in card.text
    assert "TEL" not in card.text
    assert cast.dana.email not in card.text
    assert "Save Dana as a contact" in bram.get(f"/coffees/{met}").text
    for stranger in (cast.olga, cast.anna, cast.chris):
        assert page(stranger).get(path).status_code == 404
        assert page(stranger).get(f"/coffees/{met}/details").status_code == 404


def test_outsiders_and_former_participants_neither_share_nor_see_details(cast: Cast) -> None:
    with unit_of_work() as db:
        trio = [cast.bram, cast.chris, cast.dana]
        coffee_id = make_coffee(db, cast.circle, trio, state="met", answers={"Chris": "no"}).id
    share(cast.dana, coffee_id, "email")
    for stranger in (cast.olga, cast.anna, cast.chris):
        with pytest.raises(Forbidden):
            share(stranger, coffee_id, "email")
    with unit_of_work() as db, pytest.raises(NotFound):
        coffees_details.get_shown(db, person(cast.chris), coffees.get_coffee(db, coffee_id), cast.dana.id)
