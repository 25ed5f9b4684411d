"""Tests of the pages of coffees for partner, outsider, visitor and key holder."""

from datetime import timedelta
from html import unescape

import pytest
from icalendar import Calendar
from sqlalchemy import event
from werkzeug.test import TestResponse

from events.accounts.models import User
from events.circles.queries.circles import find_membership
from events.coffees.models import Coffee
from events.coffees.queries import coffees
from events.coffees.rules import DECLINE_DELAY
from events.core import clock
from events.core.db.session import engine, unit_of_work
from events.core.i18n.formatting import when
from events.core.jobs import queue
from tests.factories.accounts import make_key
from tests.factories.availability import make_claims
from tests.factories.coffees import make_coffee, make_note, make_promise
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
REASONS: list[dict[str, object]] = [
    {"code": "offers", "topic": "inwerken", "topic_en": "onboarding"},
    {"code": "asks", "topic": "offertes", "topic_en": "quotes"},
    {"code": "asked_same_question", "moment": "De eerste honderd dagen"},
    {"code": "from_the_future"},
]


def text_of(answer: TestResponse) -> str:
    """Text of a page with entities decoded."""
    return unescape(answer.text)


def arrange(cast: Cast, state: str = "proposed", **changes: object) -> str:
    with unit_of_work() as db:
        given: dict[str, object] = {"people": [cast.bram, cast.dana], "state": state, "reasons": REASONS}
        return make_coffee(db, cast.circle, **(given | changes)).id  # type: ignore[arg-type]  # the factory's own names


def read(coffee_id: str) -> Coffee:
    with unit_of_work() as db:
        return coffees.get_coffee(db, coffee_id)


def speak_dutch(user: User) -> None:
    with unit_of_work() as db:
        db.get_one(User, user.id).locale = "nl"


def test_the_page_shows_partner_reasons_time_and_format(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, on_my_mind="Ik zie op tegen het loslaten")
    html = text_of(page(cast.bram).get(f"/coffees/{coffee_id}"))
    assert "<h1>Coffee with Dana</h1>" in html
    assert "You're looking for help with <em>onboarding</em>. Dana would gladly help." in html
    assert "Dana is looking for help with <em>quotes</em>. You would gladly help." in html
    assert "You both asked something during ‘De eerste honderd dagen’." in html
    assert "You and Dana are in the same circle" in html
    assert "‘Ik zie op tegen het loslaten’" in html
    assert "Online, in your browser" in html
    assert [words in html for words in ("Yes, please", "Another time", "Not right now")] == [True] * 3
    assert "We don't ask why." in html
    assert "from_the_future" not in html
    assert "dana@" not in html


STATES = [
    ("proposed", {}, "Answer by", "Antwoord vóór"),
    ("proposed", {"answers": {"Bram": "yes"}}, "You said yes. Dana can answer until", "Jij zei ja."),
    ("confirmed", {}, "It's in both your calendars.", "Het staat in jullie agenda's."),
    ("confirmed", {"form": "phone"}, "By phone", "Bellen"),
    ("confirmed", {"form": "location"}, "On location", "Op locatie"),
    (
        "declined",
        {"answers": {"Bram": "no"}},
        "Fine. You won't hear about this",
        "Goed. Je hoort niets meer",
    ),
    (
        "declined",
        {"answers": {"Dana": "no"}},
        "This coffee isn't happening.",
        "Deze koffie gaat niet door.",
    ),
    (
        "declined",
        {"answers": {"Dana": "no"}, "round_id": "r" * 26},
        "you'll hear who you can meet instead.",
        "hoor je met wie wel.",
    ),
    ("expired", {}, "The time to answer has passed", "De tijd om te antwoorden is voorbij"),
    ("cancelled", {}, "This coffee is off.", "Deze koffie is afgezegd."),
    ("met", {}, "You met.", "Jullie spraken elkaar."),
    ("missed", {}, "It didn't happen this time.", "Het is deze keer niet gelukt."),
]


@pytest.mark.parametrize(("state", "changes", "english", "dutch_words"), STATES)
def test_every_state_has_its_sentence_in_both_languages(
    cast: Cast,
    page: OpenPage,
    dutch: None,
    state: str,
    changes: dict[str, object],
    english: str,
    dutch_words: str,
) -> None:
    coffee_id = arrange(cast, state, **changes)
    assert english in text_of(page(cast.bram).get(f"/coffees/{coffee_id}"))
    speak_dutch(cast.bram)
    html = text_of(page(cast.bram).get(f"/coffees/{coffee_id}"))
    assert dutch_words in html
    assert "Koffie met Dana" in html


