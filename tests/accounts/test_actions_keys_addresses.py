"""One person per address, however sign-up, invitation, list, guest form and replies spell it."""

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.accounts.queries.people import find_user_by_email
from events.circles.forms.importing import read_people
from events.core.db.session import unit_of_work
from tests.factories.accounts import keys_mailed
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage

WRITTEN = ("bram@bäckerei.example", "BRAM@Bäckerei.Example", "bram@xn--bckerei-5wa.example\u200b")


@pytest.fixture
def baker(cast: Cast) -> User:
    with unit_of_work() as db:
        bram = db.get_one(User, cast.bram.id)
        bram.email = "bram@xn--bckerei-5wa.example"
        return bram


@pytest.mark.parametrize("typed", WRITTEN)
def test_no_form_makes_a_second_person_for_one_address(
    page: OpenPage, cast: Cast, baker: User, typed: str
) -> None:
    with unit_of_work() as db:
        before = len(db.scalars(select(User)).all())
        livestream = make_livestream(db, cast.circle, cast.anna)
    here = f"/circles/{cast.circle.slug}"
    assert "is a member already" in page(cast.anna).post(f"{here}/invite", addresses=f"Bram <{typed}>").text
    page(cast.anna).post(f"{here}/import", people=f"Bram;{typed};Bakkerij", step="send")
    assert page(None).post("/sign-up", name="Bram", email=typed).status_code == 303
    assert (
        page(None).post(f"/livestreams/{livestream.slug}/guest", name="Bram", email=typed).status_code == 303
    )
    assert len(keys_mailed(baker.email, "sign_in")) == 1
    with unit_of_work() as db:
        assert len(db.scalars(select(User)).all()) == before
        assert find_user_by_email(db, typed) is not None


def test_an_imported_list_shows_the_domain_as_typed(page: OpenPage, cast: Cast) -> None:
    (line,) = read_people("Bram Bakker;bram@bäckerei.example;Bakkerij")
    assert (line.problem, line.email) == ("", "bram@xn--bckerei-5wa.example")
    path = f"/circles/{cast.circle.slug}/import"
    text = page(cast.anna).post(path, people="Bram Bakker;bram@bäckerei.example").text
    assert "bram@bäckerei.example" in text
    assert "xn--" not in text
