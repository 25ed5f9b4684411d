"""An evening held elsewhere is entered afterwards: who came, its round, and its recording."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from events.core.db.session import unit_of_work
from events.core.jobs.queue import run_due
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.presence.models import Stay
from events.recordings.queries.recording_page import recording_of
from events.rounds.models import Round
from events.stage.rules import NamedMember, match_names, split_names
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 12, 4, 9, tzinfo=UTC)  # the morning after
FORM = {"title": "Borrel op de werf", "day": "2026-12-03", "hour": "20:00", "minutes": "90"}
CALLED = [
    NamedMember("1", "Bram de Vries", "Bram de Vries (Bakkerij)", "bram@example.test"),
    NamedMember("2", "Dana", "Dana", ""),
    NamedMember("3", "Chris Smit", "Chris Smit", ""),
    NamedMember("4", "Chris Bakker", "Chris Bakker", ""),
]


@pytest.fixture(autouse=True)
def morning(set_clock: SetClock) -> None:
    set_clock(NOW)


def missed(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        start = NOW - timedelta(hours=14)
        made = make_livestream(db, cast.circle, cast.bram, state="missed", starts_at=start)
        for one in (cast.chris, cast.dana):
            make_registration(db, made, one)
        return made


def entered() -> Livestream:
    with unit_of_work() as db:
        found = db.scalars(select(Livestream).where(Livestream.held_elsewhere)).one()
        return get_livestream(db, found.id)


def came(livestream: Livestream) -> set[str]:
    with unit_of_work() as db:
        return set(db.scalars(select(Stay.user_id).where(Stay.livestream_id == livestream.id)))


def rounds() -> list[Round]:
    with unit_of_work() as db:
        return list(db.scalars(select(Round)))


def test_an_evening_that_was_never_announced_gets_its_round(cast: Cast, page: OpenPage) -> None:
    anna = page(cast.anna)
    path = f"/circles/{cast.circle.slug}/held"
    assert anna.post(path, **FORM, names="Bram\n2. Dana, chris@example.test").status_code == 303
    found = entered()
    assert (found.state, found.title, found.starts_at) == (
        "ended",
        "Borrel op de werf",
        datetime(2026, 12, 3, 19, tzinfo=UTC),
    )
    assert found.ended_at == found.starts_at + timedelta(minutes=90)
    assert came(found) == {cast.bram.id, cast.dana.id, cast.chris.id}
    (round_,) = rounds()
    assert (round_.livestream_id, round_.state, round_.occasion) == (found.id, "open", "after_livestream")
    assert "Yes, coffee" in page(cast.bram).main(f"/livestreams/{found.slug}")
    assert "held elsewhere" in page(cast.bram).main(f"/livestreams/{found.slug}")


def test_entered_twice_it_is_one(cast: Cast, page: OpenPage) -> None:
    anna = page(cast.anna)
    for names in ("Bram", "Bram, Dana"):
        anna.post(f"/circles/{cast.circle.slug}/held", **FORM, names=names)
    assert came(entered()) == {cast.bram.id, cast.dana.id}
    assert len(rounds()) == 1


@pytest.mark.parametrize(("choice", "names", "who"), [("registered", "", "cd"), ("named", "Bram", "b")])
def test_one_that_was_missed_is_held_elsewhere_after_all(
    cast: Cast, page: OpenPage, choice: str, names: str, who: str
) -> None:
    made = missed(cast)
    form = FORM | {"title": made.title, "came": choice, "names": names}
    assert page(cast.bram).post(f"/livestreams/{made.slug}/held", **form).status_code == 303
    people = {"b": cast.bram, "c": cast.chris, "d": cast.dana}
    assert came(entered()) == {people[letter].id for letter in who}
    assert (entered().id, entered().state, len(rounds())) == (made.id, "ended", 1)
    page(cast.bram).post(f"/livestreams/{made.slug}/held", **form)  # in another tab
    assert len(rounds()) == 1
    assert "take it back" not in page(cast.bram).main(f"/livestreams/{made.slug}/desk").lower()


def test_with_a_link_it_has_its_recording_at_once(cast: Cast, page: OpenPage) -> None:
    page(cast.anna).post(f"/circles/{cast.circle.slug}/held", **FORM, link="https://vimeo.com/7697")
    with unit_of_work() as db:
        recording = recording_of(db, entered().id)
    assert recording is not None
    assert (recording.state, recording.source_ref, entered().state) == ("ready", "7697", "replay")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"names": "Bram, Piet"}, "is called: Piet"),
        ({"names": "Olga"}, "is called: Olga"),
        ({"day": "2026-12-04", "hour": "09:30"}, "over at this time"),
        ({"day": "2026-09-01"}, "too long ago"),
        ({"link": "https://example.org/"}, "no video in this"),
    ],
)
def test_what_is_refused_changes_nothing_and_comes_back_as_typed(
    cast: Cast, page: OpenPage, more: dict[str, str], said: str
) -> None:
    answer = page(cast.anna).post(f"/circles/{cast.circle.slug}/held", **(FORM | more))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Borrel op de werf" in answer.text
    with unit_of_work() as db:
        assert db.scalar(select(func.count(Livestream.id))) == 0
    assert rounds() == []


def test_only_the_team_enters_one_and_only_host_and_team_a_missed_one(cast: Cast, page: OpenPage) -> None:
    made = missed(cast)
    for person in (cast.chris, cast.olga, None):
        for path in (f"/circles/{cast.circle.slug}/held", f"/livestreams/{made.slug}/held"):
            assert page(person).get(path).status_code in {302, 303, 403, 404}
            page(person).post(path, **FORM)
    assert page(cast.bram).get(f"/circles/{cast.circle.slug}/held").status_code == 404
    assert page(cast.bram).get(f"/livestreams/{made.slug}/held").status_code == 200
    assert rounds() == []


def test_no_aftertalk_is_offered_and_nothing_is_announced(cast: Cast, page: OpenPage, outbox: Outbox) -> None:
    page(cast.anna).post(f"/circles/{cast.circle.slug}/held", **FORM, names="Bram")
    run_due()
    assert "Talk on for a while?" not in page(cast.bram).main(f"/livestreams/{entered().slug}")
    assert [mail["Subject"] for mail in outbox() if "host" in mail["Subject"]] == []


@pytest.mark.parametrize(
    ("typed", "found", "unclear"),
    [
        ("bram de vries", {"1"}, []),
        ("Bram", {"1"}, []),
        ("BRAM@EXAMPLE.TEST; Dana", {"1", "2"}, []),
        ("Bram de Vries (Bakkerij)", {"1"}, []),
        ("Chris", set(), ["Chris"]),
        ("Chris Smit\nChris Bakker\nChris Smit", {"3", "4"}, []),
        ("Vries, \n , Olga", set(), ["Vries", "Olga"]),
    ],
)
def test_names_mean_one_member_or_come_back(typed: str, found: set[str], unclear: list[str]) -> None:
    assert match_names(split_names(typed), CALLED) == (found, unclear)


def test_a_pasted_list_loses_its_marks_and_doubles() -> None:
    assert split_names("1. Bram\n - Dana;Dana\n\n2) Chris  Smit,") == ["Bram", "Dana", "Chris Smit"]