def test_the_page_shows_its_time_once(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "confirmed")
    day = when(read(coffee_id).starts_at, "day", cast.bram.zone, "en")
    assert page(cast.bram).main(f"/coffees/{coffee_id}").count(day) == 1


def test_outcome_questions_show_from_the_start_on(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    starts_at = clock.now() + timedelta(hours=1)
    coffee_id = arrange(cast, "confirmed", starts_at=starts_at)
    after = ("Tell how it went", "Next time", "How to reach each other", "Shared note", "Promised")
    bram = page(cast.bram)
    set_clock(starts_at - timedelta(minutes=1))
    before = bram.main(f"/coffees/{coffee_id}")
    assert [words for words in after if words in before] == []
    set_clock(starts_at)
    now = bram.main(f"/coffees/{coffee_id}")
    assert [words for words in after if words not in now] == []


def test_two_acceptances_confirm_and_offer_the_device_check(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast)
    bram, dana = page(cast.bram), page(cast.dana)
    assert bram.post(f"/coffees/{coffee_id}/accept", version="1").status_code == 303
    assert bram.post(f"/coffees/{coffee_id}/accept", version="1").status_code == 303
    assert "Bram said" not in text_of(dana.get(f"/coffees/{coffee_id}"))
    assert dana.post(f"/coffees/{coffee_id}/accept", version="1").status_code == 303
    html = text_of(bram.get(f"/coffees/{coffee_id}"))
    assert "It's in both your calendars." in html
    assert "Test camera and microphone" in html
    assert "To the call" not in html


def test_the_call_is_reached_from_a_quarter_of_an_hour_before(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "confirmed", starts_at=clock.now() + timedelta(minutes=14))
    assert "To the call" in text_of(page(cast.bram).get(f"/coffees/{coffee_id}"))


def test_a_decline_from_the_page_is_final_after_ten_minutes(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    set_clock(timedelta())
    coffee_id = arrange(cast)
    bram = page(cast.bram)
    assert bram.post(f"/coffees/{coffee_id}/decline", version="1").status_code == 303
    assert "Nobody hears of it before" in text_of(bram.get(f"/coffees/{coffee_id}"))
    set_clock(DECLINE_DELAY)
    queue.run_due()
    html = text_of(bram.get(f"/coffees/{coffee_id}"))
    assert "Fine. You won't hear about this coffee again." in html
    assert "Yes, please" not in html
    refused = bram.post(f"/coffees/{coffee_id}/accept", version="2")
    assert refused.status_code == 422
    assert "isn't open for an answer any more" in text_of(refused)


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (4, "Here are three others."),
        (2, "Here are 2 others."),
        (1, "Here is another."),
        (0, "the last one you share"),
    ],
)
def test_a_lost_time_is_answered_with_other_times(
    cast: Cast, page: OpenPage, others: int, words: str
) -> None:
    times = [clock.now() + timedelta(days=6 + number) for number in range(others)]
    coffee_id = arrange(cast, answers={"Dana": "yes"}, alternatives=times)
    with unit_of_work() as db:
        make_claims(db, cast.dana, coffees.get_coffee(db, coffee_id).starts_at)
    refused = page(cast.bram).post(f"/coffees/{coffee_id}/accept", version="1")
    assert refused.status_code == 422
    assert "That time has just gone." in text_of(refused)
    assert words in text_of(refused)
    assert read(coffee_id).state == "proposed"


def test_another_time_is_chosen_from_the_common_ones(cast: Cast, page: OpenPage) -> None:
    time = clock.now().replace(microsecond=0) + timedelta(days=7)
    coffee_id = arrange(cast, alternatives=[time])
    bram = page(cast.bram)
    assert f'value="{time.isoformat()}"' in text_of(bram.get(f"/coffees/{coffee_id}"))
    moved = bram.post(f"/coffees/{coffee_id}/move", version="1", time=time.isoformat())
    assert moved.status_code == 303
    assert read(coffee_id).starts_at == time


