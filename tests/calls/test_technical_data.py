"""Technical data of calls: browser and network from a closed set, kept for ninety days, never the header."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from events.calls import jobs
from events.calls.models import CallStay
from events.calls.rules import TECHNICAL_RETENTION, parse_browser
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_coffee
from tests.support.cast import Cast
from tests.support.clients import SocketClient, signed_in_client
from tests.support.types import OpenSocket, SetClock

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "kept"),
    [
        (f"{WINDOWS} Gecko/20100101 Firefox/145.0", ("Firefox", 145)),
        (f"{WINDOWS} {KIT} Chrome/142.0.0.0 Safari/537.36", ("Chrome", 142)),
        (f"{WINDOWS} {KIT} Chrome/142.0.0.0 Safari/537.36 Edg/141.0.3537.57", ("Edge", 141)),
        (f"{WINDOWS} {KIT} Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0", ("Opera", 124)),
        (f"{PHONE} Version/18.1 Mobile/15E148 Safari/604.1", ("Safari", 18)),
        (f"{PHONE} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1", ("Chrome", 142)),
        (f"{PHONE} Mobile/15E148 LinkedInApp/9.31", ("in_app", None)),
        (f"{WINDOWS} {KIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Safari/537.36", ("Samsung Internet", 29)),
        ("Firefox/99999999999999999999", ("Firefox", 999)),
        ("Firefox/x", ("Firefox", None)),
        ("<script>alert(1)</script>", ("other", None)),
        ("", ("other", None)),
    ],
)
def test_of_a_user_agent_only_family_and_major_version_are_kept(
    agent: str, kept: tuple[str, int | None]
) -> None:
    assert parse_browser(agent) == kept


@pytest.fixture
def coffee(cast: Cast, set_clock: SetClock) -> Coffee:
    """Bram and Dana have an online coffee now."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=clock.now())


def kept() -> tuple[str | None, int | None, str | None, str | None]:
    with unit_of_work() as db:
        (stay,) = db.scalars(select(CallStay))
        return stay.browser, stay.browser_version, stay.network, stay.trouble


def test_a_stay_keeps_browser_network_and_trouble(cast: Cast, coffee: Coffee, app: Flask) -> None:
    browser = signed_in_client(app, cast.bram)
    browser.environ_base["HTTP_USER_AGENT"] = f"{WINDOWS} Gecko/20100101 Firefox/145.0"
    bram = SocketClient(app, None, client=browser)
    bram.send("calls.enter", coffee=coffee.id)
    assert kept() == ("Firefox", 145, None, None)
    assert bram.send("calls.trouble", coffee=coffee.id, kind="denied").ok
    assert bram.send("calls.connected", coffee=coffee.id, network="relay").ok
    assert kept() == ("Firefox", 145, "relay", "denied")
    bram.close()


@pytest.mark.parametrize("network", ["4g", "192.0.2.1", "", 1])
def test_a_network_is_a_relay_or_direct_and_nothing_else(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket, network: object
) -> None:
    bram = open_socket(cast.bram)
    bram.send("calls.enter", coffee=coffee.id)
    assert not bram.send("calls.connected", coffee=coffee.id, network=network).ok
    assert kept()[2] is None


def test_after_ninety_days_only_the_presence_is_left(
    cast: Cast, coffee: Coffee, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    bram = open_socket(cast.bram)
    bram.send("calls.enter", coffee=coffee.id)
    bram.send("calls.trouble", coffee=coffee.id, kind="denied")
    set_clock(TECHNICAL_RETENTION - timedelta(minutes=1))
    jobs.erase_technical_data()
    assert kept()[3] == "denied"
    set_clock(timedelta(minutes=2))
    jobs.erase_technical_data()
    assert kept() == (None, None, None, None)
