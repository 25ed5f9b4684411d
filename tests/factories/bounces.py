"""Bounces in the shapes of real mail servers, in our own words: what each says, and what it means."""

# ruff: noqa: E501 - a table, one bounce a line

from dataclasses import dataclass

NUMBER = "<7f3c2d9e.41@ontmoet.test>"
BRAM = "bram@example.test"
OURS = "koffie@ontmoet.test"
ORIGINAL = (
    f"Received: from ontmoet.test by mx.test; Mon, 30 Nov 2026 10:00:00 +0100\nFrom: Ontmoet <{OURS}>\nTo: {BRAM}\n"
    f"Subject: Koffie met Dana\nMessage-ID: {NUMBER}\nMIME-Version: 1.0\nContent-Type: text/plain\n\nDinsdag om tien uur?\n"
)
HEADERS = ORIGINAL.partition("\n\n")[0] + "\n"


@dataclass(frozen=True)
class Case:
    """`kind`: gone or full for an address that failed, delayed or delivered for none that did."""

    name: str
    raw: bytes
    kind: str


def _mail(body: str, kind: str = "text/plain", *, sender: str, subject: str, more: str = "") -> bytes:
    lines = [f"From: {sender}"] if sender is not None else []
    lines += [f"To: {OURS}", f"Subject: {subject}", "Message-ID: <bounce.1@mx.test>", "MIME-Version: 1.0"]
    return (
        "\n".join([*lines, *([more] if more else []), f"Content-Type: {kind}"]) + f"\n\n{body}\n"
    ).encode()


def _part(kind: str, body: str, more: str = "") -> str:
    return f"--b\nContent-Type: {kind}\n{more}\n{body}\n"


def _status(
    status: str,
    diagnostic: str = "",
    *,
    action: str = "failed",
    recipient: str = f"rfc822; {BRAM}",
    more: str = "",
) -> str:
    said = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return f"Reporting-MTA: dns; mx.test\n{more}\nFinal-Recipient: {recipient}\nAction: {action}\nStatus: {status}\n{said}"


def report(
    name: str, kind: str, status: str, diagnostic: str = "", *, sender: str = "MAILER-DAEMON@mx.test (Mail Delivery System)",
    subject: str = "Undelivered Mail Returned to Sender", prose: str = "It was not delivered.", outer: str = "report",
    original: str = "message/rfc822", action: str = "failed", recipient: str = f"rfc822; {BRAM}", more: str = "",
) -> Case:  # fmt: skip
    """A delivery-status of RFC 3464. `outer`: report, mixed, nested, forwarded, or bare without the original."""
    quoted = {"message/rfc822": ORIGINAL, "text/rfc822-headers": HEADERS, "message/global": ORIGINAL}.get(
        original, ""
    )
    parts = _part("text/plain; charset=utf-8", prose) + _part(
        "message/delivery-status", _status(status, diagnostic, action=action, recipient=recipient)
    )
    parts += (_part(original, quoted) if quoted else "") + "--b--\n"
    types = {
        "report": 'multipart/report; report-type=delivery-status; boundary="b"',
        "mixed": 'multipart/mixed; boundary="b"',
    }
    if outer == "nested":
        inner = f"--a\nContent-Type: {types['report']}\n\n{parts}\n--a\nContent-Type: text/plain\n\nScanned.\n--a--\n"
        return Case(
            name,
            _mail(inner, 'multipart/mixed; boundary="a"', sender=sender, subject=subject, more=more),
            kind,
        )
    return Case(name, _mail(parts, types[outer], sender=sender, subject=subject, more=more), kind)


def prose(
    name: str, kind: str, body: str, *, sender: str = "MAILER-DAEMON@mx.test", subject: str = "failure notice",
    original: str = ORIGINAL, more: str = "", content: str = "text/plain; charset=utf-8",
) -> Case:  # fmt: skip
    """A bounce without any delivery-status."""
    return Case(name, _mail(body + original, content, sender=sender, subject=subject, more=more), kind)


