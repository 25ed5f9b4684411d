"""Bounces of many mail servers: recognised, tied to our mail, and told apart into gone and full."""

import pytest

from events.core.mail.bounces import Report
from events.core.mail.parser import parse
from events.replies.rules.returns import kind_of
from tests.factories.bounces import BRAM, CASES, NUMBER, Case, report


def kind_found(found: Report | None) -> str:
    """What the product makes of it: gone, full, delayed or delivered; `missed` when it is no bounce to it."""
    if found is None or found.kind != "bounce" or NUMBER not in found.message_ids:
        return "missed"
    failed = [one for one in found.returned if one.action == "failed"]
    if not failed:
        return "delayed" if any(one.action == "delayed" for one in found.returned) else "delivered"
    ours = [one for one in failed if one.address == BRAM]
    return kind_of(ours[0].status, ours[0].diagnostic) if ours else "another address"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bounce_is_recognised_and_judged(case: Case) -> None:
    assert kind_found(parse(case.raw).report) == case.kind


def person_writes(
    body: str, *, sender: str = BRAM, subject: str = "Re: Koffie met Dana", kind: str = "text/plain"
) -> bytes:
    return (
        f"From: {sender}\nTo: koffie@ontmoet.test\nSubject: {subject}\nMessage-ID: <a@example.test>\n"
        f"In-Reply-To: {NUMBER}\nMIME-Version: 1.0\nContent-Type: {kind}\n\n{body}\n"
    ).encode()


FORWARDED = (
    "--w\nContent-Type: text/plain\n\nDit kreeg ik terug.\n--w\nContent-Type: message/rfc822\n\n"
    + report("", "", "5.1.1").raw.decode()
    + "\n--w--\n"
)


@pytest.mark.parametrize(
    "raw",
    [
        person_writes("Mijn vorige mail kwam terug: 550 5.1.1 user unknown. Kun je mij bellen?"),
        person_writes("The last one could not be delivered to one or more of you.", subject="Mail delivery"),
        person_writes(FORWARDED, kind='multipart/mixed; boundary="w"', subject="Fwd: Undelivered Mail"),
        person_writes("Postmaster worden? Nee, dank je.", sender="Postma <postma@example.test>"),
    ],
    ids=["quotes-a-code", "says-so", "forwards-one", "has-such-a-name"],
)
def test_a_personal_mail_about_a_bounce_is_no_bounce(raw: bytes) -> None:
    found = parse(raw)
    assert (found.report, found.automatic) == (None, "")
    assert found.sender


def test_a_complaint_counts_and_a_receipt_is_a_program() -> None:
    arf = b"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--b--\n"
    head = b"From: fbl@provider.test\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n"
    complaint, receipt = (
        parse(head + arf).report,
        parse(head + arf.replace(b"feedback-report", b"disposition-notification")),
    )
    assert complaint is not None
    assert complaint.kind == "complaint"
    assert (receipt.report, receipt.automatic) == (None, "report")


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.1.1 (user unknown)", "", "gone"),
        ("5.4.1", "", "gone"),
        ("5.1.351", "", "gone"),
        ("5.0.0", "smtp; 550 5.1.1 no such user", "gone"),
        ("5.1.0", "550 5.1.0 sender denied", "full"),
        ("5.2.2", "", "full"),
        ("4.2.2", "user unknown", "full"),
        ("5.1.1", "552 5.2.2 over quota", "full"),
        ("5.7.1", "policy", "full"),
        ("", "host mx [192.0.2.5] said: 550 in reply to RCPT TO", "gone"),
        ("", "host mx said: 550 Rejected (in reply to end of DATA)", "full"),
        ("", "", "full"),
    ],
)
def test_the_clearest_of_status_code_and_words_decides(status: str, diagnostic: str, kind: str) -> None:
    assert kind_of(status, diagnostic) == kind
