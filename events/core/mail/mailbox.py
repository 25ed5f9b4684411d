"""IMAP client of the mailbox that receives replies and bounces; deletes nothing."""

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

PARSER_LIMITS = ResourceLimits(cpu=10, wall=20, memory=1024)
TIMEOUT_SECONDS = 20
MAX_MAIL_BYTES = 512 * 1024  # of one mail; text precedes attachments, so it is not lost
UNREADABLE = (OSError, IMAP4.error, ImapToolsError)


@dataclass(frozen=True)
class Arrived:
    """One mail by its IMAP UID; `raw` is cut at MAX_MAIL_BYTES."""

    uid: int
    raw: bytes


def read_mail(raw: bytes) -> Incoming:
    """Parse a mail in a child process with limits. Raises OffloadFailed."""
    found = offload("events.core.mail.parser:read_in_child", b64encode(raw).decode(), PARSER_LIMITS)
    if not isinstance(found, dict):
        raise TypeError("a mail is read as an object")
    return restore(found)


class Inbox:
    """An open mailbox. When `validity` (UIDVALIDITY) changes, UIDs start anew."""

    def __init__(self, box: MailBox | MailBoxUnencrypted) -> None:
        self._box = box
        self.validity = str(box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"])

    def list_new(self, after: int, most: int) -> list[int]:
        """At most `most` UIDs above `after`, ascending."""
        assert_no_transaction("reading mail")
        # Servers answer "n:*" with the last mail even if its UID is below n (RFC 3501).
        found = (int(uid) for uid in self._box.uids(f"UID {after + 1}:*"))
        return sorted(uid for uid in found if uid > after)[:most]

    def fetch(self, uid: int) -> Arrived | None:
        r"""One mail, without setting \\Seen; None if it was deleted meanwhile."""
        assert_no_transaction("reading mail")
        _status, parts = self._box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_MAIL_BYTES}>)")
        raw = next((part[1] for part in parts or [] if isinstance(part, tuple)), None)
        return Arrived(uid, raw) if raw is not None else None

    def count_flagged(self) -> int:
        """Number of mails set apart as unreadable."""
        return len(self._box.uids("FLAGGED"))

    def mark(self, uid: int, *, apart: bool) -> None:
        """Flag a mail as seen, or as flagged when it was set apart, for people who open the
        mailbox.
        """
        assert_no_transaction("marking mail")
        # Informative only: progress is kept in our database.
        with suppress(*UNREADABLE):
            self._box.flag(str(uid), "\\Flagged" if apart else "\\Seen", value=True)


@contextmanager
def open_inbox(settings: Settings) -> Iterator[Inbox]:
    """Connect and sign in, over TLS (imaps) or STARTTLS, which production requires."""
    assert_no_transaction("reading mail")
    if settings.reply_imap_url is None:
        raise ValueError("REPLY_IMAP_URL is not set")
    url = urlsplit(settings.reply_imap_url.get_secret_value())
    host, context = url.hostname or "localhost", ssl.create_default_context()
    box: MailBox | MailBoxUnencrypted
    if url.scheme == "imaps":
        box = MailBox(host, url.port or 993, timeout=TIMEOUT_SECONDS, ssl_context=context)
    else:
        box = MailBoxUnencrypted(host, url.port or 143, timeout=TIMEOUT_SECONDS)
    try:
        if url.scheme != "imaps" and ("STARTTLS" in box.client.capabilities or settings.production):
            box.client.starttls(context)
        box.login(unquote(url.username or ""), unquote(url.password or ""))
        yield Inbox(box)
    finally:
        with suppress(*UNREADABLE):
            box.logout()
        with suppress(*UNREADABLE):  # after a failed login the connection is still open
            box.client.shutdown()
