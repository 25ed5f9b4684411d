"""Pages behind the links in mails: a GET consumes nothing, a button works once."""

from datetime import timedelta
from html import unescape
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from events.accounts.actions import keys
from events.accounts.models import PersonalKey, User
from events.accounts.queries.people import secret_of
from events.core import clock
from events.core.auth.actor import VISITOR
from events.core.db.session import unit_of_work
from events.core.errors import NotFound
from tests.factories.accounts import make_key
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage


def new_key(user: User, purpose: str, subject_id: str = "") -> PersonalKey:
    with unit_of_work() as db:
        return make_key(db, user, purpose, subject_id)


def is_in(reader: PageClient) -> bool:
    return reader.get("/me").status_code == 200


@pytest.mark.parametrize("purpose", ["confirm", "sign_in"])
def test_a_get_of_a_link_consumes_nothing(page: OpenPage, cast: Cast, purpose: str) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.bram.id).confirmed_at = None if purpose == "confirm" else clock.now()
    key = new_key(cast.bram, purpose)
    scanner, bram = page(None), page(None)
    for _ in range(3):
        assert scanner.open_key(key).status_code == 200
    assert not is_in(scanner)
    assert bram.post(f"/k/{secret_of(key)}").status_code == 303
    assert is_in(bram)


def test_a_link_signs_in_once(page: OpenPage, cast: Cast) -> None:
    key = new_key(cast.bram, "sign_in")
    assert page(None).post(f"/k/{secret_of(key)}").status_code == 303
    late = page(None)
    assert late.post(f"/k/{secret_of(key)}").status_code == 404
    assert not is_in(late)


@pytest.mark.postgres
def test_of_two_concurrent_uses_one_succeeds(cast: Cast) -> None:
    key = new_key(cast.bram, "sign_in")
    start, outcomes = Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            with unit_of_work() as db:
                keys.use_key(db, VISITOR, db.get_one(PersonalKey, key.id))
            outcomes.append("in")
        except NotFound:
            outcomes.append("gone")

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["gone", "in"]


def test_every_invalid_link_has_the_same_answer(page: OpenPage, cast: Cast) -> None:
    used, expired, revoked = (new_key(cast.bram, "sign_in") for _ in range(3))
    gone = new_key(cast.bram, "livestream", "a" * 26)
    odd = new_key(cast.bram, "mails", "livestream_announced")
    with unit_of_work() as db:
        db.get_one(PersonalKey, used.id).used_at = clock.now()
        db.get_one(PersonalKey, expired.id).expires_at = clock.now() - timedelta(seconds=1)
        db.get_one(PersonalKey, revoked.id).revoked_at = clock.now()
    good = secret_of(new_key(cast.bram, "sign_in"))
    forged = good[:-1] + ("A" if good[-1] != "A" else "B")
    secrets = [*map(secret_of, (used, expired, revoked, gone, odd)), forged, "abc", "%00", "x" * 5000]
    answers = [page(None).get(f"/k/{secret}") for secret in secrets]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.partition("<main")[2].partition("csrf_token")[0] for answer in answers}) == 1


def test_a_session_key_redirects_to_its_page_without_the_secret(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
    key = new_key(cast.bram, "livestream", livestream.id)
    bram = page(None)
    answer = bram.open_key(key)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/livestreams/{livestream.slug}")
    assert not is_in(bram)


def test_a_session_key_may_redirect_only_below_its_page(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
    secret = secret_of(new_key(cast.bram, "livestream", livestream.id))
    here = f"/livestreams/{livestream.slug}"
    assert page(None).get(f"/k/{secret}?then=coffee").headers["Location"] == f"{here}/coffee"
    assert page(None).get(f"/k/{secret}?then=../../me").headers["Location"] == here


@pytest.mark.parametrize(
    "path",
    ["/me", "/me/sign-ins", "/me/mails", "/circles/{slug}/members", "/circles/{slug}/me"],
)
def test_a_key_never_opens_settings_or_the_member_list(page: OpenPage, cast: Cast, path: str) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
    bram = page(None)
    bram.open_key(new_key(cast.bram, "livestream", livestream.id))
    answer = bram.get(path.format(slug=cast.circle.slug))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_another_persons_link_keeps_the_present_sign_in(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
    anna = page(cast.anna)
    once = new_key(cast.bram, "sign_in")
    for answer in (anna.open_key(once), anna.post(f"/k/{secret_of(once)}")):
        assert answer.status_code == 200
        assert "You are signed in as Anna; this link is Bram's." in unescape(answer.text)
    with unit_of_work() as db:
        assert db.get_one(PersonalKey, once.id).used_at is None
    assert anna.open_key(new_key(cast.bram, "livestream", livestream.id)).status_code == 303
    me = anna.get("/me").text
    assert "You are signed in as Anna; this link is Bram's." in unescape(me)
    assert "<h1>Anna</h1>" in unescape(me)


def test_not_you_drops_the_key(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna)
    reader = page(None)
    reader.open_key(new_key(cast.bram, "livestream", livestream.id))
    assert "You are Bram" in reader.get("/sign-in").text
    reader.post("/leave-key")
    assert "You are Bram" not in reader.get("/sign-in").text


def test_the_confirm_button_confirms_the_person(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.olga.id).confirmed_at = None
    page(None).post(f"/k/{secret_of(new_key(cast.olga, 'confirm'))}")
    with unit_of_work() as db:
        assert db.scalars(select(User.confirmed_at).where(User.id == cast.olga.id)).one() is not None
