"""Every page with a list asks as much of the database for many as for few, and little of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from events.accounts.models import Block, User
from events.coffees.models import Coffee
from events.core import clock
from events.core.auth import endpoints
from events.core.db.session import engine, unit_of_work
from events.livestreams.models import AgendaItem, Livestream
from events.recordings.models import Chapter, Recording
from events.rounds.models import Exclusion, Round
from events.schema import metadata
from tests.factories.accounts import make_sign_in, make_user
from tests.factories.availability import make_break, make_calendar, make_days_off
from tests.factories.chat import make_line
from tests.factories.circles import (
    make_circle,
    make_company,
    make_interest,
    make_invitation,
    make_member,
    make_request,
)
from tests.factories.coffees import make_booking_page, make_coffee, make_promise
from tests.factories.livestreams import make_livestream
from tests.factories.messages import make_message
from tests.factories.office_hours import make_office_hours
from tests.factories.polls import make_poll, make_poll_vote
from tests.factories.presence import make_stay
from tests.factories.questions import make_question
from tests.factories.recordings import make_progress, make_recording
from tests.factories.registrations import make_registration
from tests.factories.rounds import grow_draft, make_draft, make_round, make_round_of_its_own, make_yes
from tests.support.cast import Cast, create_cast
from tests.support.clients import PageClient

MOST = 12
FULL_READ = re.compile(r"(?:SCAN|SEARCH) (\w+?)(?:_\d+)?( USING AUTOMATIC .*)?$")
# (endpoint, who reads it, address): every page that lists something, in each state that lists other things.
LISTS = [
    ("pages.today", "bram", "/"),
    ("pages.today", "anna", "/"),
    ("pages.today", None, "/"),
    ("accounts.me", "bram", "/me"),
    ("accounts.sign_ins", "bram", "/me/sign-ins"),
    ("availability.times", "bram", "/me/times"),
    ("availability.breaks", "anna", "/circles/{circle}/breaks"),
    ("availability.calendars", "bram", "/me/calendars"),
    ("circles.show", "bram", "/circles/{circle}"),
    ("circles.show", "anna", "/circles/{circle}"),
    ("circles.show", None, "/circles/{circle}"),
    ("pages.evenings", "bram", "/circles/{circle}/livestreams"),
    ("pages.evenings", None, "/circles/{circle}/livestreams"),
    ("pages.sitemap", None, "/sitemap.xml"),
    ("pages.sitemap_file", None, "/sitemaps/1.xml"),
    ("circles.members", "bram", "/circles/{circle}/members"),
    ("circles.member", "bram", "/circles/{circle}/members/{anna}"),
    ("companies.index", "bram", "/circles/{circle}/companies"),
    ("companies.show", "bram", "/circles/{circle}/companies/{company}"),
    ("circles.invite", "anna", "/circles/{circle}/invite"),
    ("circles.removed", "anna", "/circles/{circle}/removed"),
    ("circles.unreached", "anna", "/circles/{circle}/unreached"),
    ("circles.import_people", "anna", "/circles/{circle}/import"),
    ("circles.requests", "anna", "/circles/{circle}/requests"),
    ("circles.topics", "anna", "/circles/{circle}/topics"),
    ("circles.me_in", "bram", "/circles/{circle}/me"),
    ("circles.accept_invitation", "bram", "/circles/{circle}/welcome"),
    ("handbooks.book", "anna", "/circles/{circle}/book"),
    ("livestreams.index", "bram", "/livestreams"),
    ("livestreams.index", None, "/livestreams"),
    ("livestreams.create", "anna", "/circles/{circle}/livestreams/new"),
    ("livestreams.edit", "anna", "/livestreams/{live}/edit"),
    ("livestreams.circle_calendar", None, "/circles/{circle}/calendar.ics"),
    ("guests.confirm", "dana", "/livestreams/{announced}/place"),
    ("guests.guests", "anna", "/livestreams/{announced}/guests"),
    ("registrations.attendees", "anna", "/livestreams/{live}/registrations"),
    ("livestreams.evenings", "anna", "/livestreams/{announced}/series"),
    ("registrations.waiting", "anna", "/livestreams/{announced}/waiting-list"),
    ("stage.show", "bram", "/livestreams/{announced}"),
    ("stage.show", "bram", "/livestreams/{live}"),
    ("stage.show", "anna", "/livestreams/{live}"),
    ("stage.show", "bram", "/livestreams/{replay}"),
    ("stage.show", None, "/livestreams/{live}"),
    ("stage.desk", "anna", "/livestreams/{live}/desk"),
    ("stage.desk", "anna", "/livestreams/{replay}/desk"),
    ("chat.history", "bram", "/livestreams/{live}/chat?after=0"),  # the newest are kept for a moment
    ("questions.index", "bram", "/livestreams/{live}/questions"),
    ("questions.index", "anna", "/livestreams/{live}/questions"),
    ("polls.index", "bram", "/livestreams/{live}/polls"),
    ("polls.index", "anna", "/livestreams/{live}/polls"),
    ("recordings.index", "bram", "/circles/{circle}/recordings"),
    ("recordings.said", "bram", "/recordings/{recording}/chat"),
    ("recordings.attach", "anna", "/livestreams/{replay}/recording"),
    ("rounds.opt_in", "bram", "/livestreams/{replay}/coffee"),
    ("rounds.round", "anna", "/rounds/{round}"),
    ("rounds.round", "anna", "/rounds/{drafted}"),
    ("rounds.circle", "bram", "/circles/{circle}/coffee"),
    ("rounds.apart", "bram", "/circles/{circle}/coffee/apart"),
    ("rounds.join", "bram", "/rounds/{own_round}/coffee?change=1"),
    ("rounds.shelf", "bram", "/coffees"),
    ("coffees.show", "bram", "/coffees/{coffee}"),
    ("companies.handover", "bram", "/coffees/{coffee}/hand-on"),
    ("coffees.messages", "bram", "/coffees/{coffee}/messages?after=0"),
    ("bookings.book", "bram", "/with/{handle}"),
    ("bookings.invite", "bram", "/circles/{circle}/members/{anna}/coffee"),
    ("coffees.new_time", "bram", "/coffees/{coffee}/new-time"),
    ("coffees.place", "bram", "/coffees/{onsite}/place"),
    ("coffees.number", "bram", "/coffees/{phoned}/number"),
    ("coffees.outcome", "bram", "/coffees/{met}/outcome"),
    ("coffees.again", "bram", "/coffees/{met}/again"),
    ("coffees.details", "bram", "/coffees/{met}/details"),
    ("messages.livestream", "anna", "/livestreams/{announced}/messages"),
    ("messages.livestream", "anna", "/livestreams/{replay}/messages"),
    ("messages.circle", "anna", "/circles/{circle}/messages"),
    ("messages.show", "anna", "/messages/{message}"),
    ("insights.report", "anna", "/livestreams/{replay}/report"),
    ("insights.report_file", "anna", "/livestreams/{replay}/report.csv"),
    ("insights.circle_report", "anna", "/circles/{circle}/report"),
    ("insights.not_seen", "anna", "/circles/{circle}/report/not-seen"),
]
# Pages of one thing, forms without a list, files, and what development and probes see.
OTHERS = {
    "bookings.booking_page", "bookings.invite_from",
    "accounts.check_mail", "accounts.mail_choices", "accounts.open_key", "accounts.photo", "accounts.reach",
    "accounts.sign_in", "accounts.sign_up", "calls.call", "calls.check_room",
    "circles.colour_preview", "circles.logo", "pages.cover",
    "circles.create", "circles.requested", "circles.settings",
    "coffees.calendar", "livestreams.calendar", "livestreams.cover",
    "livestreams.preview", "livestreams.qr_png", "livestreams.qr_svg", "livestreams.share",
    "coffees.later", "coffees.contact", "coffees.introduction", "coffees.introduce", "companies.answer",
    "feeds.manage", "feeds.read", "aftertalks.check_aftertalk", "aftertalks.aftertalk",
    "rounds.always", "rounds.come_back", "rounds.open_round", "rounds.pause",
    "notifications.dev_mail", "notifications.dev_mail_calendar", "notifications.dev_mail_html",
    "notifications.dev_mail_one", "notifications.message",
    "messages.edit", "notifications.unsubscribe", "circles.invitation_mail", "handbooks.add",
    "handbooks.change",
    "notifications.invitation_preview", "pages.health", "pages.help", "pages.metrics",
    "pages.privacy", "pages.ready", "pages.robots", "registrations.as_guest",
    "guests.bring", "guests.confirm", "guests.invited", "guests.join", "guests.rules_of_circle",
    "rescue.show", "rounds.one_more", "stage.held",
    "stage.held_new", "office_hours.offer", "office_hours.speaker", "quick_calls.show",
    "welcomes.welcome", "welcomes.welcoming",
}  # fmt: skip


def test_every_page_is_counted_or_known_to_list_nothing() -> None:
    pages = {
        door.name for door in endpoints.endpoints.values() if door.kind == "page" and "GET" in door.methods
    }
    assert pages == OTHERS | {endpoint for endpoint, _reader, _path in LISTS}


@dataclass(frozen=True)
class Counted:
    """Statements of one page with few and with many rows, and those that read a whole table."""

    few: list[str]
    many: list[str]
    scans: list[str]


@pytest.fixture(scope="module")
def counted(app: Flask) -> dict[tuple[str | None, str], Counted]:
    """By reader and path; the rows are made once for all pages, and emptied after the first test."""
    with app.test_request_context(base_url="http://localhost:8000"):
        with unit_of_work() as db:
            cast = create_cast(db)
            values = open_house(db, cast)
            fill(db, cast, values, range(2))
        cases = [(reader, path) for _endpoint, reader, path in LISTS]
        readers = {reader: getattr(cast, reader) if reader else None for reader, _path in cases}
        browsers = {reader: PageClient(app, person) for reader, person in readers.items()}
        few = {}
        for reader, path in cases:
            browsers[reader].get(path.format(**values))  # what is read once a process or a browser
            few[reader, path] = count_statements(browsers[reader], path.format(**values))
        with unit_of_work() as db:
            fill(db, cast, values, range(2, 12))
        return {
            (reader, path): Counted(
                few=few[reader, path],
                many=count_statements(browsers[reader], path.format(**values)),
                scans=full_scans(browsers[reader], path.format(**values)),
            )
            for reader, path in cases
        }


@pytest.mark.parametrize(("endpoint", "reader", "path"), LISTS)
def test_a_page_asks_as_much_for_many_as_for_few(
    counted: dict[tuple[str | None, str], Counted], endpoint: str, reader: str | None, path: str
) -> None:
    found = counted[reader, path]
    assert len(found.many) == len(found.few), "\n\n".join(found.many)
    assert len(found.many) <= MOST, "\n\n".join(found.many)
    assert found.scans == []


def count_statements(browser: PageClient, address: str) -> list[str]:
    with listening() as statements:
        assert browser.get(address).status_code == 200, address
    return statements


def full_scans(browser: PageClient, address: str) -> list[str]:
    """Statements of a page for which SQLite reads a whole table, or indexes it for the statement alone."""
    executed: list[tuple[str, Any]] = []
    with listening(lambda statement, parameters: executed.append((statement, parameters))):
        browser.get(address)
    found = []
    with engine().connect() as connection:
        for statement, parameters in executed:
            if not statement.startswith("SELECT"):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            read = (FULL_READ.match(row.detail) for row in plan)
            tables = sorted({one[1] for one in read if one} & metadata.tables.keys())  # derived ones aside
            if tables:
                found.append(f"{', '.join(tables)}: {statement}")
    return found


@contextmanager
def listening(also: Callable[[str, Any], None] | None = None) -> Iterator[list[str]]:
    """The statements that are executed meanwhile; `also` is called with each and its parameters."""
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        statements.append(statement)
        if also is not None:
            also(statement, parameters)

    event.listen(engine(), "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(engine(), "before_cursor_execute", hear)


def open_house(db: Session, cast: Cast) -> dict[str, str]:
    """The one thing of each kind that stands at the head of a page."""
    tomorrow = clock.now() + timedelta(days=1)
    announced = make_livestream(
        db, cast.circle, cast.anna, title="Morgen", audience="public", starts_at=tomorrow
    )
    live = make_livestream(
        db, cast.circle, cast.anna, title="Nu", state="live", audience="public", starts_at=clock.now()
    )
    replay = make_livestream(db, cast.circle, cast.anna, title="Toen", state="replay", audience="public")
    recording = make_recording(db, replay, chapters=())
    round_ = make_round(db, replay)
    drafted = make_round(db, make_livestream(db, cast.circle, cast.anna, state="replay"), state="draft")
    make_draft(db, drafted)
    own_round = make_round_of_its_own(db, cast.circle)
    others = [cast.bram, cast.chris]
    coffee = make_coffee(
        db, cast.circle, others, state="confirmed", round_id=round_.id, occasion_id=replay.id
    )
    week_ago = clock.now() - timedelta(days=7)
    onsite, phoned = (
        make_coffee(db, cast.circle, others, starts_at=clock.now() + timedelta(days=day), form=form)
        for day, form in ((20, "location"), (21, "phone"))
    )
    met = make_coffee(db, cast.circle, others, state="confirmed", starts_at=week_ago, occasion_id=replay.id)
    return {
        "circle": cast.circle.slug,
        "anna": cast.anna.id,
        "announced": announced.slug,
        "live": live.slug,
        "replay": replay.slug,
        "recording": recording.id,
        "round": round_.id,
        "drafted": drafted.id,
        "own_round": own_round.id,
        "message": make_message(db, cast.circle, cast.anna, livestream=replay).id,
        "company": make_company(db, cast.circle, "Bakkerij Bol", cast.bram, cast.dana).id,
        "coffee": coffee.id,
        "met": met.id,
        "handle": make_booking_page(db, cast.anna).handle or "",
        "onsite": onsite.id,
        "phoned": phoned.id,
    }


def fill(db: Session, cast: Cast, values: dict[str, str], numbers: range) -> None:
    """For each number one more of everything that a page may list."""
    live, announced, replay = (
        db.scalars(select(Livestream).where(Livestream.slug == values[name])).one()
        for name in ("live", "announced", "replay")
    )
    recording = db.get_one(Recording, values["recording"])
    round_ = db.get_one(Round, values["round"])
    coffee = db.get_one(Coffee, values["coffee"])
    for number in numbers:
        member = make_user(db, f"Lid {number}")
        membership = make_member(db, cast.circle, member, role="organiser" if number % 2 else "member")
        membership.company_id = values["company"]
        colleague = make_user(db, f"Zij {number}")
        make_member(db, cast.circle, colleague)
        make_company(db, cast.circle, f"Bedrijf {number}", colleague)
        for side in ("asks", "offers"):
            make_interest(db, membership, side, f"Onderwerp {number}")
        make_request(db, cast.circle, make_user(db, f"Vrager {number}"))
        make_invitation(db, cast.circle, make_user(db, f"Genodigde {number}"), invited_by=cast.anna)
        make_member(db, make_circle(db, owner=member, name=f"Kring {number}"), cast.bram, role="organiser")
        make_sign_in(db, cast.bram)
        make_calendar(db, cast.bram, f"https://kalender.test/{number}.ics")
        make_break(db, cast.circle, (clock.now() + timedelta(days=number)).date())
        make_days_off(db, cast.bram, (clock.now() + timedelta(days=number)).date())
        db.add(
            Block(
                blocker_id=cast.bram.id,
                blocked_id=make_user(db, f"Lastig {number}").id,
                created_at=clock.now(),
            )
        )
        fill_livestreams(db, cast, number)
        first = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2, hours=number)
        make_office_hours(db, replay, cast.dana, 1, first=first)
        make_office_hours(db, replay, member, 1, first=first)
        waits = make_user(db, f"Wacht {number}")
        for livestream in (announced, live, replay):
            db.add(
                AgendaItem(
                    livestream_id=livestream.id, position=number, minute=number, title=f"Deel {number}"
                )
            )
            make_registration(db, livestream, member)
            make_registration(db, livestream, waits, state="waiting").waiting_since = clock.now()
            make_message(db, cast.circle, member, livestream=livestream, sent_to=3)
            make_stay(db, livestream, member, left_at=clock.now())
            make_line(db, livestream, member, f"Bericht {number}", reply_to=1 if number else None)
            make_question(db, livestream, member, f"Vraag {number}", voters=(cast.bram,))
        for state in ("open", "closed"):
            _poll, options = make_poll(db, live, title=f"Peiling {number}", state=state)
            make_poll_vote(db, options[0], cast.bram)
        db.add(Chapter(recording_id=recording.id, second=number * 60, title=f"Deel {number}"))
        make_progress(db, recording, member, 30)
        make_yes(db, round_, member)
        grow_draft(db, values["drafted"], [cast.bram, member])
        make_yes(db, db.get_one(Round, values["own_round"]), member)
        db.add(Exclusion(user_id=cast.bram.id, other_id=member.id, why="customer", created_at=clock.now()))
        make_promise(db, coffee, cast.chris, f"Belofte {number}")
        fill_coffees(db, cast, round_, member, number)


def fill_livestreams(db: Session, cast: Cast, number: int) -> None:
    """One that comes, one that is on, one with a recording and its round."""
    for state, day in (("announced", 2), ("lobby", 0), ("live", 0), ("replay", -2)):
        livestream = make_livestream(
            db,
            cast.circle,
            cast.anna,
            title=f"{state} {number}",
            state=state,
            audience="public",
            starts_at=clock.now() + timedelta(days=day, minutes=number),
        )
        make_registration(db, livestream, cast.bram)
        if state == "replay":
            make_stay(db, livestream, cast.bram, left_at=clock.now())
            make_progress(db, make_recording(db, livestream), cast.bram, 60)
            make_round(db, livestream)


def fill_coffees(db: Session, cast: Cast, round_: Round, member: User, number: int) -> None:
    """Bram with this member, in each state that his pages show; and the member with another, in the round."""
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    for place, state in enumerate(("proposed", "confirmed", "met", "missed", "declined")):
        past = state in {"met", "missed"}
        make_coffee(
            db,
            cast.circle,
            [cast.bram, member],
            state=state,
            starts_at=start + timedelta(days=-30 if past else 20, hours=number + 30 * place),
            reasons=[{"code": "asks_offers", "topic": f"Onderwerp {number}"}],
        )
    waiting = start + timedelta(days=-1, hours=-number)
    make_coffee(db, cast.circle, [cast.bram, member], state="confirmed", starts_at=waiting)
    make_coffee(
        db,
        cast.circle,
        [member, cast.dana],
        starts_at=start + timedelta(days=60, hours=number),
        round_id=round_.id,
        occasion_id=round_.livestream_id,
    )
