"""Parser of incoming mail: charsets, senders, multipart bodies and autoreplies without headers."""

import pytest

from events.core.mail.parser import Incoming, parse

WORDS = "Dinsdag om tien uur? Café, prima – één koffie."


def mail(
    body: bytes,
    kind: str = "text/plain",
    *,
    sender: bytes = b"Bram <bram@x.test>",
    subject: str = "Re: Koffie",
) -> Incoming:
    head = b"From: " + sender + f"\nTo: koffie@ontmoet.test\nSubject: {subject}\nMIME-Version: 1.0\n".encode()
    return parse(head + f"Content-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n".encode() + body)


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("", "utf-8"),
        ("", "cp1252"),
        ("utf-8", "utf-8"),
        ("utf-8", "cp1252"),
        ("us-ascii", "utf-8"),
        ("us-ascii", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("iso-8859-15", "utf-8"),
        ("windows-1252", "cp1252"),
        ("windows-1252", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-8"),
        ("utf8", "utf-8"),
        ("UTF-8", "cp1252"),
        ("klingon", "utf-8"),
        ("klingon", "cp1252"),
        ("hex", "utf-8"),
        ("x-unknown", "cp1252"),
        ("gb2312", "utf-8"),
    ],
)
def test_words_are_read_as_declared_else_as_utf_8_else_as_windows_did(declared: str, real: str) -> None:
    kind = "text/plain" + (f"; charset={declared}" if declared else "")
    assert mail(WORDS.encode(real), kind).text.strip() == WORDS


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        (b"de Vries, Bram <b@x.test>", "b@x.test"),
        (b"de Vries, Bram, De Vries Bouw B.V. <b@x.test>", "b@x.test"),
        (b'"de Vries, Bram" <B@X.test>', "b@x.test"),
        (b"b@x.test (Bram)", "b@x.test"),
        (b"=?utf-8?q?de_Vries=2C_Bram?= <b@x.test>", "b@x.test"),
        (b"Ren\xe9e <b@x.test>", "b@x.test"),
        (b"Bram: <b@x.test>", "b@x.test"),
        (b"a@x.test, b@x.test", ""),
        (b"a@x.test, Bram <b@x.test>", ""),
        (b"A <a@x.test>, B <b@x.test>", ""),
        (b"<>", ""),
        (b"MAILER-DAEMON", ""),
        (b"", ""),
    ],
)
def test_one_sender_is_read_and_two_are_none(sender: bytes, address: str) -> None:
    assert mail(b"Ja.", sender=sender).sender == address


def test_words_after_a_picture_are_read_too() -> None:
    body = (
        b"--m\nContent-Type: text/plain\n\nKijk:\n--m\nContent-Type: image/png\n"
        b"Content-Disposition: inline; filename=hal.png\n\nx\n"
        b"--m\nContent-Type: text/plain\n\nDit is onze hal.\n--m--\n"
    )
    found = mail(body, "multipart/mixed; boundary=m")
    assert found.text.split("\n") == ["Kijk:", "Dit is onze hal."]
    assert found.attachments == 1


def test_of_alternatives_one_is_read_and_an_attached_text_is_a_file() -> None:
    body = (
        b"--m\nContent-Type: multipart/alternative; boundary=a\n\n"
        b"--a\nContent-Type: text/html\n\n<p>Ja <b>graag</b></p>\n"
        b"--a\nContent-Type: text/plain\n\nJa graag\n--a--\n--m\nContent-Type: text/plain\n"
        b"Content-Disposition: attachment; filename=plan.txt\n\nGeheim\n--m--\n"
    )
    found = mail(body, "multipart/mixed; boundary=m")
    assert (found.text, found.attachments) == ("Ja graag", 1)


ABSENT = "Ik ben met vakantie tot 5 januari. Bij spoed: bel Chris op kantoor."


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Automatisch antwoord: Koffie met Dana", "Ik ben er niet."),
        ("Automatic reply: Coffee with Dana", "I'm away."),
        ("Automatische Antwort: Kaffee", "Ich bin nicht da."),
        ("Réponse automatique : Café", "Je suis absent."),
        ("Out of Office: Coffee", "Back soon."),
        ("Afwezigheidsbericht", "Tot 5 januari."),
        ("Abwesenheitsnotiz", "Bis bald."),
        ("Re: Koffie met Dana", ABSENT),
        ("Re: Coffee", "I am out of the office until 5 January with limited access to e-mail."),
        ("Re: Kaffee", "Ich bin im Urlaub. Ihre Nachricht: Mails werden nicht weitergeleitet."),
        ("Re: Café", "Je suis en congé. En cas d'urgence, appelez mon collègue."),
    ],
)
def test_a_note_of_absence_without_its_headers_is_a_program(subject: str, text: str) -> None:
    assert mail(text.encode(), "text/plain; charset=utf-8", subject=subject).automatic


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Koffie", "Ik ben met vakantie tot maandag; kunnen we dinsdag?"),
        ("Re: Koffie", "Dan ben ik afwezig. Woensdag past."),
        ("Re: Out of office, and yet coffee", "Yes!"),
        ("Re: Afwezig?", "Nee hoor, ik kom."),
        ("Vakantieplannen", "Zullen we die bespreken?"),
        ("Re: Coffee", "I'm out of office on Monday. Tuesday works."),
    ],
)
def test_a_personal_mail_about_absence_is_no_auto_reply(subject: str, text: str) -> None:
    assert mail(text.encode(), "text/plain; charset=utf-8", subject=subject).automatic == ""