def _reports() -> list[Case]:
    o365 = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.test>"
    gmail = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    unknown, full = (
        "smtp; 550 5.1.1 <bram@example.test> User unknown",
        "smtp; 552 5.2.2 mailbox is over its quota",
    )
    return [
        report("postfix user unknown", "gone", "5.1.1", "smtp; 550 5.1.1 <bram@example.test>: Recipient address rejected: User unknown in virtual mailbox table"),
        report("postfix no domain", "gone", "5.4.4", "X-Postfix; Host or domain name not found. Name service error for name=example.test type=MX: Host not found", original="text/rfc822-headers"),
        report("postfix null mx", "gone", "5.1.2", "X-Postfix; Domain example.test does not accept mail (nullMX)"),
        report("postfix refused connection expired", "full", "4.4.1", "X-Postfix; connect to mx.example.test[192.0.2.7]:25: Connection refused"),
        report("postfix timeout expired", "full", "4.4.2", "smtp; conversation with mx.example.test timed out while sending message body"),
        report("postfix full", "full", "5.2.2", full),
        report("postfix soft full", "full", "4.2.2", "smtp; 452 4.2.2 Over quota, try again later"),
        report("postfix spam", "full", "5.7.1", "smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.list.test"),
        report("postfix unknown by policy code", "gone", "5.7.1", "smtp; 550 5.7.1 <bram@example.test>: recipient does not exist here"),
        report("postfix greylist kept", "full", "4.7.1", "smtp; 450 4.7.1 Greylisted, please come back"),
        report("postfix delayed", "delayed", "4.4.1", "X-Postfix; connect to mx.example.test: timed out", action="delayed", subject="Delayed Mail (still being retried)"),
        report("postfix delivered", "delivered", "2.0.0", "smtp; 250 2.0.0 Ok", action="relayed", subject="Successful Mail Delivery Report"),
        report("status with words", "gone", "5.1.1 (user unknown)"),
        report("status with words full", "full", "5.2.2 (mailbox full)"),
        report("sendmail", "gone", "5.1.1", "SMTP; 550 5.1.1 <bram@example.test>... User unknown", sender="Mail Delivery Subsystem <MAILER-DAEMON@mx.test>", subject="Returned mail: see transcript for details"),
        report("sendmail host unknown", "gone", "5.1.2", "", subject="Returned mail: Host unknown (Name server: example.test: host not found)"),
        report("sendmail expired", "full", "4.4.7", "", subject="Returned mail: Cannot send message for 5 days"),
        report("exim with status", "gone", "5.0.0", "smtp; 550 5.1.1 no such address here", more=f"X-Failed-Recipients: {BRAM}", subject="Mail delivery failed: returning message to sender"),
        report("exim bare reply", "gone", "5.0.0", "smtp; 550 No such user here", subject="Mail delivery failed: returning message to sender"),
        report("exim policy", "full", "5.0.0", "smtp; 550 Administrative prohibition", subject="Mail delivery failed: returning message to sender"),
        report("exim full", "full", "5.0.0", "smtp; 552 Mailbox quota exceeded for this recipient", subject="Mail delivery failed: returning message to sender"),
        report("exim retry timeout", "full", "4.0.0", "smtp; 421 too many connections, retry timeout exceeded", subject="Mail delivery failed: returning message to sender"),
        report("exchange online unknown", "gone", "5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", sender=o365, subject="Undeliverable: Koffie met Dana"),
        report("exchange online edge block", "gone", "5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied. [AM7EUR03FT001.eop-EUR03.test]", sender=o365, subject="Onbestelbaar: Koffie met Dana"),
        report("exchange online 5.4.1 bare", "gone", "5.4.1", "", sender=o365, subject="Undeliverable: Koffie met Dana"),
        report("exchange online remote unknown", "gone", "5.1.351", "smtp;550 5.1.351 Remote server returned unknown recipient or mailbox unavailable", sender=o365, subject="Undeliverable: Koffie met Dana"),
        report("exchange online wraps", "gone", "5.0.350", "smtp;550 5.0.350 Remote server returned an error -> 550 5.1.1 User doesn't exist", sender=o365, subject="Undeliverable: Koffie met Dana"),
        report("exchange online no domain", "gone", "5.4.310", "smtp;550 5.4.310 DNS domain example.test does not exist", sender=o365, subject="Undeliverable: Koffie met Dana"),
        report("exchange online expired", "full", "5.4.300", "smtp;550 5.4.300 Message expired -> 451 4.4.0 host is busy", sender=o365, subject="Undeliverable: Koffie met Dana"),
        report("exchange online restricted", "full", "5.7.133", "smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; only signed-in senders", sender=o365, subject="Undeliverable: Koffie met Dana"),
        report("exchange sender denied", "full", "5.1.0", "smtp; 550 5.1.0 sender denied", sender=o365, subject="Undeliverable: Koffie"),
        report("exchange sender refused for its domain", "full", "5.1.8", "smtp; 550 5.1.8 Access denied, bad outbound sender", sender=o365, subject="Undeliverable: Koffie"),
        report("exchange 5.1.0 address rejected", "gone", "5.1.0", "smtp; 550 5.1.0 Address rejected bram@example.test", sender="postmaster@mx.test", subject="Undeliverable: Koffie"),
        report("exchange full", "full", "5.2.2", "smtp;554 5.2.2 STOREDRV.Deliver.Exception:QuotaExceededException; mailbox full", sender=o365, subject="Unzustellbar: Koffie"),
        report("exchange delayed", "delayed", "4.4.7", "", action="delayed", sender=o365, subject="Delivery delayed: Koffie met Dana"),
        report("gmail unknown", "gone", "5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please look for typos", sender=gmail, subject="Delivery Status Notification (Failure)"),
        report("gmail closed", "gone", "5.2.1", "smtp; 550-5.2.1 The email account that you tried to reach is disabled", sender=gmail, subject="Delivery Status Notification (Failure)"),
        report("gmail busy", "full", "4.2.1", "smtp; 450-4.2.1 The user is receiving mail at a rate that is too high", sender=gmail, subject="Delivery Status Notification (Failure)"),
        report("gmail full", "full", "5.2.2", "smtp; 552-5.2.2 The recipient's inbox is out of storage space", sender=gmail, subject="Delivery Status Notification (Failure)"),
        report("gmail unauthenticated", "full", "5.7.26", "smtp; 550-5.7.26 This message fails DMARC", sender=gmail, subject="Delivery Status Notification (Failure)"),
        report("gmail delay", "delayed", "4.4.1", "smtp; The recipient server did not accept our requests", action="delayed", sender=gmail, subject="Delivery Status Notification (Delay)"),
        report("outlook.com unavailable", "gone", "5.5.0", "smtp; 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)"),
        report("yahoo no account", "gone", "5.0.0", "smtp; 554 delivery error: dd This user doesn't have a yahoo.test account (bram@example.test) [0]"),
        report("yahoo throttled", "full", "4.7.0", "smtp; 421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints"),
        report("icloud full", "full", "5.2.2", "smtp; 552 5.2.2 <bram@example.test>: user is over quota"),
        report("null sender", "gone", "5.1.1", unknown, sender="<>"),
        report("sender without a domain", "gone", "5.1.1", unknown, sender="MAILER-DAEMON"),
        report("no sender at all", "gone", "5.1.1", unknown, sender="", more="Return-Path: <>"),
        report("mixed", "gone", "5.1.1", unknown, outer="mixed"),
        report("nested by a scanner", "gone", "5.1.1", unknown, outer="nested"),
        report("mixed and full", "full", "5.2.2", full, outer="mixed", sender="<>"),
        report("number in In-Reply-To alone", "gone", "5.1.1", unknown, original="none", more=f"In-Reply-To: {NUMBER}"),
        report("number in References alone", "gone", "5.1.1", unknown, original="none", more=f"References: <x@y> {NUMBER}"),
        report("number in words", "full", "5.2.2", full, original="none", prose=f"What came back had\n  Message-ID: {NUMBER}\n"),
        report("global original", "gone", "5.1.1", unknown, original="message/global"),
        report("recipient without its type", "gone", "5.1.1", unknown, recipient=f"<{BRAM}>"),
        report("capitals", "gone", "5.1.1", unknown, recipient="RFC822;Bram@Example.TEST", action="Failed"),
        report("no action", "gone", "5.1.1", unknown, action=""),
        report("dutch", "gone", "5.1.1", unknown, sender="Postmaster <postmaster@mx.test>", subject="Onbestelbaar bericht"),
        report("status and server disagree over a full box", "full", "5.0.0", "smtp; 550 5.2.2 mailbox full, user unknown to have room"),
        report("size", "full", "5.3.4", "smtp; 552 5.3.4 Message size exceeds fixed limit"),
        report("loop", "full", "5.4.6", "smtp; too many hops, mail loop"),
        report("moved", "gone", "5.1.6", "smtp; 551 5.1.6 Recipient has moved"),
    ]  # fmt: skip


