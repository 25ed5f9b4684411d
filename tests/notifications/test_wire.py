"""Mail as a server receives it: the octets, before any parser has put them right."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar

from events.accounts.models import User
from events.core.auth.actor import Actor
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.livestreams.models import Livestream
from events.registrations.actions import add_registration, withdraw_registration
from tests.factories.livestreams import make_livestream
from tests.notifications.conftest import Post
from tests.support.cast import Cast
from tests.support.types import SetClock

START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)


def registered(cast: Cast, user: User) -> Livestream:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="announced", starts_at=START)
        livestream.lead = "Drie ondernemers vertellen één ding: hoe vraag je een prijs?"
        add_registration(db, Actor(kind="person", person_id=user.id, name=user.name), livestream)
    return livestream


def header(raw: bytes, name: str) -> bytes:
    head = raw.partition(b"\r\n\r\n")[0]
    (line,) = [line for line in head.split(b"\r\n") if line.startswith(name.encode() + b":")]
    return line


@pytest.mark.usefixtures("set_clock")
def test_a_mail_arrives_in_seven_bits_with_a_plain_unsubscribe_address(cast: Cast, post_office: Post) -> None:
    registered(cast, cast.bram)
    queue.run_due()
    ((_to, raw),) = post_office.taken
    assert raw.isascii()
    assert b"8bit" not in raw
    line = header(raw, "List-Unsubscribe")
    assert line.startswith(b"List-Unsubscribe: <http")
    assert line.endswith(b">")
    assert b"=?" not in line
    assert header(raw, "List-Unsubscribe-Post") == b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert read is not None
    assert "20:00–21:00" in read.get_content()


@pytest.mark.usefixtures("set_clock")
def test_a_calendar_entry_of_a_livestream_opens_nothing_in_somebodys_name(
    cast: Cast, post_office: Post, set_clock: SetClock
) -> None:
    livestream = registered(cast, cast.bram)
    queue.run_due()
    with unit_of_work() as db:
        found = db.get_one(Livestream, livestream.id)
        withdraw_registration(db, Actor(kind="person", person_id=cast.bram.id, name=cast.bram.name), found)
    queue.run_due()
    assert len(post_office.taken) == 2
    for _to, raw in post_office.taken:
        mail = message_from_bytes(raw, policy=policy.default)
        files = [
            part.get_payload(decode=True)
            for part in mail.walk()
            if part.get_content_subtype() in {"calendar", "ics"}
        ]
        assert len(files) == 2
        for file in files:
            assert isinstance(file, bytes)
            assert b"/k/" not in file.replace(b"\r\n ", b"")
            (event,) = Calendar.from_ical(file).walk("VEVENT")
            assert str(event["LOCATION"]) == str(event["URL"])
            assert str(event["URL"]).endswith(f"/livestreams/{livestream.slug}")
    shown = message_from_bytes(post_office.taken[0][1], policy=policy.default).get_body(("plain",))
    assert shown is not None
    assert "/k/" in shown.get_content()  # the personal link is in the mail itself
