"""The report: counts for those who lead, nothing for anyone else, and no answer that can be traced."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from markupsafe import escape

from events.coffees.models import LookBack
from events.core import clock
from events.core.db.paging import ROWS_PER_PAGE
from events.core.db.session import unit_of_work
from events.insights.queries.viewers import NAMES_A_PAGE
from events.insights.rules.figures import POINTS
from events.livestreams.models import Livestream
from tests.factories.accounts import make_user
from tests.factories.chat import make_line
from tests.factories.circles import make_circle, make_member
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_agenda, make_livestream
from tests.factories.polls import make_poll, make_poll_vote
from tests.factories.presence import make_stay
from tests.factories.questions import make_question
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage


@pytest.fixture
def evening(cast: Cast) -> Livestream:
    """Bram and Chris came, Dana registered and stayed away; Bram met Chris, Dana declined Chris."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        start = clock.now() - timedelta(hours=2)
        livestream.went_live_at, livestream.ended_at = start, start + timedelta(hours=1)
        for person in (cast.bram, cast.chris, cast.dana):
            make_registration(db, livestream, person)
        for person in (cast.bram, cast.chris):
            make_stay(db, livestream, person, entered_at=start, left_at=start + timedelta(minutes=50))
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met", occasion_id=livestream.id)
        make_coffee(db, cast.circle, [cast.chris, cast.dana], state="declined", occasion_id=livestream.id)
    return livestream