def _in_prose() -> list[Case]:
    qmail = "Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
    below = "\n--- Below this line is a copy of the message.\n\nReturn-Path: <koffie@ontmoet.test>\n"
    smtpd = "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n"
    zoho = "This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\n"
    gmx = "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. The following address failed:\n\n"
    copy = "\n------ This is a copy of the message, including all the headers. ------\n\n"
    return [
        prose("qmail unknown", "gone", f"{qmail}<{BRAM}>:\nSorry, no mailbox here by that name. (#5.1.1)\n{below}"),
        prose("qmail remote", "gone", f"{qmail}<{BRAM}>:\n192.0.2.4 does not like recipient.\nRemote host said: 550 unknown user\nGiving up on 192.0.2.4.\n{below}"),
        prose("qmail full", "full", f"{qmail}<{BRAM}>:\nUser is over the quota. You can try again later. (#5.2.2)\n{below}", sender="<>"),
        prose("qmail gives up", "full", f"{qmail}<{BRAM}>:\nI'm not going to try again; this message has been in the queue too long. (#4.4.1)\n{below}"),
        prose("qmail no host", "gone", f"{qmail}<{BRAM}>:\nSorry, I couldn't find any host named example.test. (#5.1.2)\n{below}", sender="MAILER-DAEMON"),
        prose("opensmtpd unknown", "gone", f"{smtpd}    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n{BRAM}: 550 5.1.1 <{BRAM}> unknown recipient\n\n    Below is a copy of the original message:\n\n", sender="Mailer Daemon <MAILER-DAEMON@mx.test>", subject="Delivery status notification: error"),
        prose("opensmtpd full", "full", f"{smtpd}    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n{BRAM}: 552 5.2.2 Mailbox full\n\n    Below is a copy of the original message:\n\n", sender="<>", subject="Delivery status notification: error"),
        prose("opensmtpd slow", "delayed", f"{smtpd}    A message is delayed for more than 4 hours for the following\n    list of recipients:\n\n{BRAM}: 421 Try later\n\n    Please note that this is only a temporary failure report.\n    You DO NOT NEED to re-send the message, it will be tried for 4 days.\n\n    Below is a copy of the original message:\n\n", sender="Mailer Daemon <MAILER-DAEMON@mx.test>", subject="Delivery status notification: warning"),
        prose("zoho unknown", "gone", f"{zoho}{BRAM}, ERROR CODE :550 - 5.1.1 User does not exist\n\n{copy}", sender="mailer-daemon@mail.zoho.test", subject="Undelivered Mail Returned to Sender"),
        prose("zoho full", "full", f"{zoho}{BRAM}, ERROR CODE :552 - 5.2.2 mailbox over quota\n\n{copy}", sender="mailer-daemon@mail.zoho.test", subject="Undelivered Mail Returned to Sender"),
        prose("gmx unknown", "gone", f"{gmx}{BRAM}:\nSMTP error from remote server for RCPT TO command, host: mx.example.test\nreason: 550 Requested action not taken: mailbox unavailable\n\n--- The header of the original message is following. ---\n\n", sender='"GMX Mailer Daemon" <mailer-daemon@gmx.test>', subject="Mail delivery failed: returning message to sender", original=HEADERS),
        prose("gmx policy", "full", f"{gmx}{BRAM}:\nSMTP error from remote server after DATA, host: mx.example.test\nreason: 554 Transaction failed, rejected by policy\n\n--- The header of the original message is following. ---\n\n", sender="<>", subject="Mail delivery failed: returning message to sender", original=HEADERS),
        prose("exim of old", "gone", f"This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {BRAM}\n    Unrouteable address\n{copy}", sender="Mail Delivery System <Mailer-Daemon@mx.test>", subject="Mail delivery failed: returning message to sender", more=f"X-Failed-Recipients: {BRAM}"),
        prose("exim warning", "delayed", f"This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.test.\n\n  {BRAM}\n\nNo action is required on your part. Delivery attempts will continue for\nsome time.\n", sender="Mail Delivery System <Mailer-Daemon@mx.test>", subject="Warning: message 1xY delayed 24 hours", original="", more=f"In-Reply-To: {NUMBER}"),
        prose("yahoo of old", "gone", f"Sorry, we were unable to deliver your message to the following address.\n\n<{BRAM}>:\n554: delivery error: dd This user doesn't have a yahoo.test account\n\n--- Below this line is a copy of the message.\n\n", sender="MAILER-DAEMON@yahoo.test", subject="Failure Notice"),
        prose("aol", "gone", f"Your mail was not delivered.\n\n----- The following addresses had permanent fatal errors -----\n<{BRAM}>\n\n----- Transcript of session follows -----\n... while talking to mx.example.test.:\n<<< 550 MAILBOX NOT FOUND\n550 <{BRAM}>... User unknown\n\nReturn-Path: <{OURS}>\n", subject="Mail Delivery Problem"),
        prose("html", "gone", f"<html><body><p>Your message wasn't delivered to <b>{BRAM}</b> because the address couldn't be found (550 5.1.1).</p><pre>Message-ID: {NUMBER.replace('<', '&lt;').replace('>', '&gt;')}</pre></body></html>", sender="postmaster@mx.test", subject="Undeliverable: Koffie", content="text/html; charset=utf-8", original=""),
        prose("status fields as text", "gone", f"Delivery failed.\n\nFinal-Recipient: rfc822;{BRAM}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;550 5.1.1 unknown\n\n", sender="postmaster@mx.test", subject="Delivery Status Notification (Failure)"),
        prose("german", "gone", f"Ihre Nachricht konnte nicht zugestellt werden an:\n\n{BRAM}\n550 Empfänger unbekannt\n\n--- Below this line is a copy of the message.\n\n", sender="MAILER-DAEMON@mx.test", subject="Unzustellbare Nachricht"),
        prose("dutch prose", "full", f"Uw bericht kon niet worden afgeleverd bij {BRAM}: de postvak is vol (552).\n\nMessage-ID: {NUMBER}\n", sender="postmaster@mx.test", subject="Niet afgeleverd: Koffie", original=""),
        prose("from an ordinary address", "gone", f"Delivery to the following recipient failed permanently:\n\n  {BRAM}\n\nThe server said: 550 5.1.1 no such user\n\n----- Original message -----\n", sender="noreply@gateway.test", subject="Delivery Status Notification (Failure)"),
        prose("mailenable", "gone", f"MailEnable: Message Delivery Failure.\n\nThe following recipient(s) could not be reached:\n\n  Recipient: [SMTP:{BRAM}]\n  Reason: 550 No such user here\n\nMessage-ID: {NUMBER}\n", sender="postmaster@mx.test", subject="Message Delivery Failure", original=""),
        prose("two of whom one is full", "gone", f"{qmail}<dana@example.test>:\n192.0.2.4 does not like recipient.\nRemote host said: 552 5.2.2 mailbox full\n\n<{BRAM}>:\n192.0.2.4 does not like recipient.\nRemote host said: 550 5.1.1 unknown\n{below}"),
        prose("two of whom the other is gone", "full", f"{qmail}<dana@example.test>:\n192.0.2.4 does not like recipient.\nRemote host said: 550 5.1.1 unknown\n\n<{BRAM}>:\n192.0.2.4 does not like recipient.\nRemote host said: 552 5.2.2 no room\n{below}"),
        prose("a host of that name", "gone", f"This is the mail agent at mx.test.\nThere was an error delivering your mail to <{BRAM}>.\n\nDNS lookup failure: host mail.example.test not found\n\nMessage headers follow.\n\n", subject="Mail delivery failed"),
        prose("a host that may come back", "full", f"<{BRAM}>: Name service error for domain example.test: Host not found, try again\n{below}", subject="Undelivered Mail Returned to Sender"),
        prose("our name was refused", "full", f"{qmail}<{BRAM}>:\nConnected to 192.0.2.4 but my name was rejected.\nRemote host said: 501 invalid domain name\n{below}"),
        prose("exchange of old", "gone", f"Your message\n\n  To:  Bram\n  Subject: Koffie\n\ndid not reach the following recipient(s):\n\n{BRAM} on Mon, 30 Nov 2026 09:00:00 +0100\n    Unknown recipient\n\nMessage-ID: {NUMBER}\n", sender="System Administrator <postmaster@mx.test>", subject="Koffie", original=""),
        prose("a message of an error below", "gone", f"Error: Invalid user address\n\nError message below:\n550 - Requested action not taken: no such user here\n\nMessage details:\n  RCPT TO: {BRAM}\n\nMessage-ID: {NUMBER}\n", sender="post_master@mx.test", subject="Re: Koffie", original=""),
    ]  # fmt: skip


CASES = [*_reports(), *_in_prose()]
