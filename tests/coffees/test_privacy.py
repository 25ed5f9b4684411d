"""Tests that one person's choices about a coffee reach no page, frame or mail of the other."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from events.coffees.models import Coffee, Seat
from events.core import clock
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_coffee
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage, OpenSocket, Outbox, SetClock

DANA_SEES = (
    "/coffees/{coffee}",
    "/coffees",
    "/",
    "/circles/{circle}/members/{bram}",
    "/circles/{circle}/members",
)


@pytest.fixture
def danas_view(
    page: OpenPage, open_socket: OpenSocket, cast: Cast, outbox: Outbox
) -> Callable[..., list[str]]:
    """Everything that reaches Dana while Bram acts, without ids and secrets."""

    def seen_while(coffee_id: str, act: Callable[[PageClient], None]) -> list[str]:
        dana, line = page(cast.dana), open_socket(cast.dana)
        sent = len(outbox())
        act(page(cast.bram))
        names = {"coffee": coffee_id, "circle": cast.circle.slug, "bram": cast.bram.id}
        pages = [dana.get(path.format(**names)).get_data(as_text=True) for path in DANA_SEES]
        mails = [
            f"{mail['Subject']} {mail.get_body(('plain',))}"
            for mail in outbox()[sent:]
            if mail["To"].addresses[0].addr_spec == cast.dana.email
        ]
        line_heard = [str(frame) for frame in line.received()]
        line.close()
        return [re.sub(r"[A-Za-z0-9_.\-]{16,}", "…", text) for text in (*pages, *mails, *line_heard)]

    return seen_while


def proposed(cast: Cast, **changes: object) -> str:
    with unit_of_work() as db:
        start = clock.now() + timedelta(days=3)
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], starts_at=start, **changes).id  # type: ignore[arg-type]  # passed on by name


def test_a_block_is_invisible_to_the_blocked_person(
    danas_view: Callable[..., list[str]], cast: Cast, set_clock: SetClock
) -> None:
    coffee = proposed(cast)
    untouched = danas_view(coffee, lambda bram: None)

    def block(bram: PageClient) -> None:
        assert bram.post(f"/circles/{cast.circle.slug}/members/{cast.dana.id}/block").status_code == 303

    assert danas_view(coffee, block) == untouched


def test_a_no_looks_the_same_with_and_without_a_block(
    danas_view: Callable[..., list[str]], cast: Cast, set_clock: SetClock
) -> None:
    def decline(bram: PageClient) -> None:
        assert bram.post(f"/coffees/{coffee}/decline", version="1").status_code == 303

    def block_and_decline(bram: PageClient) -> None:
        assert bram.post(f"/circles/{cast.circle.slug}/members/{cast.dana.id}/block").status_code == 303
        decline(bram)

    coffee = proposed(cast)
    plain = danas_view(coffee, decline)
    with unit_of_work() as db:
        db.execute(delete(Seat).where(Seat.coffee_id == coffee))
        db.execute(delete(Coffee).where(Coffee.id == coffee))
    coffee = proposed(cast)
    assert danas_view(coffee, block_and_decline) == plain


@pytest.mark.parametrize("worth_it", ["yes", "no"])
def test_an_outcome_is_private_to_its_author(
    danas_view: Callable[..., list[str]], cast: Cast, set_clock: SetClock, worth_it: str
) -> None:
    """The other learns whether it took place, not whether it was worth it."""
    coffee = proposed(cast, state="confirmed")
    set_clock(timedelta(days=4))

    def tell(**answers: Any) -> Callable[[PageClient], None]:
        def told(bram: PageClient) -> None:
            assert bram.post(f"/coffees/{coffee}/outcome", took_place="yes", **answers).status_code == 303

        return told

    neutral = danas_view(coffee, tell())
    assert danas_view(coffee, tell(worth_it=worth_it, again=worth_it)) == neutral