@pytest.mark.parametrize("verb", ["accept", "decline", "cancel", "move", "note", "promises", "outcome"])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"version": "x"},
        {"version": "0", "time": "\0"},
        {"version": "1", "time": "2026-12-04T10:30"},
        {"version": "99999999999999999999", "time": "9999-12-31T23:59:59Z", "what": "x" * 300},
        {"what": "\0", "due_on": "never", "took_place": "perhaps", "body": "a\0b", "version": "-1"},
        {"surprise": "1"},
    ],
    ids=["nothing", "word", "nul", "no zone", "huge", "all wrong", "unknown"],
)
def test_bad_input_is_refused_in_words_and_changes_nothing(
    cast: Cast, page: OpenPage, verb: str, fields: dict[str, str]
) -> None:
    start = clock.now() - timedelta(minutes=30)
    held = {"starts_at": start} if verb in {"note", "promises", "outcome"} else {}
    coffee_id = arrange(cast, "confirmed" if held or verb == "cancel" else "proposed", **held)
    before = read(coffee_id)
    answer = page(cast.bram).post(f"/coffees/{coffee_id}/{verb}", follow=False, **fields)
    assert answer.status_code == 422
    assert "went wrong on our side" not in text_of(answer)
    after = read(coffee_id)
    assert (after.state, after.version) == (before.state, before.version)
    assert [seat.answer for seat in after.seats] == [seat.answer for seat in before.seats]


def test_outsiders_and_organisers_get_404_and_visitors_are_asked_to_sign_in(
    cast: Cast, page: OpenPage
) -> None:
    coffee_id = arrange(cast, "confirmed")
    for path in ("", "/outcome", "/calendar.ics"):
        for stranger in (cast.olga, cast.anna):
            assert page(stranger).get(f"/coffees/{coffee_id}{path}").status_code == 404
        visitor = page(None).get(f"/coffees/{coffee_id}{path}")
        assert (visitor.status_code, visitor.headers["Location"].split("?")[0]) == (303, "/sign-in")
    for verb in ("accept", "decline", "move", "cancel", "note", "promises", f"promises/{'a' * 26}"):
        answer = page(cast.olga).post(f"/coffees/{coffee_id}/{verb}", version="1")
        assert answer.status_code == 404
        assert page(None).post(f"/coffees/{coffee_id}/{verb}").status_code == 303
    assert read(coffee_id).version == 1
    for wrong in ("x", "a" * 26, "%00" * 26):
        assert page(cast.bram).get(f"/coffees/{wrong}").status_code == 404


def test_a_mail_link_answers_without_sign_in_for_its_coffee_only(cast: Cast, page: OpenPage) -> None:
    coffee_id, other = arrange(cast), arrange(cast)
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "coffee", coffee_id)
    holder = page(None)
    with holder.client.session_transaction() as session:
        session["keys"] = [key.id]
    assert "Coffee with Dana" in text_of(holder.get(f"/coffees/{coffee_id}"))
    assert holder.post(f"/coffees/{coffee_id}/accept", version="1").status_code == 303
    assert coffees.seat_of(read(coffee_id), cast.bram.id).answer == "yes"
    assert holder.get(f"/coffees/{other}").status_code == 303
    assert holder.post(f"/coffees/{other}/accept", version="1").status_code == 404
    assert holder.get("/coffees").status_code == 303


def test_cancelling_removes_both_calendar_entries(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "confirmed")
    bram = page(cast.bram)
    assert "Call off the coffee with Dana?" in text_of(bram.get(f"/coffees/{coffee_id}"))
    assert bram.post(f"/coffees/{coffee_id}/cancel", version="1").status_code == 303
    assert "This coffee is off." in text_of(page(cast.dana).get(f"/coffees/{coffee_id}"))


