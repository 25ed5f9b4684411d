"""Members: list, visibility, roles, removal and blocks."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select

from events.accounts.models import AuditEntry, User
from events.accounts.queries.people import list_blocks
from events.circles.actions import members
from events.circles.models import Circle, Membership
from events.circles.queries.circles import find_membership
from events.core.db.paging import ROWS_PER_PAGE
from events.core.db.session import engine, unit_of_work
from events.core.errors import Conflict
from tests.factories.accounts import make_user
from tests.factories.circles import make_interest, make_member
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenPage


def set_role(user: User, role: str) -> None:
    with unit_of_work() as db:
        db.scalars(select(Membership).where(Membership.user_id == user.id)).one().role = role


def role_of(cast: Cast, user: User) -> str | None:
    with unit_of_work() as db:
        membership = find_membership(db, user.id, cast.circle.id)
        return membership.role if membership else None


def here(cast: Cast, path: str = "") -> str:
    return f"/circles/{cast.circle.slug}{path}"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("bram", ["Bram"]),
        ("BRA", ["Bram"]),
        ("offert", ["Bram", "Dana"]),
        ("bakkerij", ["Chris"]),
        ("bram offertes", ["Bram"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        (".*", []),
        ("", ["Anna", "Bram", "Chris", "Dana"]),
    ],
)
def test_members_are_found_by_name_company_and_topic(
    page: OpenPage, cast: Cast, search: str, found: list[str]
) -> None:
    with unit_of_work() as db:
        for user, side in ((cast.bram, "asks"), (cast.dana, "offers")):
            membership = find_membership(db, user.id, cast.circle.id)
            assert membership is not None
            make_interest(db, membership, side, "Offertes")
        db.get_one(User, cast.chris.id).company = "Bakkerij Chris"
    text = page(cast.anna).get(here(cast, "/members"), query_string={"q": search}).text
    names = [name for name in ("Anna", "Bram", "Chris", "Dana") if f">{name}</a></h2>" in text]
    assert names == found


def test_an_unlisted_member_is_visible_to_organisers_and_to_themselves(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        db.scalars(select(Membership).where(Membership.user_id == cast.dana.id)).one().listed = False
    for reader, status in ((cast.bram, 404), (cast.anna, 200), (cast.dana, 200)):
        person = page(reader)
        assert person.get(here(cast, f"/members/{cast.dana.id}")).status_code == status
        assert ("Dana</a>" in person.get(here(cast, "/members")).text) is (status == 200)


def test_the_list_takes_as_many_queries_for_many_as_for_few(page: OpenPage, cast: Cast) -> None:
    def count() -> int:
        asked = []
        listener = lambda *args: asked.append(args[2])  # noqa: E731 - only to be removed again
        event.listen(engine(), "before_cursor_execute", listener)
        page_of_bram.get(here(cast, "/members"))
        event.remove(engine(), "before_cursor_execute", listener)
        return len(asked)

    page_of_bram = page(cast.bram)
    page_of_bram.get(here(cast, "/members"))
    few = count()
    with unit_of_work() as db:
        for number in range(40):
            membership = make_member(db, cast.circle, make_user(db, f"Member {number}"))
            make_interest(db, membership, "asks", "Export")
    assert count() == few <= 12


def test_the_member_list_comes_in_pages(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        for number in range(ROWS_PER_PAGE + 20):
            make_member(db, cast.circle, make_user(db, f"Member {number:02}"))
    bram = page(cast.bram)
    first, second = (bram.get(here(cast, f"/members?page={number}")).text for number in (1, 2))
    assert first.count('class="member"') == ROWS_PER_PAGE
    assert second.count('class="member"') == 24
    assert bram.get(here(cast, "/members?page=-9")).status_code == 200
    assert bram.get(here(cast, "/members?page=99999999999999")).status_code == 200


def test_an_owner_gives_roles_and_an_organiser_does_not(page: OpenPage, cast: Cast) -> None:
    set_role(cast.chris, "organiser")
    assert page(cast.chris).post(here(cast, f"/members/{cast.bram.id}/role"), role="owner").status_code == 404
    anna = page(cast.anna)
    assert anna.post(here(cast, f"/members/{cast.bram.id}/role"), role="organiser").status_code == 303
    assert role_of(cast, cast.bram) == "organiser"
    assert anna.post(here(cast, f"/members/{cast.bram.id}/role"), role="emperor").status_code == 422
    assert anna.post(here(cast, f"/members/{cast.olga.id}/role"), role="member").status_code == 404
    with unit_of_work() as db:
        assert "role_organiser" in db.scalars(select(AuditEntry.what)).all()


def test_an_organiser_removes_members_but_no_organisers(page: OpenPage, cast: Cast) -> None:
    set_role(cast.chris, "organiser")
    set_role(cast.dana, "organiser")
    chris = page(cast.chris)
    for other, status in ((cast.bram, 303), (cast.dana, 404), (cast.anna, 404), (cast.chris, 404)):
        assert chris.post(here(cast, f"/members/{other.id}/remove")).status_code == status
    assert [role_of(cast, user) for user in (cast.bram, cast.dana)] == [None, "organiser"]


def test_the_last_owner_stays(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    assert "needs an owner" in anna.post(here(cast, "/leave"), follow=True).text
    path = here(cast, f"/members/{cast.anna.id}/role")
    assert "needs an owner" in anna.post(path, role="member", follow=True).text
    assert role_of(cast, cast.anna) == "owner"


def _leave(db_circle: str, user: User) -> None:
    with unit_of_work() as db:
        members.leave_circle(db, acting_as(user), db.get_one(Circle, db_circle))


def _step_down(db_circle: str, user: User) -> None:
    with unit_of_work() as db:
        members.change_role(db, acting_as(user), db.get_one(Circle, db_circle), user.id, "member")


@pytest.mark.postgres
@pytest.mark.parametrize("go", [(_leave, _leave), (_step_down, _step_down), (_leave, _step_down)])
def test_of_two_owners_leaving_concurrently_one_stays(
    cast: Cast, go: tuple[Callable[[str, User], None], Callable[[str, User], None]]
) -> None:
    set_role(cast.bram, "owner")
    start, outcomes = Barrier(2), []

    def run(act: Callable[[str, User], None], user: User) -> None:
        start.wait()
        try:
            act(cast.circle.id, user)
            outcomes.append("gone")
        except Conflict as refused:
            outcomes.append(refused.code)

    threads = [Thread(target=run, args=pair) for pair in zip(go, (cast.anna, cast.bram), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone", "last_owner"]
    with unit_of_work() as db:
        owners = select(Membership).where(Membership.circle_id == cast.circle.id, Membership.role == "owner")
        assert len(db.scalars(owners).all()) == 1


def test_a_returning_owner_starts_as_a_member(page: OpenPage, cast: Cast) -> None:
    set_role(cast.chris, "organiser")
    chris = page(cast.chris)
    assert chris.post(here(cast, "/leave")).status_code == 303
    assert chris.get(here(cast, "/invite")).status_code == 404
    assert role_of(cast, cast.chris) is None


def test_a_block_is_silent(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    before = bram.get(here(cast, f"/members/{cast.anna.id}")).text
    anna = page(cast.anna)
    assert anna.post(here(cast, f"/members/{cast.bram.id}/block")).status_code == 303
    assert anna.post(here(cast, f"/members/{cast.bram.id}/block")).status_code == 303
    with unit_of_work() as db:
        assert list_blocks(db, [cast.anna.id, cast.bram.id])
    after = bram.get(here(cast, f"/members/{cast.anna.id}")).text
    assert _without_secrets(after) == _without_secrets(before)
    anna.post(here(cast, f"/members/{cast.bram.id}/unblock"))
    with unit_of_work() as db:
        assert not list_blocks(db, [cast.anna.id, cast.bram.id])


def test_a_person_cannot_block_themselves(page: OpenPage, cast: Cast) -> None:
    assert page(cast.anna).post(here(cast, f"/members/{cast.anna.id}/block")).status_code == 404


def _without_secrets(text: str) -> list[str]:
    return [line for line in text.splitlines() if "csrf_token" not in line and "nonce" not in line]
