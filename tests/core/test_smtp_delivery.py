"""SMTP delivery: refusals, outages and misconfiguration are classified by who is at fault."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from events.accounts.queries.people import is_suppressed
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.jobs.queue import Job, TryLater, run_due
from events.core.mail import outbox
from events.core.mail.outbox import queue_mail
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.mail.smtp_delivery import AddressRefused, MailFailed, deliver
from events.core.ops import doctor
from tests.factories.accounts import make_key
from tests.support.cast import Cast
from tests.support.postgres_server import make_certificate
from tests.support.processes import free_port
from tests.support.types import SetClock

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@dataclass
class Server:
    """A mail server that answers each step as it is told; `taken` holds the recipients of what it took."""

    port: int
    says: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.append("MAIL")
        envelope.mail_from = address
        return self.says.get("MAIL", "250 well")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 well")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.says.get("DATA", "250 well")
        if answer.startswith("250"):
            self.taken.extend(envelope.rcpt_tos)
        return answer

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return self.says.get("QUIT", "221 bye")

    def settings(self, user: str = "", scheme: str = "smtp", **more: Any) -> Settings:
        return Settings(mail_url=SecretStr(f"{scheme}://{user}127.0.0.1:{self.port}"), **more)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    running: list[Controller] = []

    def start(**options: Any) -> Server:
        server = Server(free_port())
        running.append(Controller(server, hostname="127.0.0.1", port=server.port, **options))
        running[-1].start()
        return server

    yield start
    for one in running:
        asyncio.run_coroutine_threadsafe(until_all_have_left(), one.loop).result(30)
        one.stop()


async def until_all_have_left() -> None:
    """So that no connection is cut while the server still serves it."""
    while len(asyncio.all_tasks()) > 1:
        await asyncio.sleep(0)


def message() -> EmailMessage:
    made = EmailMessage()
    made["To"], made["From"], made["Subject"] = "bram@example.test", "koffie@ontmoet.test", "Koffie?"
    made.set_content("Tot zo.")
    return made


def only_the_password(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
    return AuthResult(success=given.password == b"p@ss", handled=False)


@pytest.mark.parametrize(
    ("step", "answer", "fault"),
    [
        ("MAIL", "451 4.3.0 later", TryLater),
        ("RCPT", "450 4.2.0 greylisted", TryLater),
        ("DATA", "452 4.3.1 no space", TryLater),
        ("MAIL", "530 5.7.0 sign in first", TryLater),
        ("MAIL", "553 5.7.1 sender not owned by user", MailFailed),
        ("MAIL", "553 sender not ours", MailFailed),
        ("DATA", "554 5.7.1 looks like spam", MailFailed),
        ("DATA", "554 no", MailFailed),
        ("RCPT", "550 5.7.1 relaying denied", MailFailed),
        ("RCPT", "554 relay access denied", MailFailed),
        ("RCPT", "550 not authenticated", MailFailed),
        ("RCPT", "550 5.1.1 nobody here", AddressRefused),
        ("RCPT", "550 nobody here", AddressRefused),
        ("RCPT", "553 no such mailbox name", AddressRefused),
        ("DATA", "552 5.2.2 mailbox full", AddressRefused),
    ],
)
def test_a_refusal_is_about_the_server_the_mail_or_the_address(
    serve: Callable[..., Server], step: str, answer: str, fault: type[Exception]
) -> None:
    server = serve()
    server.says[step] = answer
    with pytest.raises(fault, match=answer[:3]):
        deliver(server.settings(), message())
    assert server.taken == []


def test_a_goodbye_that_fails_does_not_send_a_mail_twice(serve: Callable[..., Server]) -> None:
    server = serve()
    server.says["QUIT"] = "421 too busy to say goodbye"
    deliver(server.settings(), message())
    assert server.taken == ["bram@example.test"]


def test_a_password_with_signs_is_understood_and_a_wrong_one_is_named(serve: Callable[..., Server]) -> None:
    server = serve(authenticator=only_the_password, auth_require_tls=False, auth_required=True)
    deliver(server.settings("me:p%40ss@"), message())
    assert server.taken == ["bram@example.test"]
    with pytest.raises(TryLater, match="does not accept our name and password") as said:
        deliver(server.settings("me:wrong@"), message())
    assert "wrong" not in str(said.value)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_knows_is_not_trusted(
    serve: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    certificate = make_certificate(tmp_path)
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(certificate, certificate.with_suffix(".key"))
    server = serve(**({"ssl_context": secured} if scheme == "smtps" else {"tls_context": secured}))
    with pytest.raises(TryLater, match=r"certificate of the mail server 127\.0\.0\.1 is not trusted"):
        deliver(server.settings(scheme=scheme), message())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    deliver(server.settings(scheme=scheme), message())
    assert server.taken == ["bram@example.test"]


@pytest.mark.parametrize(
    ("says", "options", "user", "sentence"),
    [
        ({}, {}, "", "good takes mail from MAIL_FROM"),
        ({"MAIL": "553 not yours"}, {}, "", "bad takes nothing from MAIL_FROM: 553 not yours"),
        ({"MAIL": "451 later"}, {}, "", "bad takes nothing from MAIL_FROM: 451 later"),
        ({}, {"authenticator": only_the_password, "auth_require_tls": False, "auth_required": True},
         "me:wrong@", "bad does not accept our name and password"),
        ({}, {"authenticator": only_the_password, "auth_require_tls": False, "auth_required": True},
         "me:p%40ss@", "good lets us in"),
        ({}, {"authenticator": only_the_password, "auth_require_tls": False, "auth_required": True},
         "", "bad takes nothing from MAIL_FROM: 530"),
    ],
)  # fmt: skip
def test_the_doctor_signs_in_and_sends_nothing(
    serve: Callable[..., Server], says: dict[str, str], options: dict[str, Any], user: str, sentence: str
) -> None:
    server = serve(**options)
    server.says |= says
    (found,) = doctor._mail(server.settings(user))
    level, _, words = sentence.partition(" ")
    assert found.level == level
    assert words in found.sentence
    assert "wrong" not in found.sentence
    assert server.taken == []


@pytest.fixture
def sending(app: Flask, cast: Cast, serve: Callable[..., Server]) -> Iterator[Server]:
    """One mail to Bram waits, for this server."""
    server, usual = serve(), app.config["SETTINGS"]
    app.config["SETTINGS"] = usual.model_copy(update={"mail_url": server.settings().mail_url})
    with unit_of_work() as db:
        queue_mail(db, "sign_in_link", cast.bram.id, make_key(db, cast.bram, "sign_in").id)
    yield server
    app.config["SETTINGS"] = usual


def only_mail() -> OutgoingMail:
    with unit_of_work() as db:
        return db.scalars(select(OutgoingMail)).one()


def only_job() -> Job:
    with unit_of_work() as db:
        return db.scalars(select(Job).where(Job.state != "done")).one()


def test_a_refusal_of_the_sender_ends_at_once_and_can_be_tried_again(sending: Server, cast: Cast) -> None:
    sending.says["MAIL"] = "553 5.7.1 not your address"
    run_due()
    assert only_mail().state == "failed"
    assert sending.asked == ["MAIL"]
    assert run_due() == 0, "it is tried in vain"
    with unit_of_work() as db:
        assert not is_suppressed(db, cast.bram), "the address did nothing wrong"
        assert outbox.retry_failed(db) == 1
    del sending.says["MAIL"]
    run_due()
    assert only_mail().state == "sent"
    assert sending.taken == [cast.bram.email]


def test_a_refusal_of_the_address_suppresses_it(sending: Server, cast: Cast) -> None:
    sending.says["RCPT"] = "550 5.1.1 unknown"
    run_due()
    assert only_mail().state == "refused"
    with unit_of_work() as db:
        assert is_suppressed(db, cast.bram)
        assert outbox.retry_failed(db) == 0


def test_a_server_that_is_away_for_a_day_loses_no_mail_and_is_seen(
    sending: Server, set_clock: SetClock, cast: Cast
) -> None:
    begun = set_clock(datetime.now().astimezone() + timedelta(seconds=1))
    with unit_of_work() as db:  # a mail that is still due tomorrow
        db.scalars(select(Job)).one().due_at = begun
    sending.says["MAIL"] = "451 4.3.0 away"
    tries = 0
    while only_job().due_at < begun + timedelta(days=1):
        set_clock(only_job().due_at)
        run_due()
        tries += 1
        assert only_mail().state == "waiting"
    assert queue.MAX_ATTEMPTS < tries < 60
    with unit_of_work() as db:
        since = outbox.waits_since(db)
        assert since is not None
        assert abs(since - begun) < timedelta(minutes=1)
        assert "451" in outbox.last_error(db)


def test_a_mail_that_was_given_up_says_so_and_can_be_tried_again(
    sending: Server, set_clock: SetClock
) -> None:
    sending.says["MAIL"] = "451 4.3.0 away"
    begun = set_clock(datetime.now().astimezone() + timedelta(seconds=1))
    while only_mail().state == "waiting":
        set_clock(only_job().due_at)
        run_due()
        assert set_clock(timedelta()) < begun + timedelta(days=5)
    assert only_mail().state == "failed"
    with unit_of_work() as db:
        assert outbox.retry_failed(db) == 1
        assert queue.revive(db) == 0, "its job is the new one"
    assert only_mail().state == "waiting"
    assert only_job().lane == queue.Lane.BULK


def test_the_log_answers_why_bram_got_no_mail(sending: Server, cast: Cast) -> None:
    """One line for each outcome, with kind, person, outcome, and the request it follows from."""
    sending.says["MAIL"] = "451 away"
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        run_due()
        with unit_of_work() as db:
            waiting = db.scalars(select(Job)).one()
            waiting.due_at, waiting.request_id = waiting.due_at - timedelta(hours=1), "of-a-page"
        del sending.says["MAIL"]
        run_due()
    lines = [line for line in logged if line.get("person") == cast.bram.id]
    assert [line["event"] for line in lines] == ["mail postponed", "mail sent"]
    assert lines[0]["reason"] == "451 away"
    assert lines[1]["request_id"] == "of-a-page"
    assert {line["mail"] for line in lines} == {"sign_in_link"}
    assert cast.bram.email not in str(lines)
