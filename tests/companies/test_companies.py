"""Tests of companies: one of each name in a circle, by what people write; who is listed is seen."""

import pytest
from sqlalchemy import select

from events.accounts.actions.profile import change_profile
from events.accounts.forms import Profile
from events.accounts.models import User
from events.circles.actions.joining import join_circle
from events.circles.actions.members import leave_circle
from events.circles.models import Circle, Company, Membership
from events.circles.rules import company_key
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_block, make_user
from tests.factories.circles import make_circle, make_interest, make_member
from tests.factories.coffees import person
from tests.support.cast import Cast
from tests.support.types import OpenPage

BOL = "Bakkerij Bol"


def works_at(user: User, company: str) -> None:
    with unit_of_work() as db:
        change_profile(
            db,
            person(user),
            Profile(
                name=user.name,
                company=company or None,
                languages=["nl"],
                zone="Europe/Amsterdam",
                locale="en",
            ),
        )


def company_of(cast: Cast, user: User) -> Company | None:
    with unit_of_work() as db:
        query = select(Company).join(Membership, Membership.company_id == Company.id)
        return db.scalar(query.where(Membership.user_id == user.id, Membership.circle_id == cast.circle.id))


def path_of(cast: Cast, user: User) -> str:
    company = company_of(cast, user)
    assert company is not None
    return f"/circles/{cast.circle.slug}/companies/{company.id}"


def unlist(cast: Cast, user: User) -> None:
    with unit_of_work() as db:
        db.scalars(select(Membership).where(Membership.user_id == user.id)).one().listed = False


@pytest.mark.parametrize("spelled", ["bakkerij  bol", "Bakkerij Bol B.V.", "BAKKERIJ BOL", "Bakkerij Bol bv"])
def test_spellings_of_one_name_are_one_company(spelled: str) -> None:
    assert company_key(spelled) == company_key(BOL)


def test_different_and_empty_names_are_not_one_company() -> None:
    assert len({company_key(name) for name in (BOL, "Bakkerij Bos", "Bol", "BV")}) == 4
    assert company_key(" . ") == company_key("") == ""


def test_who_writes_the_same_name_is_in_the_same_company_and_nobody_elses_changes(cast: Cast) -> None:
    works_at(cast.bram, BOL)
    works_at(cast.chris, "bakkerij bol B.V.")
    works_at(cast.dana, "Dana Advies")
    one, other, third = (company_of(cast, user) for user in (cast.bram, cast.chris, cast.dana))
    assert one is not None
    assert other is not None
    assert third is not None
    assert (one.id, one.name) == (other.id, BOL)  # the first one's spelling stays
    assert third.id != one.id


def test_who_made_a_typo_mends_it_and_leaves_no_company_behind(cast: Cast) -> None:
    works_at(cast.chris, BOL)
    works_at(cast.bram, "Bakkerij Blo")
    works_at(cast.bram, BOL)
    works_at(cast.dana, "dana advies")
    works_at(cast.dana, "Dana Advies")  # alone in it: the name follows
    with unit_of_work() as db:
        assert sorted(db.scalars(select(Company.name))) == [BOL, "Dana Advies"]
    works_at(cast.dana, "")
    assert company_of(cast, cast.dana) is None
    with unit_of_work() as db:
        assert list(db.scalars(select(Company.name))) == [BOL]


def test_joining_brings_the_company_along_and_leaving_takes_it(cast: Cast) -> None:
    works_at(cast.olga, BOL)
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        circle.joining = "open"
        join_circle(db, person(cast.olga), circle)
    assert company_of(cast, cast.olga) is not None
    with unit_of_work() as db:
        leave_circle(db, person(cast.olga), db.get_one(Circle, cast.circle.id))
    with unit_of_work() as db:
        assert db.scalars(select(Company)).all() == []