def read(page: PageClient, livestream: Livestream) -> str:
    answer = page.get(f"/livestreams/{livestream.slug}/report")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_organiser_reads_counts_and_attendance(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    text = read(page(cast.anna), evening)
    assert "One conversation." in text
    assert "2 watched live, 1 conversation." in text
    assert "Bram, Chris" in text


def test_a_coffee_that_was_declined_is_nobodys_business(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    text = read(page(cast.anna), evening)
    assert "Dana" not in text


def test_few_answers_are_not_added_up(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    text = read(page(cast.anna), evening)
    assert "from four answers on" in text
    assert "Found it worth it" not in text


def test_a_member_and_an_outsider_find_no_report(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    for person in (cast.bram, cast.olga):
        assert page(person).get(f"/livestreams/{evening.slug}/report").status_code == 404
        assert page(person).get(f"/circles/{cast.circle.slug}/report").status_code == 404
    assert page().get(f"/livestreams/{evening.slug}/report").status_code == 303


@pytest.mark.parametrize(("hours", "word"), [(-3, "over"), (3, "set")])
def test_a_coffee_whose_time_has_passed_is_not_called_set(
    cast: Cast, page: OpenPage, evening: Livestream, hours: int, word: str
) -> None:
    with unit_of_work() as db:
        starts_at = clock.now() + timedelta(hours=hours)
        make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=starts_at,
            occasion_id=evening.id,
        )  # fmt: skip
    (row,) = [row for row in read(page(cast.anna), evening).split("<tr") if "Bram, Dana" in row]
    assert f'<td role="cell">{word}</td>' in " ".join(row.split()).replace("> ", ">").replace(" <", "<")


def test_a_report_without_anything_is_honest(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        quiet = make_livestream(db, cast.circle, cast.anna, state="ended")
    text = read(page(cast.anna), quiet)
    assert "Nobody came." in text
    assert "Nobody has said yes to a coffee yet." in text


def test_names_and_quotes_of_a_report_come_in_pages_of_their_own(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    with unit_of_work() as db:
        for number in range(NAMES_A_PAGE):
            watcher = make_user(db, f"Kijker {number:03}")
            make_stay(db, evening, watcher, entered_at=evening.went_live_at, left_at=evening.ended_at)
        for number in range(ROWS_PER_PAGE + 1):
            one, other = make_user(db, f"Een {number}"), make_user(db, f"Ander {number}")
            coffee = make_coffee(db, cast.circle, [one, other], state="met", occasion_id=evening.id)
            db.add(
                LookBack(
                    coffee_id=coffee.id, user_id=one.id, came="contact", quote=f"Zin {number}.",
                    may_quote=True, answered_at=clock.now() - timedelta(hours=number),
                )
            )  # fmt: skip
    anna, address = page(cast.anna), f"/livestreams/{evening.slug}/report"
    first = anna.main(address)
    assert "Kijker 001" in first
    assert "Kijker 199" not in first
    assert "Kijker 199" in anna.main(f"{address}?people=2")
    assert (f"‘Zin {ROWS_PER_PAGE}.’" in first, "‘Zin 0.’" in first) == (False, True)
    assert f"‘Zin {ROWS_PER_PAGE}.’" in anna.main(f"{address}?quotes=2")
    assert f"{NAMES_A_PAGE + 2} watched live" in first


def test_the_funnel_leaves_host_and_team_out_and_never_passes_its_widest_step(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    with unit_of_work() as db:
        for person in (cast.anna, cast.olga):
            make_stay(db, evening, person, entered_at=evening.went_live_at, left_at=evening.ended_at)
        make_registration(db, evening, cast.anna)
        helper = make_user(db, "Hulp")
        make_member(db, cast.circle, helper, role="organiser")
        make_registration(db, evening, helper)
    funnel = (
        page(cast.anna)
        .main(f"/livestreams/{evening.slug}/report")
        .partition('<ul class="funnel">')[2]
        .partition("</ul>")[0]
    )
    counts = [int(count) for count in re.findall(r'class="num">(\d+)<', funnel)]
    assert counts == [3, 3, 0, 2]
    assert all(int(width) <= 100 for width in re.findall(r'width="(\d+)%"', funnel))


def test_questions_polls_agenda_and_chat_are_in_it(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    start = evening.went_live_at
    assert start is not None
    with unit_of_work() as db:
        opening, asking = make_agenda(db, evening, "Welkom", "Vragenrondje")
        opening.began_at, asking.began_at = start, start + timedelta(minutes=30)
        make_question(db, evening, cast.bram, "Weinig gevraagd?")
        make_question(db, evening, cast.dana, "Veel gevraagd?", voters=(cast.bram, cast.chris), nameless=True)
        make_question(db, evening, cast.chris, "Verborgen?", state="hidden")
        _poll, options = make_poll(db, evening, title="Hoe lang?", labels=("Kort", "Lang"), state="closed")
        make_poll(db, evening, title="Nog niet gesteld", state="draft")
        for voter in (cast.bram, cast.chris, cast.dana):
            make_poll_vote(db, options[voter is cast.dana], voter)
        for minute in (10, 40, 40, 40):
            make_line(db, evening, cast.bram, sent_at=start + timedelta(minutes=minute))
    text = read(page(cast.anna), evening)
    assert text.index("Veel gevraagd?") < text.index("Weinig gevraagd?")
    assert "2 votes," in text
    for absent in ("Verborgen?", "Nog niet gesteld", "Dana"):
        assert absent not in text
    assert ">Hoe lang?<" in text
    assert "(67%)" in text
    assert "during ‘Vragenrondje’" in text


@pytest.mark.parametrize(
    ("state", "elsewhere", "title", "told"),
    [
        ("cancelled", False, "Called off.", "called off, nobody said yes to a coffee."),
        ("missed", False, "It wasn't held.", "not held, nobody said yes to a coffee."),
        ("ended", True, "Held elsewhere.", "held elsewhere, nobody said yes to a coffee."),
        ("announced", False, "Still to come.", "The curve appears once people have watched live."),
        ("paused", False, "Nobody came.", "nobody watched live, nobody said yes to a coffee."),
    ],
)
def test_an_evening_that_was_not_watched_here_says_why(
    cast: Cast, page: OpenPage, state: str, elsewhere: bool, title: str, told: str
) -> None:
    with unit_of_work() as db:
        quiet = make_livestream(db, cast.circle, cast.anna, state=state)
        quiet.held_elsewhere, quiet.published_at = elsewhere, clock.now()
        quiet.went_live_at = clock.now() if state in {"ended", "paused"} else None
        quiet.ended_at = clock.now() + timedelta(hours=1) if state == "ended" else None
    text = read(page(cast.anna), quiet)
    assert title in text
    assert told in text
    assert ("Who came" in text) == (state == "paused")


def test_nobody_reads_the_report_of_another_circle(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    with unit_of_work() as db:
        make_circle(db, owner=cast.olga, name="Andere kring")
    for person in (cast.olga, cast.bram):
        for address in ("report", "report.csv"):
            assert page(person).get(f"/livestreams/{evening.slug}/{address}").status_code == 404
    assert page().get(f"/livestreams/{evening.slug}/report.csv").status_code == 303


def test_the_file_has_the_same_figures_without_a_name_or_a_formula(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    with unit_of_work() as db:
        make_question(db, evening, cast.bram, "=HYPERLINK(1)")
    answer = page(cast.anna).get(f"/livestreams/{evening.slug}/report.csv")
    assert answer.mimetype == "text/csv"
    assert f'filename="{evening.slug}.csv"' in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert ["From registering to talking", "Registered", "3"] in rows
    assert ["From registering to talking", "Came, live", "2"] in rows
    assert ["Coffees", "Took place, as its people told us", "1"] in rows
    assert ["Question, with its votes", "'=HYPERLINK(1)", "0"] in rows
    assert len([row for row in rows if row[0] == "Viewers"]) == POINTS
    (sentence,) = [row[1] for row in rows if row[0] == "In one sentence"]
    assert sentence.endswith(": 2 watched live, 1 conversation.")
    assert f'data-words="{escape(sentence)}"' in read(page(cast.anna), evening)
    assert not re.search("Bram|Chris|Dana", text)
    assert {len(row) for row in rows} == {3}
