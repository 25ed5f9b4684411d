"""Account enumeration: forms with an address do the same work for known and unknown ones."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from werkzeug.wrappers import Response

from events.core.db import session
from events.core.db.session import unit_of_work
from events.core.web.forms import Form
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements executed inside, without parameters and how many of them a list has."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(re.sub(r"IN \((\?|%s)(, (\?|%s))+\)", "IN (…)", statement))

    event.listen(session.engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(session.engine(), "before_cursor_execute", note)


def assert_equal_work(act: Callable[[str], Response], known: str) -> list[str]:
    """Compare the statements of `act` for an address with and without an account."""
    work = []
    for email in (known, "nobody@example.test"):
        with statements() as seen:
            act(email)
        work.append(list(seen))
    assert work[0] == work[1]
    assert work[0]
    return work[0]


def only_a_job_is_kept(work: list[str]) -> bool:
    """The request stores only a job; the job looks the address up later."""
    written = [
        statement
        for statement in work
        if not statement.startswith(("SELECT", "SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    return bool(written) and all(statement.startswith("INSERT INTO job") for statement in written)


def test_every_form_with_an_address_has_an_enumeration_test() -> None:
    """`Invite` and `ImportPeople` hold lists of addresses; replies and bounces are read by a
    job."""
    own = [form for form in _forms(Form) if form.__module__.startswith("events.")]
    with_address = {form.__name__ for form in own if "email" in form.model_fields}
    assert with_address == {"SignIn", "SignUp", "RequestCircle", "GuestRequest"}


def _forms(of: type[Form]) -> Iterator[type[Form]]:
    for form in of.__subclasses__():
        yield form
        yield from _forms(form)


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/sign-in", {"how": "link"}), ("/sign-up", {"name": "Eva", "password": "koffie met melk"})],
)
def test_known_and_unknown_addresses_cost_the_same_statements(
    page: OpenPage, cast: Cast, path: str, fields: dict[str, str]
) -> None:
    work = []
    for email in (cast.bram.email, "nobody@example.test"):
        with statements() as seen:
            assert page(None).post(path, email=email, **fields).headers["Location"] == "/check-mail"
        work.append(list(seen))
    assert work[0] == work[1]
    assert work[0]


def test_a_wrong_password_costs_the_same_for_known_and_unknown_addresses(page: OpenPage, cast: Cast) -> None:
    def sign_in(email: str) -> Response:
        return page(None).post("/sign-in", email=email, password="nee nee nee")

    assert_equal_work(sign_in, cast.bram.email)


def test_asking_as_a_guest_costs_the_same_for_known_and_unknown_addresses(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)

    def ask(email: str) -> Response:
        return page(None).post(f"/livestreams/{livestream.slug}/guest", name="Eva", email=email)

    assert only_a_job_is_kept(assert_equal_work(ask, cast.bram.email))


def test_asking_for_a_circle_costs_the_same_for_known_and_unknown_addresses(
    page: OpenPage, cast: Cast
) -> None:
    typed = {"circle": "Ring van Eva", "name": "Eva", "zone": "Europe/Lisbon"}

    def ask(email: str) -> Response:
        return page(None).post("/circles/new", email=email, **typed)

    assert only_a_job_is_kept(assert_equal_work(ask, cast.bram.email))


@pytest.mark.parametrize("company", ["", "Firma"])
def test_inviting_costs_the_same_for_an_account_elsewhere_and_an_unknown_address(
    page: OpenPage, cast: Cast, company: str
) -> None:
    """The team may know who is a member, invited or removed in its own circle."""
    anna, here = page(cast.anna), f"/circles/{cast.circle.slug}"
    anna.post(f"{here}/invite", addresses="warm@example.test")  # warm up per-process caches

    def invite(email: str) -> Response:
        if not company:
            return anna.post(f"{here}/invite", addresses=f"Eva <{email}>")
        people = f"Naam;E-mail;Bedrijf\nEva;{email};{company}"
        return anna.post(f"{here}/import", people=people, step="send")

    work = assert_equal_work(invite, cast.olga.email)
    assert any(statement.startswith("INSERT INTO invitation") for statement in work)
