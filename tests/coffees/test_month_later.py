"""Tests of the follow-up question of a month later: asked once, private except for consented quotes."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from events.accounts.models import User
from events.coffees import forms
from events.coffees.actions import month_later, outcomes
from events.coffees.models import LookBack
from events.coffees.queries import coffees
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.insights.rules.figures import came_of
from events.livestreams.models import Livestream
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, path_in
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state="replay")


@pytest.fixture
def spoken(cast: Cast, evening: Livestream, set_clock: SetClock) -> str:
    """Bram and Dana had coffee this morning; Bram reported it twice, Dana once."""
    with unit_of_work() as db:
        coffee_id = make_coffee(
            db,
            cast.circle,
            [cast.bram, cast.dana],
            state="confirmed",
            starts_at=START,
            occasion_id=evening.id,
        ).id
    for who in (cast.bram, cast.bram, cast.dana):
        with unit_of_work() as db:
            given = forms.Outcome(took_place="yes", worth_it=None, again=None)
            outcomes.record_outcome(db, person(who), coffees.get_coffee(db, coffee_id), given)
    return coffee_id


def look(who: User, coffee_id: str, came: str = "contact") -> None:
    with unit_of_work() as db:
        data = forms.CameOf.model_validate({"came": came})
        month_later.record_month_later(db, person(who), coffees.get_coffee(db, coffee_id), data)


def asked(sent: list[EmailMessage]) -> list[str]:
    return addresses([mail for mail in sent if "What came of" in mail["Subject"]])


def test_each_is_asked_once_and_answers_in_one_tap_from_the_mail(
    cast: Cast, spoken: str, set_clock: SetClock, outbox: Outbox, page: OpenPage
) -> None:
    set_clock(START + MONTH - timedelta(minutes=1))
    assert asked(outbox()) == []
    set_clock(START + MONTH)
    sent = [mail for mail in outbox() if "What came of" in mail["Subject"]]
    assert asked(sent) == sorted([cast.bram.email, cast.dana.email])
    mine = next(mail for mail in sent if mail["To"].addresses[0].addr_spec == cast.bram.email)
    visitor = page(None)
    assert visitor.get(path_in(mine, "/k/")).location.endswith(f"/coffees/{spoken}/later")
    with unit_of_work() as db:
        assert db.query(LookBack).count() == 0
    assert visitor.post(f"/coffees/{spoken}/later", came="insight").status_code == 303
    with unit_of_work() as db:
        assert db.get_one(LookBack, (spoken, cast.bram.id)).came == "insight"
    set_clock(timedelta(days=40))
    assert len(asked(outbox())) == 2


def test_earlier_answers_and_no_shows_get_no_month_later_question(
    cast: Cast, spoken: str, set_clock: SetClock, outbox: Outbox
) -> None:
    outbox()
    set_clock(START + MONTH)
    look(cast.bram, spoken)
    with unit_of_work() as db:
        coffee = coffees.get_coffee(db, spoken)
        given = forms.Outcome(took_place="no", worth_it=None, again=None)
        outcomes.record_outcome(db, person(cast.dana), coffee, given)
    assert asked(outbox()) == []


def test_a_talk_of_an_aftertalk_is_not_asked_about(
    cast: Cast, spoken: str, set_clock: SetClock, outbox: Outbox, page: OpenPage
) -> None:
    """A coffee that followed from the talk is asked about."""
    with unit_of_work() as db:
        talk = make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met", starts_at=START)
        talk.kind = "talk"
        talk_id = talk.id
    for who in (cast.bram, cast.chris):
        with unit_of_work() as db:
            given = forms.Outcome(took_place="yes", worth_it="yes", again="yes")
            outcomes.record_outcome(db, person(who), coffees.get_coffee(db, talk_id), given)
    set_clock(START + MONTH)
    assert asked(outbox()) == sorted([cast.bram.email, cast.dana.email])
    with pytest.raises(Conflict, match="coffee_closed"):
        look(cast.bram, talk_id)
    assert page(cast.bram).get(f"/coffees/{talk_id}/later").location.endswith(f"/coffees/{talk_id}")


def test_the_month_later_question_comes_one_calendar_month_later(
    cast: Cast, spoken: str, page: OpenPage
) -> None:
    with pytest.raises(Conflict, match="too_early_to_look_back"):
        look(cast.bram, spoken)
    assert page(cast.bram).get(f"/coffees/{spoken}/later").location.endswith(f"/coffees/{spoken}")


def test_a_month_later_answer_is_hidden_from_partner_and_team(
    cast: Cast, evening: Livestream, spoken: str, set_clock: SetClock, page: OpenPage
) -> None:
    set_clock(START + MONTH)
    dana, anna = page(cast.dana), page(cast.anna)
    report = f"/livestreams/{evening.slug}/report"
    before = [dana.main(f"/coffees/{spoken}"), anna.main(report)]
    bram = page(cast.bram)
    bram.post(f"/coffees/{spoken}/later", came="collaboration")
    bram.post(f"/coffees/{spoken}/quote", quote="Alleen voor mij")
    assert [dana.main(f"/coffees/{spoken}"), anna.main(report)] == before
    for stranger in (cast.olga, cast.anna, cast.chris):
        assert page(stranger).get(f"/coffees/{spoken}/later").status_code == 404
        with pytest.raises(Forbidden):
            look(stranger, spoken)


def test_a_quote_is_shown_while_its_author_consents(
    cast: Cast, evening: Livestream, spoken: str, set_clock: SetClock, page: OpenPage
) -> None:
    set_clock(START + MONTH)
    bram, anna = page(cast.bram), page(cast.anna)
    report = f"/livestreams/{evening.slug}/report"
    bram.post(f"/coffees/{spoken}/later", came="insight")
    bram.post(f"/coffees/{spoken}/quote", quote="Ik weet nu wat ik vraag", may_quote="1")
    read = anna.main(report)
    assert "‘Ik weet nu wat ik vraag’" in read
    assert "had a new insight" not in read
    bram.post(f"/coffees/{spoken}/quote", quote="Ik weet nu wat ik vraag")
    assert "Ik weet nu" not in anna.main(report)


def test_totals_are_shown_from_four_answers() -> None:
    order = ("insight", "contact", "collaboration", "pleasant", "nothing")
    assert came_of({"insight": 1, "contact": 2}, order) == []
    four = {"nothing": 1, "contact": 2, "insight": 1}
    assert came_of(four, order) == [("insight", 1), ("contact", 2), ("nothing", 1)]
