"""Three questions on joining, and the member list that shows only those who chose so."""

import pytest
from sqlalchemy import select

from events.accounts.models import PersonalKey, User
from events.accounts.queries.people import secret_of
from events.circles.actions.circle import create_circle
from events.circles.forms.circles import CreateCircle
from events.circles.models import Membership, Topic
from events.circles.queries.circles import find_membership, list_interests
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_user
from tests.factories.circles import make_interest, make_invitation, make_member
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenPage


def here(cast: Cast, path: str = "") -> str:
    return f"/circles/{cast.circle.slug}{path}"


def membership(cast: Cast, user: User) -> Membership:
    with unit_of_work() as db:
        found = find_membership(db, user.id, cast.circle.id)
        assert found is not None
        return found


def invite(cast: Cast) -> PersonalKey:
    """An invitation to Olga, whose address is not confirmed yet."""
    with unit_of_work() as db:
        db.get_one(User, cast.olga.id).confirmed_at = None
        return make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)


def topics(cast: Cast, *names: str) -> list[str]:
    with unit_of_work() as db:
        rows = [Topic(circle_id=cast.circle.id, name_nl=name, name_en=name) for name in names]
        db.add_all(rows)
        db.flush()
        return [row.id for row in rows]


def test_whoever_joins_by_the_link_of_the_mail_answers_three_questions(page: OpenPage, cast: Cast) -> None:
    """No password, no sign-in form: the link, a press, and the questions."""
    key, (ask, offer), olga = invite(cast), topics(cast, "Offertes", "Inkoop"), page()
    olga.post(f"/k/{secret_of(key)}")
    asked = olga.get(here(cast, "/welcome")).text
    assert all(
        words in asked for words in ("What do you do?", "What are you looking for?", "gladly help with?")
    )
    assert 'name="listed" value="1" checked' not in asked
    answers = {"headline": "Eigenaar", "company": "Zaag BV", "asks": ask, "offers": offer, "listed": "1"}
    assert olga.post(here(cast, "/welcome"), **answers).headers["Location"] == "/"
    with unit_of_work() as db:
        asks, offers = list_interests(db, cast.circle.id, [cast.olga.id])[cast.olga.id]
        user = db.get_one(User, cast.olga.id)
        kept = (user.headline, user.company, [one.id for one in asks], [one.id for one in offers])
    assert kept == ("Eigenaar", "Zaag BV", [ask], [offer])
    assert membership(cast, cast.olga).listed
    assert "Olga</a>" in page(cast.bram).get(here(cast, "/members")).text
    again = olga.get(here(cast, "/welcome")).text
    assert all(words in again for words in ('value="Eigenaar"', 'value="Zaag BV"', f'value="{ask}" checked'))


def test_who_skips_the_questions_is_not_listed(page: OpenPage, cast: Cast) -> None:
    key, olga = invite(cast), page()
    olga.post(f"/k/{secret_of(key)}")
    assert 'href="/">Skip' in olga.get(here(cast, "/welcome")).text
    assert not membership(cast, cast.olga).listed
    assert "Olga</a>" not in page(cast.bram).get(here(cast, "/members")).text
    assert "Olga</a>" in page(cast.anna).get(here(cast, "/members")).text
    assert "Appear in the member list" in olga.get("/").text


def test_a_second_press_of_join_answers_no_question(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        own = find_membership(db, cast.bram.id, cast.circle.id)
        assert own is not None
        make_interest(db, own, "asks", "Offertes")
    assert page(cast.bram).post(here(cast, "/welcome")).headers["Location"] == here(cast, "/welcome")
    with unit_of_work() as db:
        assert len(list_interests(db, cast.circle.id, [cast.bram.id])[cast.bram.id][0]) == 1


def test_too_many_topics_are_refused_and_stay_ticked(page: OpenPage, cast: Cast) -> None:
    chosen = topics(cast, *(f"Onderwerp {number}" for number in range(20)))[-6:]
    answer = page(cast.bram).post(here(cast, "/welcome"), asks=chosen, company="Zaag BV")
    assert answer.status_code == 422
    assert "Choose at most five" in answer.text
    assert [f'value="{one}" checked' in answer.text for one in chosen] == [True] * 6
    assert 'value="Zaag BV"' in answer.text
    with unit_of_work() as db:
        assert db.get_one(User, cast.bram.id).company == ""


def test_an_outsider_answers_nothing(page: OpenPage, cast: Cast) -> None:
    olga = page(cast.olga)
    assert olga.post(here(cast, "/welcome"), listed="1").status_code == 404
    assert olga.post(here(cast, "/listing"), listed="yes").status_code == 404


@pytest.mark.parametrize(("answer", "listed"), [("yes", True), ("no", False)])
def test_today_asks_once_and_existing_members_stay_as_they_were(
    page: OpenPage, cast: Cast, answer: str, listed: bool
) -> None:
    with unit_of_work() as db:
        own = db.scalars(select(Membership).where(Membership.user_id == cast.bram.id)).one()
        own.listing_chosen_at = None
    bram, question = page(cast.bram), "Appear in the member list of Bedrijvenkring Demo?"
    shown = bram.get("/").text
    assert question in shown
    assert "you appear there as before" in shown
    assert membership(cast, cast.bram).listed
    assert bram.post(here(cast, "/listing"), listed=answer).headers["Location"] == "/"
    assert membership(cast, cast.bram).listed is listed
    assert question not in bram.get("/").text
    assert question not in page(cast.chris).get("/").text


def test_who_begins_a_circle_is_asked_as_well(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        circle = create_circle(db, acting_as(cast.olga), CreateCircle(name="Kring Noord"))
        make_member(db, circle, cast.bram)
    assert "Appear in the member list of Kring Noord?" in page(cast.olga).get("/").text
    shown = page(cast.bram).get(f"/circles/{circle.slug}/members").text
    assert "Bram</a>" in shown
    assert "Olga</a>" not in shown


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/members", "Dana</a>"),
        ("/members?q=Dana", "Dana</a>"),
        ("/coffee/apart?q=Dana", ">Dana<"),
        ("/members/{dana}", "<h1>Dana</h1>"),
        ("/members/{dana}/coffee", "Dana"),
    ],
)
def test_lists_searches_and_choosers_leave_out_who_is_not_listed(
    page: OpenPage, cast: Cast, path: str, words: str
) -> None:
    """Bram finds Dana while she is listed; an outsider never, and the team always."""
    path = here(cast, path.format(dana=cast.dana.id))

    def found(user: User) -> bool:
        answer = page(user).get(path)
        return answer.status_code == 200 and words in answer.text.replace("<bdi>", "").replace("</bdi>", "")

    assert (found(cast.bram), found(cast.olga)) == (True, False)
    page(cast.dana).post(here(cast, "/listing"), listed="no")
    assert (found(cast.bram), found(cast.olga), found(cast.anna)) == (False, False, True)


def test_who_is_not_listed_is_invited_to_the_list_on_its_page(page: OpenPage, cast: Cast) -> None:
    page(cast.bram).post(here(cast, "/listing"), listed="no")
    assert "show me too" in page(cast.bram).get(here(cast, "/members")).text
    assert "show me too" not in page(cast.chris).get(here(cast, "/members")).text
    with unit_of_work() as db:
        make_member(db, cast.circle, make_user(db, "Gea"), listed=False)
    assert "Gea</a>" not in page(cast.chris).get(here(cast, "/members")).text
