"""Accounts, circles and rounds: links, invitations, requests, and the honest sentence."""

from datetime import UTC, datetime, timedelta

from events.accounts.models import PersonalKey
from events.accounts.signals import ConfirmationLinkIssued, SignInLinkIssued
from events.circles.models import Invitation, JoinRequest
from events.circles.signals import JoinDecided, JoinRequested, MemberInvited
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.rounds.models import OptIn, Round
from events.rounds.signals import PersonUnmatched
from tests.factories.accounts import make_key
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, mails_to, path_in, text_of
from tests.support.types import Outbox, SetClock


def test_sign_up_sends_a_confirmation_link(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.olga, "confirm")
        announce(db, ConfirmationLinkIssued(cast.olga.id, key.id))
    (mail,) = fresh()
    assert addresses([mail]) == [cast.olga.email]
    assert path_in(mail, "/k/").startswith(f"/k/{key.id}")
    assert mail["List-Unsubscribe"] is None


def test_a_link_that_was_used_meanwhile_is_not_sent(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "sign_in")
        key.used_at = clock.now()
        announce(db, SignInLinkIssued(cast.bram.id, key.id))
    assert fresh() == []


def test_a_sign_in_link_goes_to_its_person_alone(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "sign_in")
        announce(db, SignInLinkIssued(cast.bram.id, key.id))
    assert addresses(fresh()) == [cast.bram.email]


def invited(cast: Cast) -> Invitation:
    with unit_of_work() as db:
        invitation = Invitation(
            circle_id=cast.circle.id,
            user_id=cast.olga.id,
            invited_by_id=cast.anna.id,
            created_at=clock.now(),
        )
        db.add(invitation)
        db.flush()
        announce(db, MemberInvited(invitation.id))
        return invitation


def test_an_invitation_carries_the_key_to_that_circle(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    invited(cast)
    (mail,) = fresh()
    assert mail["Subject"] == "Anna nodigt je uit bij Bedrijvenkring Demo", "in the language of the circle"
    with unit_of_work() as db:
        key = db.get_one(PersonalKey, path_in(mail, "/k/").removeprefix("/k/")[:26])
    assert (key.user_id, key.purpose, key.subject_id) == (cast.olga.id, "join", cast.circle.id)


def test_an_invitation_that_was_withdrawn_or_overtaken_is_not_sent(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    invitation = invited(cast)
    with unit_of_work() as db:
        db.get_one(Invitation, invitation.id).withdrawn_at = clock.now()
    assert fresh() == []
    set_clock(timedelta(minutes=2))
    with unit_of_work() as db:
        db.get_one(Invitation, invitation.id).withdrawn_at = None
        make_member(db, cast.circle, cast.olga)
        announce(db, MemberInvited(invitation.id))
    assert fresh() == []


def test_a_request_to_join_reaches_the_team_and_its_answer_the_asker(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        request = JoinRequest(circle_id=cast.circle.id, user_id=cast.olga.id, created_at=clock.now())
        db.add(request)
        db.flush()
        announce(db, JoinRequested(request.id))
    assert addresses(fresh()) == [cast.anna.email]
    with unit_of_work() as db:
        db.get_one(JoinRequest, request.id).decision = "accepted"
        announce(db, JoinDecided(request.id))
    (mail,) = fresh()
    assert addresses([mail]) == [cast.olga.email]
    assert mail["Subject"] == "You're a member of Bedrijvenkring Demo"


def test_an_unmatched_person_is_notified_with_the_next_date(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        moment = clock.now()
        ahead = datetime(2027, 1, 14, 19, 0, tzinfo=UTC)
        make_livestream(db, cast.circle, cast.anna, starts_at=ahead, title="Januari")
        held = Round(circle_id=cast.circle.id, opened_at=moment, closes_at=moment, publish_at=moment)
        db.add(held)
        db.flush()
        db.add(OptIn(round_id=held.id, user_id=cast.bram.id, state="left", opted_in_at=moment))
        db.add(OptIn(round_id=held.id, user_id=cast.dana.id, state="matched", opted_in_at=moment))
        db.flush()
        announce(db, PersonUnmatched(held.id, cast.bram.id))
        announce(db, PersonUnmatched(held.id, cast.dana.id))
    sent = fresh()
    assert addresses(sent) == [cast.bram.email]
    expected = "We found no one at your times. On Thursday 14 January you go first."
    assert expected in text_of(mails_to(sent, cast.bram)[0])
