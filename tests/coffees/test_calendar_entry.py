"""Tests of calendar entries, read back by two independent parsers."""

import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from events.coffees.actions import rescheduling, responses
from events.coffees.models import Coffee
from events.coffees.queries import calendar_entry, coffees
from events.core import clock
from events.core.calendar.itip import Entry, Mailbox, Method, calendar_file
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
TEAM = Mailbox("Ontmoet", "koffie@ontmoet.test")
PUBLIC_URL = "https://ontmoet.example"
READ_BY_ICAL_JS = """
import ICAL from "ical.js";
let text = "";
for await (const part of process.stdin) text += part;
const calendar = new ICAL.Component(ICAL.parse(text));
const event = calendar.getFirstSubcomponent("vevent");
const value = (name) => event.getFirstPropertyValue(name)?.toString() ?? null;
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue("method"), uid: value("uid"), sequence: value("sequence"),
  start: value("dtstart"), end: value("dtend"), summary: value("summary"), status: value("status"),
  attendees: event.getAllProperties("attendee").map((one) => one.getFirstValue()),
}));
"""


def entry_of(coffee: Coffee, user_id: str, locale: str = "en") -> Entry:
    return calendar_entry.calendar_entry(coffee, coffees.seat_of(coffee, user_id), locale, PUBLIC_URL)


def read_back(entry: Entry, method: Method) -> dict[str, str]:
    calendar = Calendar.from_ical(calendar_file([entry], method, TEAM))
    [event] = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == method
    return {name.lower(): text_of(event[name].to_ical()) for name in event}


def text_of(written: bytes | str) -> str:
    return written.decode() if isinstance(written, bytes) else written


def test_each_participant_has_an_own_entry_without_the_partners_address(cast: Cast) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")
    brams, danas = (read_back(entry_of(coffee, one.id), "REQUEST") for one in (cast.bram, cast.dana))
    assert brams["uid"] != danas["uid"]
    assert len(brams["uid"]) == 52
    assert brams["summary"] == "Coffee with Dana"
    assert danas["summary"] == "Coffee with Bram"
    assert brams["attendee"] == "mailto:bram@example.test"
    assert "dana@" not in str(brams)
    assert brams["dtstart"].endswith("Z")
    assert brams["url"] == f"{PUBLIC_URL}/coffees/{coffee.id}" == brams["location"]
    assert (brams["status"], brams["sequence"]) == ("CONFIRMED", "0")


@pytest.mark.parametrize(("form", "place"), [("phone", "By phone"), ("location", "On location")])
def test_the_location_follows_the_format(cast: Cast, form: str, place: str) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", form=form)
    assert entry_of(coffee, cast.bram.id).location.startswith(place)


def test_a_trio_names_both_others(cast: Cast) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed")
    assert entry_of(coffee, cast.chris.id).summary == "Coffee with Bram and Dana"


def test_every_change_of_an_entry_keeps_its_uid_and_raises_its_sequence(cast: Cast) -> None:
    now = clock.now()
    start, later = now + timedelta(days=4), now + timedelta(days=6)
    with unit_of_work() as db:
        coffee = make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=start, alternatives=[later]
        )
        coffee_id = coffee.id
    life = [read_back(entry_of(coffee, cast.bram.id), "REQUEST")]
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, coffee_id)
        rescheduling.choose_time(db, person(cast.bram), coffee, later)
        responses.accept_coffee(db, person(cast.dana), coffee)
        life.append(read_back(entry_of(coffee, cast.bram.id), "REQUEST"))
        responses.cancel_coffee(db, person(cast.dana), coffee)
        life.append(read_back(entry_of(coffee, cast.bram.id), "CANCEL"))
    assert len({entry["uid"] for entry in life}) == 1
    assert [entry["sequence"] for entry in life] == ["0", "1", "2"]
    assert [entry["status"] for entry in life] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert life[1]["dtstart"] == f"{later:%Y%m%dT%H%M%SZ}" == life[2]["dtstart"]


def test_leaving_a_trio_cancels_only_the_own_calendar_entry(cast: Cast) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed")
        responses.cancel_coffee(db, person(cast.chris), coffee)
        gone, stays = entry_of(coffee, cast.chris.id), entry_of(coffee, cast.bram.id)
    assert (gone.cancelled, gone.sequence) == (True, 1)
    assert (stays.cancelled, stays.sequence, stays.summary) == (False, 0, "Coffee with Dana")


def test_ical_js_reads_the_same(cast: Cast) -> None:
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}") or shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "ical.js").is_dir():
        pytest.skip("node or ical.js is not installed here")
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")
    entry = entry_of(coffee, cast.bram.id)
    read = subprocess.run(
        [node, "--input-type=module", "--eval", READ_BY_ICAL_JS],
        input=calendar_file([entry], "REQUEST", TEAM),
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert json.loads(read.stdout) == {
        "method": "REQUEST",
        "uid": entry.uid,
        "sequence": "0",
        "start": f"{coffee.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{coffee.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "summary": "Coffee with Dana",
        "status": "CONFIRMED",
        "attendees": ["mailto:bram@example.test"],
    }
