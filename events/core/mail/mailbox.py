"""The mailbox that answers come to, read over IMAP from where we were; nothing in it is deleted."""

import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from urllib.parse import unquote, urlsplit

from imap_tools import MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from events.core.config import Settings
from events.core.db.session import assert_no_transaction
from events.core.jobs.subprocess_pool import ResourceLimits, offload
from events.core.mail.parser import Incoming, restore

BOUNDS = ResourceLimits(cpu=10, wall=20, memory=1024)  # of the child that reads one mail
TIMEOUT = 20  # seconds
MAX_MAIL_BYTES = 512 * 1024  # bytes of one mail; text stands before attachments, so the rest is not missed
UNREADABLE = (OSError, IMAP4.error, ImapToolsError)


@dataclass(frozen=True)
class Arrived:
    """One mail by its number in the mailbox; of a large one `raw` is the beginning."""

    uid: int
    raw: bytes


def read_mail(raw: bytes) -> Incoming:
    """Read a mail within bounds of time and memory; raises OffloadFailed when it does not let itself."""
    found = offload("events.core.mail.parser:read_in_child", b64encode(raw).decode(), BOUNDS)
    if not isinstance(found, dict):
        raise TypeError("a mail is read as an object")
    return restore(found)


class Inbox:
    """An open mailbox. `validity` changes when its numbers start anew."""

    def __init__(self, box: MailBox | MailBoxUnencrypted) -> None:
        self._box = box
        self.validity = str(box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"])

    def list_new(self, after: int, most: int) -> list[int]:
        """The numbers above `after`, the lowest first."""
        assert_no_transaction("reading mail")
        # A server answers "n:*" with its last mail even where that one lies below n.
        found = (int(uid) for uid in self._box.uids(f"UID {after + 1}:*"))
        return sorted(uid for uid in found if uid > after)[:most]

    def fetch(self, uid: int) -> Arrived | None:
        """One mail without marking it as seen; None when somebody took it away meanwhile."""
        assert_no_transaction("reading mail")
        _status, parts = self._box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_MAIL_BYTES}>)")
        raw = next((part[1] for part in parts or [] if isinstance(part, tuple)), None)
        return Arrived(uid, raw) if raw is not None else None

    def count_flagged(self) -> int:
        """How many mails were set apart and are there still."""
        return len(self._box.uids("FLAGGED"))

    def mark(self, uid: int, *, apart: bool) -> None:
        """Seen for what is dealt with, flagged for what is set apart: for people who look in there."""
        assert_no_transaction("marking mail")
        # A mark is for the eye only; where we are is kept in our own database.
        with suppress(*UNREADABLE):
            self._box.flag(str(uid), "\\Flagged" if apart else "\\Seen", value=True)


@contextmanager
def open_inbox(settings: Settings) -> Iterator[Inbox]:
    """Sign in; encrypted from the first byte (imaps) or by STARTTLS, which production insists on."""
    assert_no_transaction("reading mail")
    if settings.reply_imap_url is None:
        raise ValueError("REPLY_IMAP_URL is not set")
    url = urlsplit(settings.reply_imap_url.get_secret_value())
    host, context = url.hostname or "localhost", ssl.create_default_context()
    box: MailBox | MailBoxUnencrypted
    if url.scheme == "imaps":
        box = MailBox(host, url.port or 993, timeout=TIMEOUT, ssl_context=context)
    else:
        box = MailBoxUnencrypted(host, url.port or 143, timeout=TIMEOUT)
    try:
        if url.scheme != "imaps" and ("STARTTLS" in box.client.capabilities or settings.production):
            box.client.starttls(context)
        box.login(unquote(url.username or ""), unquote(url.password or ""))
        yield Inbox(box)
    finally:
        with suppress(*UNREADABLE):
            box.logout()
        with suppress(*UNREADABLE):  # where signing in failed nothing has closed the line yet
            box.client.shutdown()
