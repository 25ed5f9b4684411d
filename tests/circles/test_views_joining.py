"""Joining directly, on request and by invitation."""

import pytest
from sqlalchemy import select

from events.accounts.models import AuditEntry, PersonalKey, User
from events.accounts.queries.people import secret_of
from events.circles.forms.circles import read_invitees
from events.circles.models import Circle, Invitation, JoinRequest, Membership
from events.circles.queries.circles import find_membership
from events.core.db.session import unit_of_work
from events.core.errors import Invalid
from tests.factories.circles import make_invitation, make_request
from tests.support.cast import Cast
from tests.support.types import OpenPage


def role_of(cast: Cast, user: User) -> str | None:
    with unit_of_work() as db:
        membership = find_membership(db, user.id, cast.circle.id)
        return membership.role if membership else None


def joining(cast: Cast, way: str) -> str:
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).joining = way
    return f"/circles/{cast.circle.slug}"


def test_joining_an_open_circle_is_immediate_and_idempotent(page: OpenPage, cast: Cast) -> None:
    here = joining(cast, "open")
    olga = page(cast.olga)
    assert olga.post(f"{here}/join").headers["Location"] == f"{here}/welcome"
    assert olga.post(f"{here}/join").status_code == 303
    assert role_of(cast, cast.olga) == "member"


def test_a_circle_by_invitation_cannot_be_joined_directly(page: OpenPage, cast: Cast) -> None:
    here = joining(cast, "by_invitation")
    assert page(cast.olga).post(f"{here}/join").status_code == 404
    assert page(cast.olga).post(f"{here}/welcome").status_code == 404
    assert role_of(cast, cast.olga) is None


def test_on_request_an_organiser_decides(page: OpenPage, cast: Cast) -> None:
    here = joining(cast, "on_request")
    olga, anna = page(cast.olga), page(cast.anna)
    olga.post(f"{here}/join")
    olga.post(f"{here}/join")
    assert role_of(cast, cast.olga) is None
    assert "Olga" in anna.get(f"{here}/requests").text
    with unit_of_work() as db:
        (request,) = db.scalars(select(JoinRequest)).all()
    assert page(cast.bram).post(f"{here}/requests/{request.id}", decision="accepted").status_code == 404
    assert anna.post(f"{here}/requests/{request.id}", decision="maybe").status_code == 422
    anna.post(f"{here}/requests/{request.id}", decision="accepted")
    assert role_of(cast, cast.olga) == "member"
    again = anna.post(f"{here}/requests/{request.id}", decision="declined", follow=True)
    assert "has just decided" in again.text
    assert role_of(cast, cast.olga) == "member"


def test_a_declined_request_is_shown_and_cannot_be_repeated(page: OpenPage, cast: Cast) -> None:
    here = joining(cast, "on_request")
    with unit_of_work() as db:
        request = make_request(db, cast.circle, cast.olga)
    page(cast.anna).post(f"{here}/requests/{request.id}", decision="declined")
    assert "in person" in page(cast.olga).post(f"{here}/join", follow=True).text
    with unit_of_work() as db:
        assert db.scalars(select(JoinRequest.decision)).all() == ["declined"]


def test_a_refused_decision_leaves_the_request_open(page: OpenPage, cast: Cast) -> None:
    here, anna = joining(cast, "on_request"), page(cast.anna)
    with unit_of_work() as db:
        request = make_request(db, cast.circle, cast.chris)
    anna.post(f"{here}/members/{cast.chris.id}/remove")
    anna.post(f"{here}/requests/{request.id}", decision="accepted")
    with unit_of_work() as db:
        assert db.get_one(JoinRequest, request.id).decision is None
    assert "Chris" in anna.get(f"{here}/requests").text


