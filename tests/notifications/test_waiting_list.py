"""Mails of the waiting list: an offer with its time to answer, and one last word before the start."""

from datetime import timedelta

import pytest

from events.accounts.models import User
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.livestreams.actions.transitions import cancel_livestream
from events.livestreams.forms import CancelLivestream
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.livestreams.signals import LivestreamMoved
from events.registrations.actions import (
    add_registration,
    join_waiting_list,
    leave_waiting_list,
    withdraw_registration,
)
from events.registrations.jobs import move_waiting_lists_up
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast, acting_as
from tests.support.mail_assertions import addresses, has_invite, html_of, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock


@pytest.fixture(autouse=True)
def _at_noon(set_clock: SetClock) -> None:
    """A Monday in November."""


def waited_for(cast: Cast, *, ahead: timedelta = timedelta(days=7)) -> Livestream:
    """One place, which Dana has; Bram and Chris wait."""
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, capacity=1, starts_at=clock.now() + ahead)
        make_registration(db, made, cast.dana)
        for second, person in enumerate((cast.bram, cast.chris)):
            waiting = join_waiting_list(db, acting_as(person), made)
            waiting.waiting_since = clock.now() + timedelta(seconds=second)
        return made


def act(action: object, person: User, made: Livestream) -> None:
    with unit_of_work() as db:
        action(db, acting_as(person), get_livestream(db, made.id))  # type: ignore[operator]


def test_the_first_in_line_reads_until_when_and_takes_it_without_signing_in(
    cast: Cast, fresh: Outbox, page: OpenPage
) -> None:
    made = waited_for(cast)
    act(withdraw_registration, cast.dana, made)
    sent = fresh()
    (mail,) = mails_to(sent, cast.bram)
    assert mails_to(sent, cast.chris) == []
    assert "A place for you" in mail["Subject"]
    assert not has_invite(mail)
    assert "is kept for you until Tuesday" in text_of(mail)
    assert "?then=place" in html_of(mail)
    browser = page(None)
    opened = browser.get(path_in(mail, "/k/"))
    assert opened.location.endswith(f"/livestreams/{made.slug}/place")
    browser.post(f"/livestreams/{made.slug}/registration")
    assert has_invite(mails_to(fresh(), cast.bram)[0])


def test_an_offer_that_was_let_go_is_mailed_to_nobody_any_more(cast: Cast, fresh: Outbox) -> None:
    made = waited_for(cast)
    act(withdraw_registration, cast.dana, made)
    act(leave_waiting_list, cast.bram, made)
    sent = fresh()
    assert mails_to(sent, cast.bram) == []
    assert ["A place for you" in mail["Subject"] for mail in mails_to(sent, cast.chris)] == [True]


def test_who_still_waits_shortly_before_the_start_hears_once_how_things_stand(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    made = waited_for(cast, ahead=timedelta(hours=5))
    set_clock(timedelta(hours=3))
    for _run in range(2):
        move_waiting_lists_up()
    set_clock(timedelta(minutes=1))
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.chris.email])
    assert all("no place has come free" in mail["Subject"] for mail in sent)
    act(withdraw_registration, cast.dana, made)
    act(add_registration, cast.chris, made)
    assert mails_to(fresh(), cast.bram) == []


def test_free_places_are_counted_when_the_mail_is_sent(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    made = waited_for(cast, ahead=timedelta(hours=5))
    set_clock(timedelta(hours=3))
    act(withdraw_registration, cast.dana, made)
    move_waiting_lists_up()
    set_clock(timedelta(minutes=1))
    (mail,) = mails_to(fresh(), cast.chris)
    assert "places are free" in mail["Subject"]
    assert "One place is free. It goes to whoever is first." in text_of(mail)


def test_who_waits_hears_that_it_is_cancelled_without_a_calendar_file(cast: Cast, fresh: Outbox) -> None:
    made = waited_for(cast)
    with unit_of_work() as db:
        cancel_livestream(db, acting_as(cast.anna), get_livestream(db, made.id), CancelLivestream())
    sent = fresh()
    (waiting,) = mails_to(sent, cast.bram)
    (coming,) = mails_to(sent, cast.dana)
    assert "You were on the waiting list." in text_of(waiting)
    assert (has_invite(waiting), has_invite(coming)) == (False, True)


def move_by_a_day(made: Livestream) -> None:
    with unit_of_work() as db:
        moved = get_livestream(db, made.id)
        moved.starts_at += timedelta(days=1)
        moved.ends_at += timedelta(days=1)
        moved.sequence += 1
        announce(db, LivestreamMoved(moved.id))


def test_who_waits_hears_of_another_time_without_a_calendar_file(cast: Cast, fresh: Outbox) -> None:
    made = waited_for(cast)
    move_by_a_day(made)
    sent = fresh()
    (waiting,) = mails_to(sent, cast.bram)
    (coming,) = mails_to(sent, cast.dana)
    assert waiting["Subject"].startswith("Moved: ")
    assert "You stay on the waiting list, where you were." in text_of(waiting)
    assert "Your place stays yours" in text_of(coming)
    assert (has_invite(waiting), has_invite(coming)) == (False, True)


def test_who_was_offered_a_place_reads_that_it_is_kept_and_who_left_hears_nothing(
    cast: Cast, fresh: Outbox
) -> None:
    made = waited_for(cast)
    act(withdraw_registration, cast.dana, made)
    act(leave_waiting_list, cast.chris, made)
    fresh()
    move_by_a_day(made)
    sent = fresh()
    assert addresses(sent) == sorted([cast.anna.email, cast.bram.email])
    assert "The place offered to you is kept until Tuesday" in text_of(mails_to(sent, cast.bram)[0])


def test_who_waits_gets_no_reminder_of_the_start(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    made = waited_for(cast)
    move_by_a_day(made)
    fresh()
    set_clock(timedelta(days=7, hours=1))
    reminded = addresses(fresh())
    assert cast.dana.email in reminded
    assert cast.bram.email not in reminded