def test_the_calendar_file_is_published_under_the_uid_of_the_invitation(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "confirmed")
    answer = page(cast.bram).get(f"/coffees/{coffee_id}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    [event] = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert str(event["UID"]) == coffees.seat_of(read(coffee_id), cast.bram.id).calendar_uid
    assert "ATTENDEE" not in event
    assert page(cast.bram).get(f"/coffees/{arrange(cast)}/calendar.ics").status_code == 404


def test_an_outcome_is_reported_once_and_shown_to_its_author_only(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "confirmed", starts_at=clock.now() - timedelta(hours=2))
    bram = page(cast.bram)
    assert "Tell how it went" in text_of(bram.get(f"/coffees/{coffee_id}"))
    assert "Did it take place?" in text_of(bram.get(f"/coffees/{coffee_id}/outcome"))
    told = bram.post(f"/coffees/{coffee_id}/outcome", took_place="yes", worth_it="no", again="yes")
    assert told.status_code == 303
    assert 'value="no" checked' in text_of(bram.get(f"/coffees/{coffee_id}/outcome"))
    dana = page(cast.dana)
    assert "checked" not in text_of(dana.get(f"/coffees/{coffee_id}/outcome"))
    assert "meet again" not in text_of(dana.get(f"/coffees/{coffee_id}"))
    dana.post(f"/coffees/{coffee_id}/outcome", took_place="yes", worth_it="yes", again="yes")
    assert "would like to meet again" in text_of(dana.get(f"/coffees/{coffee_id}"))
    assert "would like to meet again" in text_of(bram.get(f"/coffees/{coffee_id}"))


def test_the_outcome_form_appears_after_the_start(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "confirmed")
    assert page(cast.bram).get(f"/coffees/{coffee_id}/outcome").status_code == 303
    early = page(cast.bram).post(f"/coffees/{coffee_id}/outcome", took_place="yes")
    assert early.status_code == 422
    assert "Tell us afterwards." in text_of(early)


def test_a_note_that_was_changed_meanwhile_keeps_what_was_typed(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "met")
    bram, dana = page(cast.bram), page(cast.dana)
    assert bram.post(f"/coffees/{coffee_id}/note", version="0", body="Van Bram").status_code == 303
    refused = dana.post(f"/coffees/{coffee_id}/note", version="0", body="Van Dana")
    assert refused.status_code == 422
    assert "Van Bram" in text_of(refused)
    assert "Van Dana</textarea>" in text_of(refused)
    assert dana.post(f"/coffees/{coffee_id}/note", version="2", body="Van beiden").status_code == 303
    assert "Van beiden" in text_of(bram.get(f"/coffees/{coffee_id}"))


def test_promises_have_a_date_and_are_completed_by_their_maker(cast: Cast, page: OpenPage) -> None:
    coffee_id = arrange(cast, "met")
    bram = page(cast.bram)
    bram.post(f"/coffees/{coffee_id}/promises", what="Het boek", due_on="2026-12-11")
    html = text_of(bram.get(f"/coffees/{coffee_id}"))
    assert "Het boek" in html
    assert "11 December" in html
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, coffee_id)
        danas = make_promise(db, coffee, cast.dana, "Bellen").id
        make_note(db, coffee, cast.dana, "Hallo")
    assert bram.post(f"/coffees/{coffee_id}/promises/{danas}", done="yes").status_code == 404
    assert page(cast.dana).post(f"/coffees/{coffee_id}/promises/{danas}", done="yes").status_code == 303
    assert "done" in text_of(bram.get(f"/coffees/{coffee_id}"))


