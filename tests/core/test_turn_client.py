"""TURN client: allocates a real relay and names each fault."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr

from events.core import clock
from events.core.config import Settings
from events.core.jobs import worker
from events.core.network import turn_client
from events.core.network.turn_client import TurnUrl, parse_turn_url
from events.core.ops import doctor, health
from events.core.ops.turn_check import check_turn
from tests.support.postgres_server import make_certificate
from tests.support.processes import free_port
from tests.support.turn_server import TurnServer, serve_tcp, serve_udp
from tests.support.types import OpenPage, SetClock

ALLOCATE, REFRESH = 3, 4


@pytest.fixture
def turn() -> Iterator[TurnServer]:
    with serve_udp(TurnServer()) as server:
        yield server


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for silence a tenth of a second."""
    monkeypatch.setattr(turn_client, "TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(turn_client, "RESEND_SECONDS", 0.03)


def told(
    server: TurnServer, shared: str = "north", more: str = "", scheme: str = "turn", **settings: str
) -> tuple[str, str]:
    """The doctor's finding about this server: its level and its sentence."""
    url = f"{scheme}:127.0.0.1:{server.port}{more}"
    asking = Settings(turn_urls=url, turn_secret=SecretStr(shared), **settings)  # type: ignore[arg-type]
    first = next(doctor._calls(asking))
    return first.level, first.sentence


def test_the_doctor_allocates_a_relay_and_gives_it_back(turn: TurnServer) -> None:
    level, sentence = told(turn)
    assert level == "good"
    assert sentence.endswith("gives a relay to our credentials.")
    assert turn.asked == [ALLOCATE, ALLOCATE, REFRESH]


def test_a_wrong_secret_is_reported_as_refused_and_never_printed(turn: TurnServer) -> None:
    level, sentence = told(turn, shared="south-of-here")
    assert level == "bad"
    assert "refuses the credentials: TURN_SECRET is not its secret" in sentence
    assert "south" not in sentence


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("silent", "is silent: nothing answers"),
        ("full", "lets us in and refuses a relay (486 No)"),
        ("open", "gives a relay to anybody"),
        ("nonsense", "answers, but not as a TURN server does"),
    ],
)
@pytest.mark.usefixtures("hasty")
def test_a_turn_server_that_fails_is_reported_with_its_reason(
    turn: TurnServer, says: str, words: str
) -> None:
    turn.says = says
    level, sentence = told(turn)
    assert level == "bad"
    assert words in sentence


def test_nothing_at_the_port_is_silence() -> None:
    level, sentence = told(TurnServer(port=free_port()))
    assert level == "bad"
    assert "is silent" in sentence


@pytest.mark.parametrize("says", ["deaf once", "stale once"])
def test_a_lost_packet_and_an_old_nonce_are_no_trouble(turn: TurnServer, says: str) -> None:
    turn.says = says
    assert told(turn)[0] == "good"


def test_a_relay_is_allocated_over_tcp_where_the_address_says_so() -> None:
    with serve_tcp(TurnServer()) as server:
        assert told(server, more="?transport=tcp")[0] == "good"
    assert server.asked == [ALLOCATE, ALLOCATE, REFRESH]


def test_a_certificate_that_browsers_would_not_trust_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with serve_tcp(TurnServer(), secured) as server:
        level, sentence = told(server, scheme="turns")
    assert level == "bad"
    assert "has no certificate that browsers trust" in sentence
    assert server.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serve_tcp(TurnServer(), secured) as server:
        assert told(server, scheme="turns")[0] == "good"


def test_a_relay_behind_a_translator_is_named_in_production(turn: TurnServer) -> None:
    turn.relays_from = "10.0.0.5"
    level, sentence = told(turn, public_url="https://ontmoet.example")
    assert level == "bad"
    assert "relays from 10.0.0.5, which nobody outside reaches" in sentence


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("turn:t.example", TurnUrl("t.example", 3478, "udp", tls=False)),
        ("turns:t.example", TurnUrl("t.example", 5349, "tcp", tls=True)),
        ("turns:t.example:443?transport=tcp", TurnUrl("t.example", 443, "tcp", tls=True)),
        ("turn:[2001:db8::1]", TurnUrl("2001:db8::1", 3478, "udp", tls=False)),
        ("turn:[2001:db8::1]:99?transport=tcp", TurnUrl("2001:db8::1", 99, "tcp", tls=False)),
    ],
)
def test_addresses_are_taken_apart(url: str, parts: TurnUrl) -> None:
    assert parse_turn_url(url) == parts


def test_readyz_and_the_doctor_say_when_a_relay_last_worked(
    app: Flask,
    page: OpenPage,
    set_clock: SetClock,
    turn: TurnServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: Settings = app.config["SETTINGS"]
    changes = {"turn_urls": f"turn:127.0.0.1:{turn.port}", "turn_secret": SecretStr("north")}
    monkeypatch.setitem(app.config, "SETTINGS", settings := kept.model_copy(update=changes))
    worker.beat("one:1")
    assert answer(page)["relay_works"] is None
    check_turn()
    worked = clock.now()
    assert answer(page)["relay_works"] is True
    turn.secret = "another"
    set_clock(timedelta(seconds=30))
    check_turn()
    said = answer(page)
    assert (said["relay_works"], said["relay_worked_at"]) == (False, worked.isoformat(timespec="seconds"))
    assert said["ready"] is True
    sentences = [found.sentence for found in doctor._calls(settings)]
    assert any(f"it worked last at {worked:%Y-%m-%d %H:%M} UTC" in one for one in sentences)


def answer(page: OpenPage) -> dict[str, object]:
    health.forget()
    found: dict[str, object] = page(None).get("/readyz").get_json()
    return found
