"""Downloads of members, invitations and registrations as CSV."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import insert, select

from events.accounts.models import AuditEntry, User
from events.circles.models import Invitation, Membership
from events.circles.queries.circles import find_membership
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.livestreams.models import Livestream
from tests.architecture.test_query_counts import listening
from tests.factories.circles import make_interest, make_invitation
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage


def download(person: PageClient, path: str) -> list[list[str]]:
    answer = person.post(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def evening(cast: Cast) -> Livestream:
    """Bram registered and came, Chris registered and did not, Dana came unregistered; Anna presents."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        begun = clock.now() - timedelta(hours=1)
        livestream.went_live_at, livestream.ended_at = begun, clock.now()
        for user in (cast.bram, cast.chris):
            make_registration(db, livestream, user)
        for user in (cast.anna, cast.bram, cast.dana):
            make_stay(db, livestream, user, entered_at=begun, seen_at=clock.now())
        return livestream


def test_the_team_exports_members_as_their_page_shows_them(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        own = find_membership(db, cast.bram.id, cast.circle.id)
        assert own is not None
        make_interest(db, own, "asks", "Offertes")
        user = db.get_one(User, cast.bram.id)
        user.company, user.headline = '=HYPERLINK("http://x.test")', "@eigenaar"
        db.scalars(select(Membership).where(Membership.user_id == cast.dana.id)).one().listed = False
    head, *rows = download(page(cast.anna), f"/circles/{cast.circle.slug}/members.csv")
    assert head == [
        "Name", "What they do", "Company", "Role in the circle", "In the member list", "Looking for",
        "Can help with",
    ]  # fmt: skip
    found = {row[0]: row[1:] for row in rows}
    assert found["Bram"] == ["'@eigenaar", '\'=HYPERLINK("http://x.test")', "member", "yes", "Offertes", ""]
    assert (found["Dana"][3], found["Anna"][2]) == ("no", "owner")
    assert len(rows) == 4
    assert not any("@example" in cell or cell == cast.bram.email for row in rows for cell in row)


def test_the_team_exports_invitations_with_what_became_of_them(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
        invitation = db.scalars(select(Invitation)).one()
        invitation.name, invitation.declined_at = "+Olga", clock.now() - timedelta(days=90)
    _head, row = download(page(cast.anna), f"/circles/{cast.circle.slug}/invitations.csv")
    assert row[:3] == ["'+Olga", cast.olga.email, "said no, thank you"]


def test_the_team_exports_who_registered_and_who_came(
    page: OpenPage, cast: Cast, evening: Livestream
) -> None:
    _head, *rows = download(page(cast.anna), f"/livestreams/{evening.slug}/registrations.csv")
    assert sorted((row[0], row[2], row[4]) for row in rows) == [
        ("Bram", "Coming", "yes"),
        ("Chris", "Coming", ""),
        ("Dana", "", "yes"),
    ]


def test_the_export_says_who_was_on_the_waiting_list_and_leaves_out_who_left_it(
    page: OpenPage, cast: Cast, evening: Livestream
) -> None:
    with unit_of_work() as db:
        for user, state in ((cast.dana, "called"), (cast.olga, "left")):
            make_registration(db, evening, user, state=state)
    _head, *rows = download(page(cast.anna), f"/livestreams/{evening.slug}/registrations.csv")
    found = {row[0]: (row[2], row[4]) for row in rows}
    assert found["Dana"] == ("On the waiting list", "yes")
    assert "Olga" not in found


@pytest.mark.parametrize(
    "path",
    [
        "/circles/{circle}/members.csv",
        "/circles/{circle}/invitations.csv",
        "/livestreams/{evening}/registrations.csv",
    ],
)
def test_only_the_team_exports_and_each_export_is_logged(
    page: OpenPage, cast: Cast, evening: Livestream, path: str
) -> None:
    path = path.format(circle=cast.circle.slug, evening=evening.slug)
    for someone in (cast.bram, cast.olga):
        assert page(someone).post(path).status_code == 404
    assert page(None).post(path).status_code in {303, 404}
    query = select(AuditEntry.actor_id, AuditEntry.what, AuditEntry.about)
    with unit_of_work() as db:
        assert db.execute(query.where(AuditEntry.what.like("%exported"))).all() == []
    assert page(cast.anna).post(path).status_code == 200
    what = path.rpartition("/")[2].replace(".csv", "_exported")
    with unit_of_work() as db:
        (entry,) = db.execute(query.where(AuditEntry.what.like("%exported"))).all()
    assert entry == (cast.anna.id, what, evening.id if "livestreams" in path else cast.circle.id)


def test_an_export_reads_long_lists_in_batches(page: OpenPage, cast: Cast) -> None:
    """1,200 more members: three batches, and nothing of a member is read by itself."""
    anna, path = page(cast.anna), f"/circles/{cast.circle.slug}/members.csv"
    download(anna, path)
    with listening() as few:
        download(anna, path)
    now = clock.now()
    people = [
        {"id": new_id(), "name": f"Lid {number}", "email": f"lid{number}@example.test", "created_at": now}
        for number in range(1200)
    ]
    with unit_of_work() as db:
        db.execute(insert(User), people)
        fields = {"circle_id": cast.circle.id, "created_at": now}
        db.execute(insert(Membership), [{"id": new_id(), "user_id": one["id"], **fields} for one in people])
    with listening() as many:
        rows = download(anna, path)
    assert len(rows) == 1 + 4 + 1200
    assert (
        len(many) <= len(few) + 2 * 3
    )  # members and topics of each batch, and the begin of its unit of work
