"""Pages of registrations: buttons, links in mails, guest form and attendee list."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.accounts.queries.people import secret_of
from events.core import rate_limits
from events.core.db.session import unit_of_work
from events.core.errors import RETRY_AFTER_SECONDS
from events.livestreams.models import Livestream
from events.registrations.queries.registrations import count_coming, registration_of
from tests.factories.accounts import keys_mailed, make_key
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage, SetClock


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November."""


@pytest.fixture
def counting() -> Iterator[None]:
    rate_limits.configure(None, enabled=True)
    yield
    rate_limits.configure(None, enabled=False)


def plan(cast: Cast, **more: Any) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, **more)


def coming(made: Livestream) -> int:
    with unit_of_work() as db:
        return count_coming(db, made.id)


def with_key(page: OpenPage, person: User, made: Livestream) -> PageClient:
    """A browser that opened the personal link of a mail, not signed in."""
    with unit_of_work() as db:
        key = make_key(db, person, "livestream", made.id)
    holder = page(None)
    with holder.client.session_transaction() as session:
        session["keys"] = [key.id]
    return holder


def visiting(page: OpenPage) -> PageClient:
    """A visitor whose browser prefers English."""
    visitor = page(None)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor


def said(person: PageClient) -> list[str]:
    with person.client.session_transaction() as session:
        return [sentence for _category, sentence in session.get("_flashes", [])]


def test_one_click_registers_and_one_withdraws(cast: Cast, page: OpenPage) -> None:
    made, bram = plan(cast), page(cast.bram)
    answer = bram.post(f"/livestreams/{made.slug}/registration")
    assert answer.location.endswith(f"/livestreams/{made.slug}")
    assert coming(made) == 1
    assert bram.post(f"/livestreams/{made.slug}/registration/withdraw").status_code == 303
    assert coming(made) == 0


def test_a_key_holder_registers_without_signing_in(cast: Cast, page: OpenPage) -> None:
    made, other = plan(cast), plan(cast)
    bram = with_key(page, cast.bram, made)
    assert bram.post(f"/livestreams/{made.slug}/registration").status_code == 303
    with unit_of_work() as db:
        assert registration_of(db, cast.bram.id, made.id) is not None
    assert bram.post(f"/livestreams/{other.slug}/registration").status_code == 404
    assert coming(other) == 0