def test_a_request_of_another_circle_cannot_be_decided(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        other = Circle(
            name="Other", slug="other-xxxxx", joining="on_request", created_at=cast.circle.created_at
        )
        db.add(other)
        db.flush()
        request = make_request(db, other, cast.olga)
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/requests/{request.id}", decision="accepted")
    assert answer.status_code == 404


def test_each_invited_address_is_reported(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    text = f"Eva Noor <eva@example.test>\n{cast.bram.email}, no address; {cast.olga.email}\nEVA@example.test"
    answer = anna.post(f"/circles/{cast.circle.slug}/invite", addresses=text)
    assert answer.status_code == 200
    outcomes = [
        answer.text.count(f'<span class="soft">{word}') for word in ("invited", "is a member", "not an")
    ]
    assert outcomes == [2, 1, 1]
    with unit_of_work() as db:
        eva = db.scalars(select(User).where(User.email == "eva@example.test")).one()
        invited = db.scalars(select(Invitation.user_id)).all()
        keys = db.scalars(select(PersonalKey).where(PersonalKey.purpose == "join")).all()
        audits = db.scalars(select(AuditEntry).where(AuditEntry.what == "invited")).all()
    assert (eva.name, eva.confirmed_at) == ("Eva Noor", None)
    assert set(invited) == {eva.id, cast.olga.id} == {key.user_id for key in keys}
    assert {key.subject_id for key in keys} == {cast.circle.id}
    assert len(audits) == 2
    again = anna.post(f"/circles/{cast.circle.slug}/invite", addresses="eva@example.test")
    assert "was invited before" in again.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        (" \n,;", "missing"),
        (",".join(f"p{number}@example.test" for number in range(51)), "too_many_addresses"),
    ],
)
def test_an_invalid_list_is_refused_as_a_whole(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_invitees(text)
    assert refused.value.fields == [("addresses", code)]


@pytest.mark.parametrize(
    ("entry", "name", "email"),
    [
        ("eva@example.test", "eva", "eva@example.test"),
        ("Eva Noor <Eva@Example.test>", "Eva Noor", "eva@example.test"),
        ('"Noor, Eva" <eva@example.test>', "Noor, Eva", "eva@example.test"),
        ("\u202eEva <eva@example.test>", "eva", "eva@example.test"),
        ("Bob, <evil@x> <u@example.test>", "", None),
        ("eva@localhost", "", None),
        ("eva@example..test", "", None),
    ],
)
def test_names_and_addresses_are_parsed(entry: str, name: str, email: str | None) -> None:
    read = read_invitees(entry)[-1]
    assert (read.name, read.email) == (name, email)


@pytest.mark.parametrize("text", ["x" * 10_001, "a\x00@b.test", ""])
def test_a_list_that_cannot_be_stored_is_kept_on_the_page(page: OpenPage, cast: Cast, text: str) -> None:
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/invite", addresses=text)
    assert answer.status_code == 422
    assert 'href="#field-addresses"' in answer.text


def test_an_invitation_link_makes_a_confirmed_signed_in_member(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.olga.id).confirmed_at = None
        key = make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
    olga = page(None)
    assert olga.open_key(key).status_code == 200
    assert role_of(cast, cast.olga) is None
    answer = olga.post(f"/k/{secret_of(key)}", follow=True)
    assert answer.request.path == f"/circles/{cast.circle.slug}/welcome"
    assert role_of(cast, cast.olga) == "member"
    with unit_of_work() as db:
        assert db.get_one(User, cast.olga.id).confirmed_at is not None
        assert db.scalars(select(Invitation.accepted_at)).one() is not None
    assert page(None).post(f"/k/{secret_of(key)}").status_code == 404


def test_a_signed_in_person_accepts_on_the_page(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        key = make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
    olga = page(cast.olga)
    assert "Anna invites you" in olga.get(f"/circles/{cast.circle.slug}/welcome").text
    olga.post(f"/circles/{cast.circle.slug}/welcome")
    assert role_of(cast, cast.olga) == "member"
    assert page(None).post(f"/k/{secret_of(key)}").status_code == 404


def test_a_withdrawn_invitation_opens_nothing(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        key = make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
        invitation = db.scalars(select(Invitation)).one()
    here = f"/circles/{cast.circle.slug}"
    assert page(cast.anna).post(f"{here}/invite/{invitation.id}/withdraw").status_code == 303
    assert page(None).post(f"/k/{secret_of(key)}").status_code == 404
    assert page(cast.olga).post(f"{here}/welcome").status_code == 404
    assert role_of(cast, cast.olga) is None


def test_a_former_member_can_be_invited_again(page: OpenPage, cast: Cast) -> None:
    here = f"/circles/{cast.circle.slug}"
    anna = page(cast.anna)
    with unit_of_work() as db:
        make_invitation(db, cast.circle, cast.olga, invited_by=cast.anna)
    olga = page(cast.olga)
    olga.post(f"{here}/welcome")
    with unit_of_work() as db:
        first = db.scalars(select(Invitation.id)).one()
    olga.post(f"{here}/leave")
    anna.post(f"{here}/invite", addresses=cast.olga.email)
    with unit_of_work() as db:
        assert db.scalars(select(Invitation.id)).one() != first
    olga.post(f"{here}/welcome")
    assert role_of(cast, cast.olga) == "member"


def test_a_removed_member_loses_the_circle_at_once(page: OpenPage, cast: Cast) -> None:
    here = f"/circles/{cast.circle.slug}"
    bram = page(cast.bram)
    assert bram.get(f"{here}/members").status_code == 200
    page(cast.anna).post(f"{here}/members/{cast.bram.id}/remove")
    assert bram.get(f"{here}/members").status_code == 404
    with unit_of_work() as db:
        assert "member_removed" in db.scalars(select(AuditEntry.what)).all()
        assert db.scalars(select(Membership).where(Membership.user_id == cast.bram.id)).all() == []
