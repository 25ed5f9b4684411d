"""Pages, mail and frames of office hours, as people use them."""

import re
from datetime import timedelta

import pytest

from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.livestreams.actions.transitions import end_livestream
from events.livestreams.models import Livestream
from events.office_hours.models import OfficeHour
from tests.factories.accounts import make_block
from tests.factories.livestreams import make_livestream
from tests.factories.office_hours import make_office_hours, make_speaker
from tests.support.cast import Cast
from tests.support.mail_assertions import has_invite, html_of, mails_to, text_of
from tests.support.types import OpenPage, OpenSocket, Outbox, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November, ten in the morning in Amsterdam."""


@pytest.fixture
def evening(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.chris, state="ended")


def hours(evening: Livestream, cast: Cast, count: int = 3) -> list[OfficeHour]:
    with unit_of_work() as db:
        return make_office_hours(db, evening, cast.chris, count)


def test_today_asks_host_speaker_and_team_for_three_days_until_they_offered(
    cast: Cast, page: OpenPage, evening: Livestream, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        make_speaker(db, evening, cast.dana)
    path = f"/livestreams/{evening.slug}/office-hours"
    for who in (cast.chris, cast.anna, cast.dana):
        assert path in page(who).main("/")
    assert path not in page(cast.bram).main("/")
    hours(evening, cast)
    assert path not in page(cast.chris).main("/")
    set_clock(timedelta(days=3))
    assert path not in page(cast.anna).main("/")


def test_the_host_offers_three_places_with_one_press(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    path = f"/livestreams/{evening.slug}/office-hours"
    host = page(cast.chris)
    shown = host.main(path)
    ticked = re.findall(r'name="times" value="([^"]+)" checked', shown)
    assert len(ticked) == 3
    said = host.post(path, times=ticked, minutes="15", days="7", follow=True).text
    assert "You offer 3 places." in said
    assert said.count("Free, open through Monday 30 November") == 3
    assert "Talk on with Chris" in page(cast.bram).main(f"/livestreams/{evening.slug}")
    assert page(cast.bram).get(path).status_code == 404


@pytest.mark.parametrize("state", ["ended", "replay"])
def test_a_member_takes_a_place_on_the_page_and_both_get_it_in_their_calendar(
    cast: Cast, page: OpenPage, evening: Livestream, outbox: Outbox, state: str
) -> None:
    with unit_of_work() as db:
        db.get_one(Livestream, evening.id).state = state
    first, *_rest = hours(evening, cast)
    path = f"/livestreams/{evening.slug}"
    bram = page(cast.bram)
    assert "3 places" in bram.main(path)
    answer = bram.post(f"{path}/office-hours/{first.id}/take", follow=True)
    assert "Both of you get it in your calendar." in answer.text
    assert "To talk on after" in answer.text
    assert "You talk on with Chris" in bram.main(path)
    assert "2 places" in page(cast.dana).main(path)
    sent = outbox()
    for who in (cast.bram, cast.chris):
        assert [has_invite(mail) for mail in mails_to(sent, who)] == [True]
    late = page(cast.dana).post(f"{path}/office-hours/{first.id}/take", follow=True)
    assert "This place is no longer free." in late.text


def test_the_page_of_a_blocked_member_is_that_of_an_evening_without_offers(
    cast: Cast, page: OpenPage, evening: Livestream, open_socket: OpenSocket
) -> None:
    path = f"/livestreams/{evening.slug}"
    bram = page(cast.bram)
    before = bram.main(path)
    first, second = hours(evening, cast, 2)
    with unit_of_work() as db:
        make_block(db, cast.chris, cast.bram)
    assert bram.main(path) == before
    wires = {who.id: open_socket(who) for who in (cast.bram, cast.dana, cast.olga)}
    said = [wire.send("office_hours.follow", livestream=evening.slug) for wire in wires.values()]
    assert said[0]["open"] == {}
    assert said[1]["open"] == {cast.chris.id: [first.id, second.id]}
    page(cast.anna).post(f"{path}/office-hours/{first.id}/take")
    assert wires[cast.dana.id].received("office_hours.changed") == [
        {"of": cast.chris.id, "open": [second.id]}
    ]
    assert wires[cast.bram.id].received() == []
    assert wires[cast.olga.id].received() == []
    gone = bram.post(f"{path}/office-hours/{second.id}/take", follow=True)
    assert "This place is no longer free." in gone.text


def test_a_withdrawn_place_leaves_open_pages(
    cast: Cast, page: OpenPage, evening: Livestream, open_socket: OpenSocket
) -> None:
    first, second = hours(evening, cast, 2)
    wire = open_socket(cast.dana)
    wire.send("office_hours.follow", livestream=evening.slug)
    path = f"/livestreams/{evening.slug}/office-hours"
    said = page(cast.chris).post(f"{path}/{first.id}/withdraw", follow=True)
    assert "Withdrawn." in said.text
    assert wire.received("office_hours.changed") == [{"of": cast.chris.id, "open": [second.id]}]


def test_the_speaker_is_named_at_the_desk_and_stands_on_the_page(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    path = f"/livestreams/{evening.slug}"
    anna = page(cast.anna)
    assert f"{path}/speaker" in anna.main(f"{path}/desk")
    assert anna.post(f"{path}/speaker", speaker="Olga").status_code == 422
    anna.post(f"{path}/speaker", speaker="Dana")
    assert "Speaker: Dana" in page(cast.bram).main(path)
    assert page(cast.bram).get(f"{path}/speaker").status_code == 404
    anna.post(f"{path}/speaker", speaker="")
    assert "Speaker: Dana" not in page(cast.bram).main(path)


def test_the_mail_after_the_end_asks_host_speaker_and_team_for_places(
    cast: Cast, outbox: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.chris, state="live", starts_at=clock.now())
        make_speaker(db, livestream, cast.dana)
        end_livestream(db, SYSTEM, livestream)
        make_office_hours(db, livestream, cast.anna, 1)
    set_clock(timedelta(days=1))
    sent = outbox()
    path = f"/livestreams/{livestream.slug}/office-hours"
    for who, asked in ((cast.chris, True), (cast.dana, True), (cast.anna, False), (cast.bram, False)):
        (mail,) = [mail for mail in mails_to(sent, who) if "Yes, coffee" in text_of(mail)]
        assert (path in text_of(mail)) == (path in html_of(mail)) == asked, who.name
