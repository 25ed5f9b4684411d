"""The mailbox is read in order, each mail with its effects once; a bad mail stops no other."""

import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from pydantic import SecretStr
from sqlalchemy import delete

from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs.subprocess_pool import ResourceLimits
from events.core.mail.mailbox import MAX_MAIL_BYTES, UNREADABLE, Arrived, open_inbox
from events.core.ops.doctor import examine
from events.replies import jobs
from events.replies.models import InboxMark
from events.replies.queries.intake import count_apart, mark_of
from tests.replies.conftest import Mailbox
from tests.support.incoming_mail import person_mail, with_header
from tests.support.processes import imap


def a_mail(number: int = 1) -> EmailMessage:
    return with_header(
        person_mail("eva@elders.test", f"Vraag {number}", "Dag."), "Auto-Submitted", "auto-replied"
    )


def test_each_mail_is_dealt_with_once(mailbox: Mailbox) -> None:
    mailbox.put(a_mail(1), a_mail(2))
    assert mailbox.read() == ["automatic"] * 2
    assert mailbox.read() == ["automatic"] * 2
    mailbox.put(a_mail(3))
    assert mailbox.read() == ["automatic"] * 3
    assert all("\\Seen" in flags for flags in mailbox.flags())


def test_a_mail_that_arrives_twice_has_its_effects_once(mailbox: Mailbox) -> None:
    twice = a_mail()
    mailbox.put(twice, twice)
    assert mailbox.read() == ["automatic"]


def test_numbers_that_start_anew_repeat_nothing(mailbox: Mailbox) -> None:
    """A mailbox that was moved to another server has other numbers: all is read again, and known."""
    mailbox.put(a_mail())
    mailbox.read()
    with unit_of_work() as db:
        db.execute(delete(InboxMark))
    assert mailbox.read() == ["automatic"]


def test_a_reader_that_died_halfway_reads_the_rest(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox.put(a_mail(1), a_mail(2))
    taken = jobs._take_in

    def die_after_the_first(settings: Settings, arrived: Arrived) -> bool:
        monkeypatch.setattr(jobs, "_take_in", die)
        return taken(settings, arrived)

    def die(_settings: Settings, _arrived: Arrived) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "_take_in", die_after_the_first)
    with pytest.raises(KeyboardInterrupt):
        mailbox.read()
    monkeypatch.undo()
    assert mailbox.read() == ["automatic"] * 2


@pytest.mark.parametrize(
    "poison",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 3_000,
        b"From: eva@elders.test\r\nContent-Type: text/calendar\r\n\r\n"
        + b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
        + b"BEGIN:VEVENT\r\n" * 20_000,
        b"From: =?utf-8?b?//////?= <a@b>, =?x\r\nSubject: =?utf-8?q?=0A=0D?=\r\n\r\n.",
        b"From: eva@elders.test\r\nContent-Type: text/plain; charset=klingon\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
    ],
    ids=["empty", "binary", "boundaries", "nested-calendar", "headers", "charset"],
)
def test_a_bad_mail_stops_no_other(mailbox: Mailbox, poison: bytes) -> None:
    mailbox.put(poison or b"\r\n", a_mail())
    assert "automatic" in mailbox.read()


@pytest.mark.usefixtures("child_process")
def test_a_mail_that_cannot_be_read_is_set_apart_and_counted(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that has no time left is what a mail does that takes for ever."""
    monkeypatch.setattr("events.core.mail.mailbox.PARSER_LIMITS", ResourceLimits(cpu=10, wall=0, memory=1024))
    mailbox.put(a_mail(1))
    assert mailbox.read() == ["apart"]
    monkeypatch.undo()
    mailbox.put(a_mail(2))
    assert mailbox.read() == ["apart", "automatic"]
    with unit_of_work() as db:
        assert count_apart(db) == 1
    first, second = mailbox.flags()
    assert "\\Flagged" in first
    assert "\\Flagged" not in second


def test_of_a_large_mail_the_beginning_is_read(mailbox: Mailbox) -> None:
    large = a_mail()
    large.add_attachment(
        b"x" * (3 * MAX_MAIL_BYTES), maintype="application", subtype="pdf", filename="groot.pdf"
    )
    mailbox.put(large)
    with open_inbox(mailbox._app.config["SETTINGS"]) as inbox:
        (uid,) = inbox.list_new(0, 10)
        arrived = inbox.fetch(uid)
    assert arrived is not None
    assert len(arrived.raw) == MAX_MAIL_BYTES
    assert mailbox.read() == ["automatic"]


def test_without_a_mailbox_nothing_is_read(mailbox: Mailbox, settings: Settings) -> None:
    mailbox.put(a_mail())
    mailbox._app.config["SETTINGS"] = settings
    assert mailbox.read() == []
    with unit_of_work() as db:
        assert mark_of(db) is None


def test_production_shows_its_password_to_no_server_without_encryption(
    mailbox: Mailbox, settings: Settings, imap_port: int
) -> None:
    address = SecretStr(f"imap://koffie:bonen@127.0.0.1:{imap_port}")
    there = {"reply_imap_url": address, "public_url": "https://ontmoet.example"}
    with pytest.raises(UNREADABLE, match="TLS"), open_inbox(settings.model_copy(update=there)):
        pytest.fail("it signed in over an open line")


def test_a_certificate_that_nobody_vouches_for_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same server is trusted once its certificate is, so it is the certificate that was refused."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    options = ("--cert", str(tmp_path / "cert.pem"), "--key", str(tmp_path / "key.pem"))
    with imap(tmp_path / "imap", *options) as port:
        address = SecretStr(f"imap://koffie:bonen@127.0.0.1:{port}")
        secured = settings.model_copy(
            update={"reply_imap_url": address, "public_url": "https://ontmoet.example"}
        )
        with pytest.raises(OSError, match="certificate"), open_inbox(secured):
            pytest.fail("it believed a stranger")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with open_inbox(secured) as inbox:
            assert inbox.list_new(0, 10) == []


def test_a_wrong_password_is_a_readable_error(settings: Settings, imap_port: int) -> None:
    address = SecretStr(f"imap://koffie:thee@127.0.0.1:{imap_port}")
    with pytest.raises(UNREADABLE), open_inbox(settings.model_copy(update={"reply_imap_url": address})):
        pytest.fail("any password will do")
    MailBoxUnencrypted("127.0.0.1", imap_port).login("koffie", "bonen").logout()


def test_the_doctor_says_whether_the_mailbox_can_be_read(
    mailbox: Mailbox, settings: Settings, imap_port: int
) -> None:
    def about_it(one: Settings) -> list[tuple[str, str]]:
        return [(found.level, found.sentence) for found in examine(one) if "mail" in found.sentence.lower()]

    reading: Settings = mailbox._app.config["SETTINGS"]
    assert ("good", "The mailbox of answers can be read.") in about_it(reading)
    mailbox.put(a_mail())
    mailbox.box.flag(mailbox.box.uids(), "\\Flagged", value=True)
    assert any(level == "warning" and sentence.startswith("1 mails") for level, sentence in about_it(reading))
    wrong = SecretStr(f"imap://koffie:thee@127.0.0.1:{imap_port}")
    closed = about_it(settings.model_copy(update={"reply_imap_url": wrong}))
    assert any(level == "bad" and "cannot be read" in sentence for level, sentence in closed)
    assert all("thee" not in sentence for _level, sentence in closed)
    assert any("REPLY_IMAP_URL" in sentence for _level, sentence in about_it(settings))
