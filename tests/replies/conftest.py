"""Fixtures of replies: a real IMAP server, what is put into its mailbox, and a reader that runs now."""

import contextvars
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from flask import Flask
from imap_tools import MailBoxUnencrypted
from pydantic import SecretStr
from sqlalchemy import select

from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.replies.jobs import read_inbox
from events.replies.models import IncomingMail
from tests.notifications.conftest import fresh
from tests.support.processes import imap

__all__ = ["fresh"]


TRUSTED = "mx.ontmoet.test"  # the name under which our mail server writes what it found


class Mailbox:
    """The mailbox of MAIL_FROM on a server that really listens."""

    def __init__(self, app: Flask, port: int) -> None:
        self._app = app
        self.box = MailBoxUnencrypted("127.0.0.1", port).login("koffie", "bonen")
        self.box.delete(self.box.uids())

    def put(self, *mails: EmailMessage | bytes) -> None:
        """These arrive, in this order."""
        for mail in mails:
            self.box.append(mail if isinstance(mail, bytes) else mail.as_bytes(), "INBOX")

    def read(self) -> list[str]:
        """Read the mailbox as the worker does; what became of each mail so far, in order of arrival."""

        def work() -> None:
            with self._app.test_request_context(base_url="http://localhost:8000"):
                read_inbox()
                queue.run_due()

        contextvars.Context().run(work)
        return [row.outcome for row in self.rows()]

    def rows(self) -> list[IncomingMail]:
        with unit_of_work() as db:
            return list(db.scalars(select(IncomingMail).order_by(IncomingMail.received_at, IncomingMail.id)))

    def flags(self) -> list[tuple[str, ...]]:
        """The flags of the mails in the mailbox, in order."""
        return [tuple(mail.flags) for mail in self.box.fetch(mark_seen=False)]


@pytest.fixture(scope="session")
def imap_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with imap(tmp_path_factory.mktemp("imap"), "--no-tls") as port:
        yield port


@pytest.fixture
def mailbox(app: Flask, settings: Settings, imap_port: int) -> Iterator[Mailbox]:
    """The product reads this mailbox; it is empty."""
    address = SecretStr(f"imap://koffie:bonen@127.0.0.1:{imap_port}")
    app.config["SETTINGS"] = settings.model_copy(
        update={"reply_imap_url": address, "reply_authserv_id": TRUSTED}
    )
    mailbox = Mailbox(app, imap_port)
    yield mailbox
    mailbox.box.logout()
    app.config["SETTINGS"] = settings
