"""The circle's book: kept by the team, handed over when somebody leaves."""

import pytest
from sqlalchemy import func, select

from events.accounts.models import User
from events.circles.actions import members
from events.core.db.session import unit_of_work
from events.handbooks.models import BookEntry
from events.handbooks.rules import MAX_ENTRIES
from tests.factories.accounts import make_user
from tests.factories.circles import make_circle, make_member
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenPage

DUTY = "to hand over"


def here(cast: Cast, path: str = "") -> str:
    return f"/circles/{cast.circle.slug}/book{path}"


def entries() -> list[BookEntry]:
    with unit_of_work() as db:
        return list(db.scalars(select(BookEntry).order_by(BookEntry.what)))


def test_dates_roles_and_accounts_are_kept(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    assert anna.post(here(cast, "/new/date"), what="ALV", month="9").status_code == 303
    assert anna.post(here(cast, "/new/date"), what="Zomerborrel", month="6", day="21").status_code == 303
    role = {"what": "Sprekers", "holder": "Bram", "stand_in": "Chris", "note": "Begin in april"}
    assert anna.post(here(cast, "/new/role"), **role).status_code == 303
    account = {"what": "Videokanaal", "address": "https://studio.youtube.com", "holder": "Bram"}
    assert anna.post(here(cast, "/new/account"), **account).status_code == 303
    shown = anna.main(here(cast))
    for words in (
        "ALV",
        "September",
        "21 June",
        "Sprekers",
        "Bram",
        "Chris",
        "Begin in april",
        "Videokanaal",
    ):
        assert words in shown
    (alv, *_rest) = entries()
    assert 'value="ALV"' in anna.get(here(cast, f"/{alv.id}")).text
    assert anna.post(here(cast, f"/{alv.id}"), what="Ledenvergadering", month="10").status_code == 303
    assert anna.post(here(cast, f"/{alv.id}/remove")).status_code == 303
    assert [one.what for one in entries()] == ["Sprekers", "Videokanaal", "Zomerborrel"]


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("date", {"what": "ALV"}, "month"),
        ("date", {"what": "ALV", "month": "2", "day": "30"}, "day"),
        ("date", {"month": "2"}, "what"),
        ("account", {"what": "Bank", "note": "wachtwoord: koffie"}, "note"),
        ("account", {"what": "Bank", "address": "https://anna:geheim@bank.example"}, "address"),
        ("role", {"what": "Hj7kLm9Qw"}, "what"),
        ("role", {"what": "Sprekers", "holder": "Olga"}, "holder"),
        ("role", {"what": "Sprekers", "stand_in": "Niemand"}, "stand_in"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_stays_on_the_page(
    page: OpenPage, cast: Cast, kind: str, fields: dict[str, str], field: str
) -> None:
    """A password above all; Olga is no member."""
    answer = page(cast.anna).post(here(cast, f"/new/{kind}"), **fields)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert entries() == []


@pytest.mark.parametrize("how", ["leaves", "removed"])
def test_when_a_holder_goes_today_tells_the_team_until_it_is_handed_over(
    page: OpenPage, cast: Cast, how: str
) -> None:
    anna = page(cast.anna)
    anna.post(here(cast, "/new/account"), what="Videokanaal", holder="Bram")
    anna.post(here(cast, "/new/role"), what="Sprekers", holder="Chris", stand_in="Bram")
    anna.post(here(cast, "/new/role"), what="Koffie", holder="Chris")
    anna.post(here(cast, "/new/role"), what="Nog te verdelen")
    assert DUTY not in anna.get("/").text
    with unit_of_work() as db:
        if how == "leaves":
            members.leave_circle(db, acting_as(cast.bram), cast.circle)
        else:
            members.remove_member(db, acting_as(cast.anna), cast.circle, cast.bram.id)
    assert "2 things in the circle's book to hand over" in anna.get("/").text
    assert DUTY not in page(cast.chris).get("/").text
    shown = anna.main(here(cast))
    assert "2 things to hand over" in shown
    assert "no longer a member" in shown
    for entry in entries():
        if entry.what == "Videokanaal":
            anna.post(here(cast, f"/{entry.id}"), what=entry.what, holder="Dana")
        if entry.what == "Sprekers":
            anna.post(here(cast, f"/{entry.id}"), what=entry.what, holder="Chris")
    assert DUTY not in anna.get("/").text
    assert DUTY not in anna.main(here(cast))


def test_a_deleted_account_leaves_its_entries_to_hand_over(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        gea = make_user(db, "Gea")
        make_member(db, cast.circle, gea)
    anna = page(cast.anna)
    anna.post(here(cast, "/new/account"), what="Bank", holder="Gea")
    with unit_of_work() as db:
        db.delete(db.get_one(User, gea.id))
    assert "1 thing in the circle's book to hand over" in anna.get("/").text
    assert "nobody yet" in anna.main(here(cast))


def test_only_the_team_opens_the_book(page: OpenPage, cast: Cast) -> None:
    page(cast.anna).post(here(cast, "/new/date"), what="ALV", month="9")
    (alv,) = entries()
    for someone in (cast.bram, cast.olga):
        person = page(someone)
        for path in ("", "/new/date", "/new/role", "/new/account", f"/{alv.id}"):
            assert person.get(here(cast, path)).status_code == 404
        assert person.post(here(cast, "/new/date"), what="Feest", month="1").status_code == 404
        assert person.post(here(cast, f"/{alv.id}"), what="Feest", month="1").status_code == 404
        assert person.post(here(cast, f"/{alv.id}/remove")).status_code == 404
    assert [one.what for one in entries()] == ["ALV"]
    ways = [
        here(cast) in page(one).get(f"/circles/{cast.circle.slug}").text for one in (cast.anna, cast.bram)
    ]
    assert ways == [True, False]


def test_an_entry_of_another_circle_is_out_of_reach(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        other = make_circle(db, owner=cast.olga, name="Kring Noord")
    page(cast.olga).post(f"/circles/{other.slug}/book/new/date", what="ALV", month="9")
    (alv,) = entries()
    anna = page(cast.anna)
    assert anna.get(here(cast, f"/{alv.id}")).status_code == 404
    assert anna.post(here(cast, f"/{alv.id}"), what="Feest", month="1").status_code == 404
    assert anna.post(here(cast, f"/{alv.id}/remove")).status_code == 404


def test_a_book_is_bounded(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    anna.post(here(cast, "/new/date"), what="ALV", month="9")
    with unit_of_work() as db:
        (first,) = db.scalars(select(BookEntry)).all()
        fields = {"circle_id": first.circle_id, "kind": "date", "month": 1, "changed_at": first.changed_at}
        db.add_all(BookEntry(what=f"Dag {number}", **fields) for number in range(MAX_ENTRIES - 1))
    answer = anna.post(here(cast, "/new/date"), what="Nog een", month="9")
    assert "The book holds at most 60" in answer.text
    assert anna.post(here(cast, "/new/role"), what="Voorzitter").status_code == 303
    with unit_of_work() as db:
        assert db.scalar(select(func.count(BookEntry.id))) == MAX_ENTRIES + 1
