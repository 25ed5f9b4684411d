"""Mail headers as serialised bytes, since a parser would decode most faults away."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.mail.headers import OUTGOING
from events.core.text.markup import header_line

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"


def unfolded(raw: bytes, name: str) -> str:
    head = re.sub(rb"\r\n(?=[ \t])", b"", raw.partition(b"\r\n\r\n")[0]).decode("ascii")
    (line,) = [line for line in head.split("\r\n") if line.lower().startswith(f"{name.lower()}:")]
    return line.partition(":")[2].strip()


def a_mail(subject: str = "Koffie", name: str = "Bram", **headers: str) -> bytes:
    message = EmailMessage(policy=OUTGOING)
    message["Subject"] = header_line(subject)
    message["To"] = Address(display_name=header_line(name), addr_spec="bram@example.test")
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content("Tot zo.\n")
    return message.as_bytes(policy=OUTGOING.clone(linesep="\r\n"))


@pytest.mark.parametrize("length", [1, 40, 69, 200, 700])
def test_an_unsubscribe_address_of_any_length_leaves_as_it_is(length: int) -> None:
    url = f"https://ontmoet.example.test/unsubscribe/{'k' * length}"
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in a_mail(List_Unsubscribe=f"<{url}>")


def test_a_message_id_of_a_long_domain_leaves_as_it_is() -> None:
    message_id = f"<{'a' * 26}@{'b' * 60}.{'c' * 30}.example.test>"
    assert f"\r\nMessage-ID: {message_id}\r\n".encode() in a_mail(Message_ID=message_id)


@pytest.mark.parametrize(
    "subject",
    [
        'Opdrachten <1000 euro: "doen"',
        f"Een avond voor het gezin {FAMILY} en {PERSIAN}",
        "C:\\temp en \\\"niets\\\" vergeten",
        "Wat betekent =?utf-8?q?dit?= in een kop",
        "Zo'n lang onderwerp dat het over de regel gaat, met nog een paar woorden en één met een accent",
        "Bedrijfsopvolgingsregelingsvoorlichtingsbijeenkomstverslag" * 3,
        f"{FAMILY * 12} {PERSIAN * 6}",
    ],
)  # fmt: skip
def test_a_subject_arrives_as_it_was_typed(subject: str) -> None:
    raw = a_mail(subject=subject)
    read = make_header(decode_header(unfolded(raw, "Subject")))
    assert str(read) == subject
    for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        assert b"=?" not in line or len(line) <= 76


@pytest.mark.parametrize("length", [60, 76, 77, 78, 79, 80, 120])
@pytest.mark.parametrize("name", ["Jansen, Zonen & Co, {}", 'Jansén, "de Groot" {}', "Jansen; <ijzer> {}"])
def test_a_long_name_with_commas_stays_one_address(name: str, length: int) -> None:
    whole = name.format("handel in sloten en beslag " * 9)[:length].strip()
    raw = a_mail(name=whole)
    written = unfolded(raw, "To")
    ((read, address),) = getaddresses([written])
    assert (str(make_header(decode_header(read))), address) == (whole, "bram@example.test")
    parsed = message_from_bytes(raw, policy=OUTGOING)["To"].addresses
    assert [one.addr_spec for one in parsed] == ["bram@example.test"]
    assert all(len(line) <= 140 for line in raw.split(b"\r\n"))


@given(st.text(max_size=120))
def test_nothing_that_is_typed_adds_a_header(text: str) -> None:
    raw = a_mail(subject=text, name=text)
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in {b" ", b"\t"}]
    assert names == [b"Subject", b"To", b"Content-Type", b"Content-Transfer-Encoding", b"MIME-Version"]
    assert str(make_header(decode_header(unfolded(raw, "Subject")))).split() == header_line(text).split()
