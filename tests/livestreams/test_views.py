"""Pages of livestreams: access, form, list, cover and calendar files."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import event

from events.accounts.models import User
from events.circles.models import Membership
from events.core import clock
from events.core.db import session as database
from events.core.db.session import unit_of_work
from events.livestreams.models import STATES, Livestream
from events.livestreams.queries.livestreams import MAX_LISTED, get_livestream, list_agenda
from tests.factories.accounts import make_key
from tests.factories.circles import make_circle
from tests.factories.livestreams import make_agenda, make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

FIELDS: dict[str, Any] = {
    "title": "Offertes die een ja krijgen",
    "day": "2026-12-03",
    "hour": "20:00",
    "source": "https://youtu.be/aqz-KE-bpKQ",
    "preset": "session",
}


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November."""


def plan(cast: Cast, **more: Any) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, **more)


def reload(made: Livestream) -> Livestream:
    with unit_of_work() as db:
        return get_livestream(db, made.id)


def test_a_livestream_is_planned_with_four_fields(cast: Cast, page: OpenPage) -> None:
    anna = page(cast.anna)
    form = anna.get(f"/circles/{cast.circle.slug}/livestreams/new")
    assert form.status_code == 200
    answer = anna.post(f"/circles/{cast.circle.slug}/livestreams/new", **FIELDS)
    assert answer.status_code == 303
    with unit_of_work() as db:
        (made,) = db.query(Livestream).all()
        assert len(list_agenda(db, made.id)) == 4
    assert answer.location.endswith(f"/livestreams/{made.slug}/desk")
    assert (made.state, made.provider, made.source_ref) == ("draft", "youtube", "aqz-KE-bpKQ")
    assert made.starts_at == datetime(2026, 12, 3, 19, tzinfo=UTC)


def test_a_refused_form_comes_back_with_everything_typed(cast: Cast, page: OpenPage) -> None:
    fields = FIELDS | {"source": "https://example.org/<b>", "lead": "Kort & goed", "agenda": "zonder minuut"}
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/livestreams/new", **fields)
    assert answer.status_code == 422
    assert "There&#39;s no video in this. Paste the link or the embed code of one video." in answer.text
    for kept in ("Offertes die een ja krijgen", "2026-12-03", "20:00", "Kort &amp; goed", "zonder minuut"):
        assert kept in answer.text
    with unit_of_work() as db:
        assert db.query(Livestream).count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "a\x00b"},
        {"day": "soon"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"hour": "25:00"},
        {"hour": "20:00+05:00"},
        {"preset": "party"},
        {"audience": "martians"},
        {"minutes": "-5"},
        {"minutes": "1e9"},
        {"capacity": "many"},
        {"host": "nobody"},
        {"circle_id": "other"},
        {"description": "x" * 8001},
    ],
)
def test_bad_input_gives_a_message_and_stores_nothing(
    cast: Cast, page: OpenPage, wrong: dict[str, str]
) -> None:
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/livestreams/new", **(FIELDS | wrong))
    assert answer.status_code == 422
    with unit_of_work() as db:
        assert db.query(Livestream).count() == 0


