"""Fixtures of mail: what was sent since one last looked, and a mail server that really listens."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask
from pydantic import SecretStr

from events.core.config import Settings
from tests.support.processes import free_port
from tests.support.types import Outbox


@pytest.fixture
def fresh(outbox: Outbox, app: Flask) -> Outbox:
    """Run what is due and give the mails that were not given before; their order means nothing."""
    seen: set[str] = set()

    def since() -> list[EmailMessage]:
        # A context of its own, as a worker has: who is signed in on a page is not remembered from here.
        with app.app_context(), app.test_request_context(base_url="http://localhost:8000"):
            new = [mail for mail in outbox() if mail["Message-ID"] not in seen]
        seen.update(mail["Message-ID"] for mail in new)
        return new

    return since


class Post:
    """A mail server on loopback that keeps what it took; `answers` are said first, one a mail."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        self.answers: list[str] = []
        self.refusals: list[str] = []  # said to the address, before anything of the mail is sent

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - the name aiosmtpd calls
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def post_office(app: Flask, settings: Settings) -> Iterator[Post]:
    """Mails go to a real server instead of the mailbox of development."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    address = SecretStr(f"smtp://127.0.0.1:{controller.port}")
    app.config["SETTINGS"] = settings.model_copy(update={"mail_url": address})
    yield post
    app.config["SETTINGS"] = settings
    controller.stop()
