"""Tests of the pages of a round, for each kind of visitor."""

import re

import pytest
from sqlalchemy import event, select

from events.accounts.models import User
from events.availability.models import Claim
from events.core import clock
from events.core.db.session import engine, unit_of_work
from events.core.jobs import queue
from events.livestreams.models import Livestream
from events.registrations.models import Registration
from events.rounds.models import OptIn, Round
from events.rounds.rules import timeline
from tests.factories.accounts import make_key
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> tuple[Livestream, Round]:
    """Public livestream that has just ended, with its round."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended", audience="public")
        return livestream, make_round(db, livestream)


def sheet(livestream: Livestream) -> str:
    return f"/livestreams/{livestream.slug}/coffee"


def ticked(html: str) -> list[str]:
    return re.findall(r'name="times" value="([^"]+)" checked', html)


def find_yes(user: User) -> OptIn | None:
    with unit_of_work() as db:
        return db.scalar(select(OptIn).where(OptIn.user_id == user.id))


def test_a_member_opts_in_on_one_page(cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]) -> None:
    livestream, round_ = evening
    bram = page(cast.bram)
    html = bram.get(sheet(livestream)).text
    assert html.count('name="times"') == 8
    assert ticked(html) == []
    answer = bram.post(
        sheet(livestream),
        times=round_.times[:2],
        forms=["online", "phone"],
        on_my_mind="Monteur",
        trio="1",
    )
    assert (answer.status_code, answer.location) == (303, f"/livestreams/{livestream.slug}")
    yes = find_yes(cast.bram)
    assert yes is not None
    assert (yes.times, yes.forms, yes.on_my_mind, yes.trio) == (
        round_.times[:2], ["online", "phone"], "Monteur", True,
    )  # fmt: skip
    html = bram.get(sheet(livestream)).text
    assert ticked(html) == round_.times[:2]
    assert "Monteur" in html


def test_opening_the_opt_in_page_changes_nothing(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    page(cast.bram).get(sheet(evening[0]))
    assert find_yes(cast.bram) is None


@pytest.mark.parametrize("who", ["bram", "olga"])
def test_a_mail_link_opts_in_without_sign_in(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round], who: str
) -> None:
    """For a member and for a guest, without signing in."""
    livestream, round_ = evening
    user: User = getattr(cast, who)
    with unit_of_work() as db:
        key = make_key(db, user, "livestream", livestream.id)
    browser = page(None)
    browser.open_key(key)
    assert browser.get(sheet(livestream)).status_code == 200
    assert browser.post(sheet(livestream), times=round_.times[0], forms="online").status_code == 303
    assert find_yes(user) is not None


def test_a_registered_guest_can_opt_in(cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        moment = clock.now()
        place = Registration(livestream_id=livestream.id, user_id=cast.olga.id, guest=True)
        place.created_at = place.changed_at = moment
        db.add(place)
    assert page(cast.olga).post(sheet(livestream), times=round_.times[0], forms="online").status_code == 303
    assert find_yes(cast.olga) is not None


def test_an_outsider_cannot_opt_in(cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]) -> None:
    livestream, round_ = evening
    olga = page(cast.olga)
    assert olga.get(sheet(livestream)).status_code == 404
    assert olga.post(sheet(livestream), times=round_.times[0], forms="online").status_code == 404
    assert find_yes(cast.olga) is None


def test_a_visitor_is_asked_to_sign_in(page: OpenPage, evening: tuple[Livestream, Round]) -> None:
    answer = page(None).get(sheet(evening[0]))
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_a_refused_form_comes_back_with_everything_typed(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    answer = page(cast.bram).post(sheet(evening[0]), forms=["phone"], on_my_mind="Mijn monteur")
    assert answer.status_code == 422
    assert "Pick at least one time that is really free." in answer.text
    assert "Mijn monteur" in answer.text
    assert re.search(r'value="phone" checked', answer.text)
    assert find_yes(cast.bram) is None


def test_a_topic_that_is_too_long_is_refused_at_its_field(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    livestream, round_ = evening
    answer = page(cast.bram).post(
        sheet(livestream), times=round_.times[:2], forms="online", on_my_mind="x" * 241
    )
    assert answer.status_code == 422
    assert "error-on_my_mind" in answer.text
    assert ticked(answer.text) == round_.times[:2]


def test_malformed_times_are_refused(cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]) -> None:
    for times in ("tomorrow", "2026-11-24T09:00:00", "2026-11-24T09:00:00Z"):
        answer = page(cast.bram).post(sheet(evening[0]), times=times, forms="online")
        assert answer.status_code == 422
        assert "error-times" in answer.text


def test_a_busy_time_is_shown_and_cannot_be_ticked(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        db.add(Claim(user_id=cast.bram.id, quarter=timeline.parse_time(round_.times[0]), holder_id="x" * 26))
        make_yes(db, round_, cast.bram, times=round_.times[:2])
    html = page(cast.bram).get(sheet(livestream)).text
    assert re.search(rf'value="{re.escape(round_.times[0])}" disabled', html)
    assert html.count(" disabled") == 1
    assert ticked(html) == round_.times[1:2]
    assert " disabled" not in page(cast.chris).get(sheet(livestream)).text


def test_the_last_choice_is_ticked_already(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round], set_clock: SetClock
) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        earlier = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))
        make_yes(db, earlier, cast.bram, times=earlier.times[1:2], forms=["location"], trio=False)
    html = page(cast.bram).get(sheet(livestream)).text
    assert round_.times[1] in ticked(html)
    assert len(ticked(html)) < 8
    assert re.search(r'value="location" checked', html)
    assert not re.search(r'name="trio" value="1" checked', html)
    assert "What you chose the last time is ticked already." in html


def test_a_closed_round_shows_it_and_refuses_opt_ins(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round], set_clock: SetClock
) -> None:
    livestream, round_ = evening
    set_clock(round_.closes_at)
    bram = page(cast.bram)
    html = bram.get(sheet(livestream)).text
    assert "The round has closed." in html
    assert 'name="times"' not in html
    assert bram.post(sheet(livestream), times=round_.times[0], forms="online").status_code == 303
    assert find_yes(cast.bram) is None


def test_an_opt_in_is_withdrawn_from_the_page(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram)
    bram = page(cast.bram)
    for _ in range(2):
        assert bram.post(f"{sheet(livestream)}/withdraw").status_code == 303
    yes = find_yes(cast.bram)
    assert yes is not None
    assert yes.state == "withdrawn"
    assert page(cast.olga).post(f"{sheet(livestream)}/withdraw").status_code == 404


def test_an_organiser_sees_numbers_and_no_names(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    _, round_ = evening
    with unit_of_work() as db:
        for user in (cast.bram, cast.chris, cast.dana):
            make_yes(db, round_, user, on_my_mind="Iets van mij")
    html = page(cast.anna).get(f"/rounds/{round_.id}").text
    assert re.search(r"Said yes</th><td[^>]*>3<", html)
    for word in ("Bram", "Chris", "Dana", "Iets van mij"):
        assert word not in html


@pytest.mark.parametrize("who", ["bram", "olga"])
def test_only_organisers_see_and_close_a_round(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round], who: str
) -> None:
    _, round_ = evening
    browser = page(getattr(cast, who))
    assert browser.get(f"/rounds/{round_.id}").status_code == 404
    assert browser.post(f"/rounds/{round_.id}/close").status_code == 404
    assert page(None).get(f"/rounds/{round_.id}").location.startswith("/sign-in")
    with unit_of_work() as db:
        assert db.get_one(Round, round_.id).state == "open"


def test_an_unknown_round_is_a_404(cast: Cast, page: OpenPage) -> None:
    assert page(cast.anna).get("/rounds/nothing").status_code == 404


def test_closing_now_proposes_at_once(cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        for user in (cast.bram, cast.chris, cast.dana):
            make_yes(db, round_, user)
    anna = page(cast.anna)
    for _ in range(2):
        assert anna.post(f"/rounds/{round_.id}/close").status_code == 303
    assert page(cast.olga).get(sheet(livestream)).status_code == 404
    queue.run_due()
    html = anna.get(f"/rounds/{round_.id}").text
    assert re.search(r"Coffees proposed</th><td[^>]*>1<", html)
    bram = page(cast.bram).get(sheet(livestream)).text
    assert 'data-status="coffee"' in bram
    assert "/coffees/" in bram


def test_the_pages_are_translated_to_dutch(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        for user in (cast.anna, cast.bram):
            db.merge(user).locale = "nl"
        make_yes(db, round_, cast.bram)
    html = page(cast.bram).get(sheet(livestream)).text
    for words in ("Wanneer kun je echt?", "Kies de tijden die vrij zijn", "Wat houdt je nu bezig?"):
        assert words in html
    html = page(cast.anna).get(f"/rounds/{round_.id}").text
    assert "De ronde nu sluiten?" in html
    assert "1 persoon zei ja." in html


def test_the_opt_in_page_takes_few_queries(
    cast: Cast, page: OpenPage, evening: tuple[Livestream, Round]
) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram)
    for user, path in ((cast.bram, sheet(livestream)), (cast.anna, f"/rounds/{round_.id}")):
        browser = page(user)
        asked: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)  # noqa: B023 - called only while this turn lasts

        event.listen(engine(), "before_cursor_execute", count)
        try:
            assert browser.get(path).status_code == 200
        finally:
            event.remove(engine(), "before_cursor_execute", count)
        assert len([one for one in asked if one.startswith("SELECT")]) <= 12, asked