def test_an_ambiguous_host_name_offers_choices_with_the_input_kept(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        for user_id, company in ((cast.bram.id, "Bakkerij Noord"), (cast.chris.id, "Drukkerij Zuid")):
            user = db.get_one(User, user_id)
            user.name, user.company = "Robin", company
    anna, address = page(cast.anna), f"/circles/{cast.circle.slug}/livestreams/new"
    answer = anna.post(address, **(FIELDS | {"host": "robin"}))
    assert answer.status_code == 422
    assert "Bakkerij Noord" in answer.text
    assert "Drukkerij Zuid" in answer.text
    assert FIELDS["title"] in answer.text
    assert anna.post(address, **(FIELDS | {"host": "robin", "host_id": cast.chris.id})).status_code == 303
    with unit_of_work() as db:
        assert db.query(Livestream).one().host_id == cast.chris.id


def test_an_unlisted_host_is_kept_on_an_edit_by_another(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.bram)
        db.query(Membership).filter_by(user_id=cast.bram.id).one().listed = False
    day = {"day": f"{made.starts_at:%Y-%m-%d}", "minutes": "60"}
    fields = FIELDS | day | {"host": "Bram", "host_id": cast.bram.id}
    assert page(cast.bram).post(f"/livestreams/{made.slug}/edit", **fields).status_code == 303
    assert reload(made).host_id == cast.bram.id


def test_a_host_without_a_role_cannot_look_up_addresses(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.bram)
    day = {"day": f"{made.starts_at:%Y-%m-%d}", "minutes": "60"}
    for address in ("chris@example.test", "chris@example", "nobody@example.test"):
        answer = page(cast.bram).post(f"/livestreams/{made.slug}/edit", **(FIELDS | day | {"host": address}))
        assert answer.status_code == 422, address
        assert "No member with this name or address." in answer.text, address


@pytest.mark.parametrize("who", ["bram", "olga"])
def test_the_form_is_for_organisers_only(cast: Cast, page: OpenPage, who: str) -> None:
    person = page(getattr(cast, who))
    made = plan(cast)
    new, edit = f"/circles/{cast.circle.slug}/livestreams/new", f"/livestreams/{made.slug}/edit"
    assert person.get(new).status_code == 404
    assert person.post(new, **FIELDS).status_code == 404
    assert person.get(edit).status_code == 404
    assert person.post(edit, **FIELDS).status_code == 404
    assert reload(made).starts_at == made.starts_at


def test_a_visitor_is_asked_to_sign_in(cast: Cast, page: OpenPage) -> None:
    answer = page(None).get(f"/circles/{cast.circle.slug}/livestreams/new")
    assert answer.status_code == 303
    assert "/sign-in?next=" in answer.location


def test_saving_the_edit_form_unchanged_changes_nothing(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        made = make_livestream(
            db, cast.circle, cast.anna, starts_at=datetime(2026, 12, 3, 19, tzinfo=UTC), capacity=9
        )
        make_agenda(db, made, "Welkom", "Vragen")
    anna = page(cast.anna)
    text = anna.get(f"/livestreams/{made.slug}/edit").text
    for shown in (made.title, "2026-12-03", "20:00", made.source_ref, "0:00 Welkom\n0:10 Vragen"):
        assert str(shown) in text
    fields: dict[str, Any] = {
        "title": made.title, "day": "2026-12-03", "hour": "20:00", "source": made.source_ref,
        "preset": "session", "minutes": "60", "audience": "members", "guests": "yes", "capacity": "9",
        "agenda": "0:00 Welkom\r\n0:10 Vragen", "host": "Anna", "host_id": cast.anna.id,
    }  # fmt: skip
    assert anna.post(f"/livestreams/{made.slug}/edit", **fields).status_code == 303
    after = reload(made)
    assert (after.version, after.sequence, after.capacity) == (1, 0, 9)


SWITCHES = {
    "publish": ("draft", "announced"),
    "start": ("lobby", "live"),
    "return": ("live", "lobby"),
    "pause": ("live", "paused"),
    "resume": ("paused", "live"),
    "end": ("live", "ended"),
    "cancel": ("announced", "cancelled"),
    "next_item": ("live", "live"),
}


@pytest.mark.parametrize("verb", SWITCHES)
def test_desk_buttons_work_for_directors_only(cast: Cast, page: OpenPage, verb: str) -> None:
    before, after = SWITCHES[verb]
    made = plan(cast, state=before)
    for person in (cast.bram, cast.olga):
        assert page(person).post(f"/livestreams/{made.slug}/{verb}").status_code == 404
    assert page(None).post(f"/livestreams/{made.slug}/{verb}").status_code == 303
    assert reload(made).state == before
    answer = page(cast.anna).post(f"/livestreams/{made.slug}/{verb}")
    assert answer.location.endswith(f"/livestreams/{made.slug}/desk")
    assert reload(made).state == after


def test_a_key_holder_cannot_use_the_desk(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        key = make_key(db, cast.anna, "livestream", made.id)
    holder = page(None)
    with holder.client.session_transaction() as session:
        session["keys"] = [key.id]
    assert holder.post(f"/livestreams/{made.slug}/start").status_code == 303
    assert reload(made).state == "announced"


def test_a_late_transition_redirects_with_a_message(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, state="ended")
    anna = page(cast.anna)
    assert anna.post(f"/livestreams/{made.slug}/start").status_code == 303
    with anna.client.session_transaction() as session:
        ((category, sentence),) = session["_flashes"]
    assert category == "notice"
    assert sentence.startswith("That no longer fits")


def test_the_list_is_limited_to_visible_livestreams(cast: Cast, page: OpenPage) -> None:
    plan(cast, title="Voor leden")
    plan(cast, title="Voor iedereen", audience="public")
    plan(cast, title="Nog een concept", state="draft")
    plan(cast, title="Open concept", state="draft", audience="public")
    seen = {
        None: {"Voor iedereen"},
        cast.olga: {"Voor iedereen"},
        cast.bram: {"Voor leden", "Voor iedereen"},
        cast.anna: {"Voor leden", "Voor iedereen", "Nog een concept", "Open concept"},
    }
    everything = seen[cast.anna]
    for person, titles in seen.items():
        text = page(person).get("/livestreams").text
        assert {title for title in everything if title in text} == titles


def test_the_list_starts_with_live_ones(cast: Cast, page: OpenPage) -> None:
    plan(cast, title="Straks")
    plan(cast, title="Nu bezig", state="live")
    plan(cast, title="Vorige week", state="replay", starts_at=datetime(2026, 11, 16, 19, tzinfo=UTC))
    text = page(cast.bram).get("/livestreams").text
    assert "‘Nu bezig’ is live now" in text
    assert text.index("Nu bezig</a>") < text.index("Straks</a>") < text.index("Vorige week</a>")


def test_an_empty_list_of_livestreams_has_an_explanation(cast: Cast, page: OpenPage) -> None:
    assert "Nothing is planned yet" in page(cast.bram).get("/livestreams").text


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(cast: Cast, page: OpenPage) -> None:
    bram = page(cast.bram)
    counts = []
    for number in (1, 29):
        for _each in range(number):
            plan(cast)
        counts.append(_count_queries(lambda: bram.get("/livestreams")))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("state", STATES)
def test_only_readers_of_a_hidden_livestream_get_its_cover(cast: Cast, page: OpenPage, state: str) -> None:
    made = plan(cast, state=state)
    with unit_of_work() as db:
        db.merge(cast.circle).links_shown = False
    path = f"/livestreams/{made.slug}/cover.svg"
    answer = page(cast.anna).get(path)
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"].startswith("private")
    assert page(cast.bram).get(path).status_code == (404 if state == "draft" else 200)
    assert page(cast.olga).get(path).status_code == 404
    assert page(None).get(path).status_code == 303


def test_a_cover_is_sent_once_and_a_thumbnail_is_another(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, audience="public")
    visitor = page(None)
    whole = visitor.get(f"/livestreams/{made.slug}/cover.svg")
    assert whole.headers["Cache-Control"] == "public, max-age=3600"
    again = visitor.get(
        f"/livestreams/{made.slug}/cover.svg", headers={"If-None-Match": whole.headers["ETag"]}
    )
    assert again.status_code == 304
    assert visitor.get(f"/livestreams/{made.slug}/cover.svg?columns=4").data != whole.data


def test_the_calendar_file_holds_the_one_entry(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, title="Offertes; ja, graag")
    answer = page(cast.bram).get(f"/livestreams/{made.slug}/calendar.ics")
    calendar = Calendar.from_ical(answer.data)
    (entry,) = calendar.walk("VEVENT")
    assert answer.mimetype == "text/calendar"
    assert calendar["METHOD"] == "PUBLISH"
    assert entry["UID"] == made.calendar_uid
    assert entry["SEQUENCE"] == 0
    assert entry["SUMMARY"] == "Offertes; ja, graag"
    assert entry.decoded("DTSTART") == made.starts_at.replace(microsecond=0)
    assert entry.decoded("DTEND") == made.ends_at.replace(microsecond=0)
    assert entry["URL"] == f"http://localhost:8000/livestreams/{made.slug}"
    assert entry["STATUS"] == "CONFIRMED"
    assert "ATTENDEE" not in entry


def test_a_key_opens_the_calendar_file_of_its_livestream_and_of_no_other(cast: Cast, page: OpenPage) -> None:
    made, other = plan(cast), plan(cast)
    with unit_of_work() as db:
        key = make_key(db, cast.olga, "livestream", made.id)
    holder = page(None)
    with holder.client.session_transaction() as session:
        session["keys"] = [key.id]
    assert holder.get(f"/livestreams/{made.slug}/calendar.ics").status_code == 200
    assert holder.get(f"/livestreams/{other.slug}/calendar.ics").status_code == 303
    assert page(cast.olga).get(f"/livestreams/{made.slug}/calendar.ics").status_code == 404


def test_a_circles_feed_holds_public_livestreams_and_marks_cancelled_ones(cast: Cast, page: OpenPage) -> None:
    public = plan(cast, audience="public")
    off = plan(cast, audience="public", state="cancelled", starts_at=public.starts_at + timedelta(days=7))
    plan(cast)
    plan(cast, audience="public", state="draft")
    answer = page(None).get(f"/circles/{cast.circle.slug}/calendar.ics")
    entries = {str(entry["UID"]): entry for entry in Calendar.from_ical(answer.data).walk("VEVENT")}
    assert set(entries) == {public.calendar_uid, off.calendar_uid}
    assert entries[off.calendar_uid]["STATUS"] == "CANCELLED"


def _count_queries(ask: Callable[[], object]) -> int:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)
    return len(statements)


def test_the_form_suggests_day_hour_and_preset_values(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    """A title alone makes a complete draft."""
    set_clock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    anna = page(cast.anna)
    html = anna.get(f"/circles/{cast.circle.slug}/livestreams/new").text
    assert 'value="2026-11-26"' in html
    assert 'value="20:00"' in html
    assert html.count('class="soft preset-effect"') == 3
    assert "45 minutes: Welcome, and who is here" in html
    sent = {"title": "Offertes", "day": "2026-11-30", "hour": "20:00", "preset": "session"}
    assert anna.post(f"/circles/{cast.circle.slug}/livestreams/new", **sent).status_code == 303


def test_public_livestreams_of_other_circles_are_listed_apart(cast: Cast, page: OpenPage) -> None:
    plan(cast, title="Avond van de kring")
    with unit_of_work() as db:
        foreign = make_circle(db, owner=cast.olga, name="Ring van Olga")
        make_livestream(db, foreign, cast.olga, title="Open avond elders", audience="public")
    html = page(cast.bram).main("/livestreams")
    apart = html.index("For everyone, from other circles")
    assert html.index("Avond van de kring") < apart < html.index("Open avond elders")
    assert "For everyone, from other circles" not in page(None).main("/livestreams")


def test_a_row_names_its_circle_if_it_is_not_the_current_one(cast: Cast, page: OpenPage) -> None:
    plan(cast, title="Avond van de kring")
    bram = page(cast.bram)
    assert f"· {cast.circle.name}" not in bram.main("/livestreams")
    with unit_of_work() as db:
        second = make_circle(db, owner=cast.bram, name="Tweede kring")
    bram.get(f"/circles/{second.slug}")
    assert f"· {cast.circle.name}" in bram.main("/livestreams")


def test_an_empty_plan_is_stated_before_other_circles_livestreams(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        foreign = make_circle(db, owner=cast.olga, name="Ring van Olga")
        make_livestream(db, foreign, cast.olga, title="Open avond elders", audience="public")
    html = page(cast.bram).main("/livestreams")
    assert html.index("Nothing is planned yet") < html.index("For everyone, from other circles")


def test_a_long_list_shows_the_next_and_the_latest_livestream(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        for number in range(MAX_LISTED + 10):
            make_livestream(
                db, cast.circle, cast.anna, title=f"Later {number}", audience="public",
                starts_at=clock.now() + timedelta(days=number + 2),
            )  # fmt: skip
        make_livestream(
            db, cast.circle, cast.anna, title="Gisteren", audience="public", state="replay",
            starts_at=clock.now() - timedelta(days=1),
        )  # fmt: skip
    assert "Later 0<" in page(cast.bram).main("/")
    calendar = page(None).get(f"/circles/{cast.circle.slug}/calendar.ics").text
    assert "Later 0\r\n" in calendar
    assert "Gisteren" in calendar