def test_each_circle_has_its_own_and_a_member_of_another_sees_none(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        elsewhere = make_circle(db, owner=cast.olga, name="Elders")
        make_member(db, elsewhere, db.get_one(User, cast.bram.id))
    works_at(cast.bram, BOL)
    works_at(cast.olga, BOL)
    with unit_of_work() as db:
        assert len(db.scalars(select(Company)).all()) == 2
    path = path_of(cast, cast.bram)
    other = path.replace(cast.circle.slug, elsewhere.slug)
    assert page(cast.olga).get(path).status_code == 404
    assert page(cast.olga).get(other).status_code == 404  # the company of one circle by another's address
    assert page(cast.olga).post(f"{path}/join").status_code == 404
    assert page(cast.olga).get(f"/circles/{cast.circle.slug}/companies").status_code == 404
    assert "/sign-in" in page(None).get(path).location


def test_the_page_shows_who_is_listed_with_what_they_ask_and_offer(cast: Cast, page: OpenPage) -> None:
    for user in (cast.bram, cast.chris):
        works_at(user, BOL)
    with unit_of_work() as db:
        own = db.scalars(select(Membership).where(Membership.user_id == cast.chris.id)).one()
        make_interest(db, own, "offers", "Broodbeleg")
    path = path_of(cast, cast.bram)
    dana = page(cast.dana)
    shown = dana.main(path)
    assert all(word in shown for word in (BOL, "Bram", "Chris", "Broodbeleg"))
    assert f'href="{path}"' in dana.main(f"/circles/{cast.circle.slug}/members/{cast.chris.id}")
    listed = dana.main(f"/circles/{cast.circle.slug}/companies")
    assert BOL in listed
    assert "Bram, Chris" in listed
    unlist(cast, cast.chris)
    assert "Chris" not in dana.main(path)
    assert "Chris" not in dana.main(f"/circles/{cast.circle.slug}/companies")
    assert "Chris" in page(cast.anna).main(path)  # the team sees everybody
    unlist(cast, cast.bram)
    assert dana.get(path).status_code == 404  # as if it did not exist
    assert BOL not in dana.main(f"/circles/{cast.circle.slug}/companies")
    assert "The other members don't see you in it." in page(cast.bram).main(path)


def test_a_block_changes_nothing_of_the_pages(cast: Cast, page: OpenPage) -> None:
    for user in (cast.bram, cast.chris):
        works_at(user, BOL)
    paths = [path_of(cast, cast.bram), f"/circles/{cast.circle.slug}/companies"]
    before = [page(cast.dana).main(path) for path in paths]
    with unit_of_work() as db:
        make_block(db, cast.chris, cast.dana)
    assert [page(cast.dana).main(path) for path in paths] == before


def test_one_press_says_that_one_works_there_too(cast: Cast, page: OpenPage) -> None:
    works_at(cast.bram, BOL)
    path = path_of(cast, cast.bram)
    chris = page(cast.chris)
    assert "I work here too" in chris.main(path)
    assert "is in your profile now" in chris.post(f"{path}/join", follow=True).text
    assert "I work here too" not in chris.main(path)
    with unit_of_work() as db:
        assert db.get_one(User, cast.chris.id).company == BOL
    assert path_of(cast, cast.chris) == path


def test_the_questions_on_joining_suggest_companies_with_listed_people(cast: Cast, page: OpenPage) -> None:
    works_at(cast.bram, BOL)
    works_at(cast.chris, "Stille Zaak")
    unlist(cast, cast.chris)
    questions = page(cast.dana).main(f"/circles/{cast.circle.slug}/welcome")
    assert f'<option value="{BOL}">' in questions
    assert "Stille Zaak" not in questions
    page(cast.dana).post(f"/circles/{cast.circle.slug}/welcome", company="bakkerij bol", listed="1")
    assert path_of(cast, cast.dana) == path_of(cast, cast.bram)


def test_a_company_of_many_shows_a_few_in_the_list_and_all_in_pages(cast: Cast, page: OpenPage) -> None:
    works_at(cast.bram, BOL)
    company = company_of(cast, cast.bram)
    assert company is not None
    with unit_of_work() as db:
        for number in range(30):
            user = make_user(db, f"Zus {number:02}")
            make_member(db, cast.circle, user).company_id = company.id
    listed = page(cast.dana).main(f"/circles/{cast.circle.slug}/companies")
    assert "and 26 more" in listed
    path = path_of(cast, cast.bram)
    assert "Zus 29" not in page(cast.dana).main(path)
    assert "Zus 29" in page(cast.dana).main(f"{path}?page=2")
