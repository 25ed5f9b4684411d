"""SMTP delivery of one mail, with errors classified by who is at fault.

Server faults (down, busy, login, certificate) raise TryLater; a refused recipient AddressRefused;
any other permanent refusal MailFailed, which needs the operator.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from events.core.config import Settings
from events.core.db.session import assert_no_transaction
from events.core.jobs.queue import TryLater

TIMEOUT_SECONDS = 20
NO_MAILBOX = {
    550: "5.1.1",
    551: "5.1.6",
    552: "5.2.2",
    553: "5.1.3",
}  # for servers that give no enhanced status
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
_OF_ADDRESS = re.compile(r"5\.(1\.([0-6]|9|10)|2\.\d+|4\.\d+)$")  # RFC 3463: address, mailbox, routing
_OF_SENDER = re.compile(r"relay|authenticat|sender|spf|not permitted", re.IGNORECASE)
_LOGIN_ERRORS = {530, 534, 535, 538}  # login errors, which may be fixed within days


class AddressRefused(Exception):
    """Permanent refusal of this recipient; `status` as in RFC 3463."""

    def __init__(self, status: str, said: str) -> None:
        super().__init__(said)
        self.status = status


class MailFailed(Exception):
    """Permanent refusal of the mail or its sender."""


def deliver(settings: Settings, message: EmailMessage) -> None:
    """Deliver one message. Raises TryLater, AddressRefused or MailFailed."""
    assert_no_transaction("sending mail")
    recipient = message["To"].addresses[0].addr_spec
    with open_server(settings) as server:
        try:
            server.send_message(message, from_addr=settings.mail_from, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise _judge(code, said, of_address=True) from None
        except smtplib.SMTPResponseException as refused:  # at MAIL FROM or DATA
            raise _judge(refused.smtp_code, refused.smtp_error, of_address=False) from None
        except smtplib.SMTPNotSupportedError as unsupported:  # an address that this server does not support
            raise MailFailed(str(unsupported)) from None
        except (OSError, smtplib.SMTPException) as broken:
            raise TryLater(_in_words(settings, broken)) from None


@contextmanager
def open_server(settings: Settings, timeout: float = TIMEOUT_SECONDS) -> Iterator[smtplib.SMTP]:
    """A signed-in SMTP connection, encrypted where required. Raises TryLater."""
    url = _address_of(settings)
    host = url.hostname or "localhost"
    try:
        # Without a context Python accepts any certificate.
        trust = ssl.create_default_context()
        server: smtplib.SMTP
        if url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, url.port or 465, timeout=timeout, context=trust)
        else:
            server = smtplib.SMTP(host, url.port or 587, timeout=timeout)
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(_in_words(settings, error)) from None
    try:
        try:
            server.ehlo()
            if url.scheme != "smtps" and (server.has_extn("starttls") or settings.production):
                server.starttls(context=trust)
                server.ehlo()
            if url.username and url.password:
                server.login(unquote(url.username), unquote(url.password))
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(_in_words(settings, error)) from None
        yield server
    finally:
        # An error at QUIT is irrelevant: the mail is accepted by now.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _address_of(settings: Settings) -> SplitResult:
    return urlsplit(settings.mail_url.get_secret_value() if settings.mail_url is not None else "")


def _judge(code: int, said: bytes | str, *, of_address: bool) -> Exception:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    whole = f"{code} {' '.join(words.split())}"[:500]
    if code < 500 or code in _LOGIN_ERRORS:
        return TryLater(whole)
    found = _STATUS.search(words)
    status = found[0] if found else ""
    if _OF_ADDRESS.fullmatch(status):
        return AddressRefused(status, whole)
    if of_address and not status and code in NO_MAILBOX and not _OF_SENDER.search(words):
        return AddressRefused(NO_MAILBOX[code], whole)
    return MailFailed(whole)


def _in_words(settings: Settings, error: Exception) -> str:
    """The server's fault in one sentence without a secret."""
    host = _address_of(settings).hostname or "localhost"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else ""
        return f"The mail server {host} does not accept our name and password: {error.smtp_code} {said}"[:300]
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of the mail server {host} is not trusted: {error.verify_message}."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"The mail server {host} does not offer what we need: {error}"
    if isinstance(error, TimeoutError):
        return f"The mail server {host} did not answer in time."
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else ""
        return f"The mail server {host} says {error.smtp_code} {said}"[:300]
    return f"The mail server {host} does not answer: {error}"[:300]