def test_outsiders_and_visitors_cannot_register(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    assert page(cast.olga).post(f"/livestreams/{made.slug}/registration").status_code == 404
    assert page(None).post(f"/livestreams/{made.slug}/registration").location.startswith("/sign-in")
    assert coming(made) == 0


def test_a_get_changes_nothing(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    assert page(cast.bram).get(f"/livestreams/{made.slug}/registration").status_code == 405
    assert coming(made) == 0


def test_a_full_livestream_shows_a_message(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, capacity=1)
    with unit_of_work() as db:
        make_registration(db, made, cast.chris)
    bram = page(cast.bram)
    assert bram.post(f"/livestreams/{made.slug}/registration").status_code == 303
    assert said(bram) == ["All places are taken. On the waiting list you hear when one comes free."]


def test_a_failed_write_is_answered_503_with_retry_after_and_no_success_message(
    cast: Cast, page: OpenPage
) -> None:
    made, bram = plan(cast), page(cast.bram)

    def disk_full(_session: Session) -> None:
        if has_request_context() and request.method == "POST":
            raise OperationalError("COMMIT", {}, psycopg.errors.DiskFull())

    event.listen(Session, "before_commit", disk_full)
    try:
        answer = bram.post(f"/livestreams/{made.slug}/registration")
    finally:
        event.remove(Session, "before_commit", disk_full)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(RETRY_AFTER_SECONDS))
    assert "You're coming" not in answer.text
    assert said(bram) == []
    assert coming(made) == 0


def test_a_person_chooses_whether_to_be_named(cast: Cast, page: OpenPage) -> None:
    made, bram = plan(cast), page(cast.bram)
    bram.post(f"/livestreams/{made.slug}/registration")
    bram.post(f"/livestreams/{made.slug}/registration/name", show="no")
    with unit_of_work() as db:
        own = registration_of(db, cast.bram.id, made.id)
    assert own is not None
    assert own.visible is False
    bram.post(f"/livestreams/{made.slug}/registration/name", show="perhaps")
    assert said(bram)[-1] == "Choose one of the options."


def test_a_guest_form_leads_to_the_check_mail_page(cast: Cast, page: OpenPage) -> None:
    made, guest = plan(cast), visiting(page)
    shown = guest.get(f"/livestreams/{made.slug}/guest")
    assert shown.status_code == 200
    assert made.title in shown.text
    answer = guest.post(f"/livestreams/{made.slug}/guest", name="Eva", email="eva@example.test")
    assert answer.status_code == 303
    assert "Look in your mail" in guest.get(answer.location).text
    assert coming(made) == 0


def test_known_and_unknown_guest_addresses_get_the_same_answer(cast: Cast, page: OpenPage) -> None:
    made, guest = plan(cast), visiting(page)
    path = f"/livestreams/{made.slug}/guest"
    known = guest.post(path, name="Bram", email=cast.bram.email)
    unknown = guest.post(path, name="Eva", email="eva@example.test")
    assert (known.status_code, known.location, known.data) == (
        unknown.status_code, unknown.location, unknown.data,
    )  # fmt: skip


def test_a_refused_guest_form_keeps_its_input(cast: Cast, page: OpenPage) -> None:
    answer = visiting(page).post(f"/livestreams/{plan(cast).slug}/guest", name="Eva & co", email="eva@")
    assert answer.status_code == 422
    assert "This isn&#39;t an e-mail address." in answer.text
    assert "Eva &amp; co" in answer.text
    assert "eva@" in answer.text


@pytest.mark.parametrize("state", ["draft", "ended", "cancelled"])
def test_there_is_no_guest_form_if_guests_cannot_register(cast: Cast, page: OpenPage, state: str) -> None:
    made = plan(cast, state=state)
    assert page(None).get(f"/livestreams/{made.slug}/guest").location.startswith("/sign-in")
    assert page(cast.olga).get(f"/livestreams/{made.slug}/guest").status_code == 404


@pytest.mark.usefixtures("counting")
def test_guest_links_to_one_address_are_limited(cast: Cast, page: OpenPage) -> None:
    path, guest = f"/livestreams/{plan(cast).slug}/guest", page(None)
    answers = [guest.post(path, name="Eva", email="eva@example.test").status_code for _each in range(6)]
    assert answers == [303] * 5 + [429]


def test_the_attendee_list_is_for_directors_only(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        make_registration(db, made, cast.chris)
        make_registration(db, made, cast.dana, state="withdrawn")
    text = page(cast.anna).get(f"/livestreams/{made.slug}/registrations").text
    assert "One person is coming" in text
    assert "Chris" in text
    assert "Gave it up" in text
    assert cast.chris.email not in text
    assert page(cast.bram).get(f"/livestreams/{made.slug}/registrations").status_code == 404
    holder = with_key(page, cast.anna, made)
    assert holder.get(f"/livestreams/{made.slug}/registrations").status_code == 303


def test_an_empty_attendee_list_has_an_explanation(cast: Cast, page: OpenPage) -> None:
    text = page(cast.anna).get(f"/livestreams/{plan(cast).slug}/registrations").text
    assert "Nobody has registered yet" in text


def test_a_guest_confirms_by_the_button_behind_the_mail(cast: Cast, page: OpenPage) -> None:
    made, guest = plan(cast), visiting(page)
    guest.post(f"/livestreams/{made.slug}/guest", name="Eva", email="eva@example.test")
    assert "eva@example.test" in guest.get(f"/livestreams/{made.slug}/guest?sent=1").text
    (key,) = keys_mailed("eva@example.test", "livestream")
    landed = guest.get(f"/k/{secret_of(key)}?then=place")
    assert landed.location == f"/livestreams/{made.slug}/place"
    assert "Confirm my place" in guest.get(landed.location).text
    assert coming(made) == 0  # a GET does not register
    assert guest.post(landed.location).location == f"/livestreams/{made.slug}"
    assert coming(made) == 1
    assert guest.get(landed.location).location == f"/livestreams/{made.slug}"


def test_a_stranger_cannot_confirm_a_registration(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    assert page(None).post(f"/livestreams/{made.slug}/place").location.startswith("/sign-in")
    assert page(cast.olga).post(f"/livestreams/{made.slug}/place").status_code == 404
    assert coming(made) == 0