def test_the_list_is_in_order_of_urgency(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        occasion = make_livestream(db, cast.circle, cast.anna, title="Personeel vinden", state="ended").id
    arrange(cast, occasion_id=occasion)
    arrange(cast, "confirmed", people=[cast.bram, cast.chris], starts_at=clock.now() + timedelta(days=2))
    arrange(cast, "met", people=[cast.bram, cast.anna], starts_at=clock.now() - timedelta(days=9))
    arrange(cast, "declined", people=[cast.bram, cast.olga], answers={"Bram": "no"})
    html = text_of(page(cast.bram).get("/coffees"))
    assert "One coffee is waiting for your answer." in html
    order = [html.index(f"Coffee with {name}") for name in ("Dana", "Chris", "Anna")]
    assert order == sorted(order)
    assert "Coffee with Olga" not in html
    assert "after ‘Personeel vinden’" in html


def test_an_empty_list_names_the_day_of_the_next_livestream(cast: Cast, page: OpenPage, dutch: None) -> None:
    assert "No coffees yet." in text_of(page(cast.bram).get("/coffees"))
    with unit_of_work() as db:
        make_livestream(db, cast.circle, cast.anna, starts_at=clock.now() + timedelta(days=10))
    speak_dutch(cast.bram)
    html = text_of(page(cast.bram).get("/coffees"))
    assert "Nog geen koffie." in html
    assert "kun je ja zeggen." in html


def test_a_trio_is_addressed_as_three(cast: Cast, page: OpenPage) -> None:
    trio = [cast.bram, cast.chris, cast.dana]
    with_both: list[dict[str, object]] = [
        {"code": "offers", "topic": "btw", "with": cast.chris.id},
        {"code": "new", "with": cast.dana.id},
    ]
    html = text_of(page(cast.bram).get(f"/coffees/{arrange(cast, people=trio, reasons=with_both)}"))
    assert "<h1>Coffee with Chris and Dana</h1>" in html
    assert "Why the three of you" in html
    assert "Chris for you" in html
    assert "You and Dana" in html


def test_the_list_and_the_page_run_a_bounded_number_of_queries(cast: Cast, page: OpenPage) -> None:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    def queries_of(path: str) -> int:
        bram = page(cast.bram)
        asked.clear()
        assert bram.get(path).status_code == 200
        return len(asked)

    event.listen(engine(), "before_cursor_execute", count)
    try:
        coffee_id = arrange(cast, "confirmed", alternatives=[clock.now() + timedelta(days=9)])
        few = queries_of("/coffees")
        for number in range(12):
            arrange(cast, "confirmed", starts_at=clock.now() + timedelta(days=number + 20))
        assert queries_of("/coffees") == few <= 12
        assert queries_of(f"/coffees/{coffee_id}") <= 12
    finally:
        event.remove(engine(), "before_cursor_execute", count)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("shared_topic", "You both have <em>loslaten</em> on your mind."),
        ("asked_question", "You both asked a question during the livestream."),
        ("same_question", "You both wanted to hear the answer to the same question."),
        ("same_poll", "You answered a poll the same way."),
        ("same_work", "You do the same work."),
        ("both_new", "You're both new in the circle."),
        ("both_came", "You were both at the livestream."),
        ("again", "You both wanted to meet again."),
        ("met_before", "You've met before. This time no one new had your times."),
        ("met_earlier", "You've met before, a while ago."),
        ("new", "You haven't met over coffee before."),
        ("never_heard_of", "You and Dana are in the same circle"),
    ],
)
def test_every_reason_of_the_matching_is_a_sentence(
    cast: Cast, page: OpenPage, code: str, words: str
) -> None:
    reason: dict[str, object] = {"code": code, "with": cast.dana.id, "topic": "loslaten"}
    weaker: dict[str, object] = {"code": "both_came", "with": cast.dana.id}
    coffee_id = arrange(cast, reasons=[reason, weaker])
    text = text_of(page(cast.bram).get(f"/coffees/{coffee_id}"))
    assert words in text
    assert ("both at the livestream" in text) == (code == "both_came")


def test_the_card_leads_to_the_page_of_the_other_where_the_reader_may_open_it(
    cast: Cast, page: OpenPage
) -> None:
    """Under the rights of the member list: not with a key, not when unlisted, not for outsiders."""
    coffee_id, link = arrange(cast), f"/circles/{cast.circle.slug}/members/{cast.dana.id}"
    with unit_of_work() as db:
        dana = db.get_one(User, cast.dana.id)
        dana.name, dana.company, dana.headline = "Dana de Vries", "Vries Hout", "Meubelmaker"
        key = make_key(db, cast.bram, "coffee", coffee_id)
    seen = page(cast.bram).get(f"/coffees/{coffee_id}").text
    assert f'href="{link}">Dana de Vries</a>, Meubelmaker · Vries Hout' in seen
    assert page(cast.bram).get(link).status_code == 200
    by_key = page(None)
    with by_key.client.session_transaction() as session:
        session["keys"] = [key.id]
    with unit_of_work() as db:
        outside = make_coffee(db, cast.circle, [cast.olga, cast.dana]).id
    shown = [by_key.get(f"/coffees/{coffee_id}").text, page(cast.olga).get(f"/coffees/{outside}").text]
    with unit_of_work() as db:
        found = find_membership(db, cast.dana.id, cast.circle.id)
        assert found is not None
        found.listed = False
    shown.append(page(cast.bram).get(f"/coffees/{coffee_id}").text)
    for html in shown:
        assert "Meubelmaker" in html
        assert "de Vries" not in html
        assert "Vries Hout" not in html
        assert link not in html
