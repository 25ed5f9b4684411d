"""Planning and transitions: rights, effects and idempotency."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.core import bus
from events.core.auth.actor import SYSTEM, VISITOR, Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from events.core.jobs.queue import Job, run_due
from events.livestreams.actions import planning, transitions
from events.livestreams.forms import BeginItem, CancelLivestream, LivestreamForm, PauseLivestream
from events.livestreams.models import AgendaItem, Livestream, LivestreamSlug
from events.livestreams.queries.livestreams import get_livestream, list_agenda
from events.livestreams.rules.agenda import agenda_text
from events.livestreams.signals import (
    LivestreamCancelled,
    LivestreamEnded,
    LivestreamMoved,
    LivestreamPublished,
    LivestreamStateChanged,
)
from tests.factories.livestreams import make_agenda, make_livestream
from tests.support.cast import Cast, acting_as
from tests.support.types import SetClock

START = datetime(2026, 12, 3, 19, tzinfo=UTC)  # 20:00 in Amsterdam (UTC+1)
ALL = (
    LivestreamPublished,
    LivestreamMoved,
    LivestreamCancelled,
    LivestreamStateChanged,
    LivestreamEnded,
)
pytestmark = pytest.mark.postgres
_heard: list[object] = []
bus.after_commit(*ALL)(_heard.append)


@pytest.fixture(autouse=True)
def heard(set_clock: SetClock) -> list[object]:
    """Signals announced and committed in this test."""
    _heard.clear()
    return _heard


def typed(**more: Any) -> LivestreamForm:
    fields = {
        "title": "Offertes",
        "day": date(2026, 12, 3),
        "hour": time(20),
        "source": "https://vimeo.com/7697",
    }
    return LivestreamForm(**(fields | more))


def plan(cast: Cast, *, state: str = "announced", **more: Any) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state=state, **({"starts_at": START} | more))


def names(heard: list[object]) -> list[str]:
    return [type(signal).__name__ for signal in heard]


def test_four_fields_and_a_preset_make_a_whole_draft(cast: Cast) -> None:
    with unit_of_work() as db:
        made = planning.create_livestream(db, acting_as(cast.anna), cast.circle, typed(preset="interview"))
        agenda = list_agenda(db, made.id)
    assert (made.state, made.host_id, made.audience) == ("draft", cast.anna.id, "members")
    assert (made.starts_at, made.ends_at) == (START, START + timedelta(minutes=45))
    assert (made.provider, made.source_ref) == ("vimeo", "7697")
    assert made.lead
    assert made.guests_allowed
    assert [item.minute for item in agenda] == [0, 3, 30, 42]


def test_typed_values_override_the_preset(cast: Cast) -> None:
    data = typed(
        minutes=20,
        lead="Kort",
        guests="no",
        capacity=5,
        agenda="0 Hallo",
        host="bram",
        audience="public",
    )
    with unit_of_work() as db:
        made = planning.create_livestream(db, acting_as(cast.anna), cast.circle, data)
        agenda = list_agenda(db, made.id)
    assert (made.lead, made.guests_allowed, made.capacity) == ("Kort", False, 5)
    assert (made.host_id, made.audience, made.ends_at) == (
        cast.bram.id,
        "public",
        START + timedelta(minutes=20),
    )
    assert [(item.minute, item.title) for item in agenda] == [(0, "Hallo")]


@pytest.mark.parametrize("who", ["bram", "olga", "visitor", "key"])
def test_only_organisers_plan(cast: Cast, who: str) -> None:
    actors = {
        "bram": acting_as(cast.bram),
        "olga": acting_as(cast.olga),
        "visitor": VISITOR,
        "key": Actor(kind="key", person_id=cast.anna.id, keys=frozenset({("livestream", "x")})),
    }
    with unit_of_work() as db, pytest.raises(Forbidden):
        planning.create_livestream(db, actors[who], cast.circle, typed())


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"source": "https://example.org/"}, "source", "bad_source"),
        ({"day": date(2026, 11, 20)}, "day", "start_passed"),
        ({"day": date(2027, 3, 28), "hour": time(2, 30)}, "hour", "no_such_time"),
        ({"agenda": "12:75 Nooit"}, "agenda", "bad_agenda"),
    ],
)
def test_invalid_input_is_refused_at_its_field(
    cast: Cast, more: dict[str, Any], field: str, code: str
) -> None:
    with unit_of_work() as db, pytest.raises(Invalid) as refused:
        planning.create_livestream(db, acting_as(cast.anna), cast.circle, typed(**more))
    assert refused.value.fields == [(field, code)]


def test_an_outsider_cannot_host(cast: Cast) -> None:
    for host in ("Olga", "olga@example.test", cast.olga.id, "%"):
        with unit_of_work() as db, pytest.raises(Invalid) as refused:
            planning.create_livestream(
                db, acting_as(cast.anna), cast.circle, typed(host=host, host_id=cast.olga.id)
            )
        assert refused.value.fields == [("host", "no_such_person")]


def test_a_host_is_typed_by_name_with_company_or_by_address(cast: Cast) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.bram.id).company = "Bakkerij (Noord)"
    for host in ("BRAM", "Bram (Bakkerij (Noord))", "noord bram", "Bram@Example.test"):
        with unit_of_work() as db:
            made = planning.create_livestream(db, acting_as(cast.anna), cast.circle, typed(host=host))
        assert made.host_id == cast.bram.id, host


def test_of_several_members_of_a_name_the_chosen_one_hosts(cast: Cast) -> None:
    with unit_of_work() as db:
        for user_id in (cast.bram.id, cast.chris.id):
            db.get_one(User, user_id).name = "Robin"
    with unit_of_work() as db, pytest.raises(Invalid) as refused:
        planning.create_livestream(db, acting_as(cast.anna), cast.circle, typed(host="Robin"))
    assert refused.value.fields == [("host", "several_people")]
    with unit_of_work() as db:
        data = typed(host="Robin", host_id=cast.chris.id)
        assert (
            planning.create_livestream(db, acting_as(cast.anna), cast.circle, data).host_id == cast.chris.id
        )


NOTE = PauseLivestream(note="Even geduld")
WHY = CancelLivestream(note="Anna is ziek")
SWITCHES: dict[str, tuple[str, str, Callable[..., object]]] = {
    "publish": ("draft", "announced", transitions.publish_livestream),
    "start": ("lobby", "live", transitions.start_livestream),
    "return to the lobby": ("live", "lobby", transitions.return_to_lobby),
    "pause": ("live", "paused", lambda db, actor, it: transitions.pause_livestream(db, actor, it, NOTE)),
    "resume": ("paused", "live", transitions.resume_livestream),
    "end": ("live", "ended", transitions.end_livestream),
    "end while paused": ("paused", "ended", transitions.end_livestream),
    "cancel": (
        "announced",
        "cancelled",
        lambda db, actor, it: transitions.cancel_livestream(db, actor, it, WHY),
    ),
    "show replay": ("ended", "replay", transitions.show_replay),
    "hide replay": ("replay", "ended", transitions.hide_replay),
}


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_transition_is_idempotent(cast: Cast, heard: list[object], switch: str) -> None:
    before, after, act = SWITCHES[switch]
    made = plan(cast, state=before)
    for _press in range(2):
        with unit_of_work() as db:
            act(db, acting_as(cast.anna), get_livestream(db, made.id))
    with unit_of_work() as db:
        now = get_livestream(db, made.id)
    assert (now.state, now.version) == (after, 2)
    assert names(heard).count("LivestreamStateChanged") == 1
    assert len(heard) == len(set(heard))


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("who", ["bram", "olga"])
def test_only_directors_make_transitions(cast: Cast, switch: str, who: str) -> None:
    before, _after, act = SWITCHES[switch]
    made = plan(cast, state=before)
    with unit_of_work() as db, pytest.raises(Forbidden):
        act(db, acting_as(getattr(cast, who)), get_livestream(db, made.id))


def test_a_host_who_is_a_plain_member_makes_transitions(cast: Cast) -> None:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.bram, state="lobby")
        transitions.start_livestream(db, acting_as(cast.bram), made)
    assert made.state == "live"


@pytest.mark.parametrize(
    ("state", "switch"), [("draft", "start"), ("ended", "start"), ("announced", "pause")]
)
def test_a_transition_from_a_wrong_state_is_refused(cast: Cast, state: str, switch: str) -> None:
    made = plan(cast, state=state)
    with unit_of_work() as db, pytest.raises(Conflict) as refused:
        SWITCHES[switch][2](db, acting_as(cast.anna), get_livestream(db, made.id))
    assert refused.value.code == "wrong_state"


def test_two_organisers_with_the_same_page_start_it_once(cast: Cast, heard: list[object]) -> None:
    made = plan(cast, state="lobby")
    with unit_of_work() as db:
        transitions.start_livestream(db, acting_as(cast.anna), get_livestream(db, made.id))
    with unit_of_work() as db:
        late = db.merge(made, load=False)  # as the other organiser loaded it, still announced
        transitions.start_livestream(db, acting_as(cast.anna), late)
        assert (late.state, late.version) == ("live", 2)
    assert names(heard).count("LivestreamStateChanged") == 1


@pytest.mark.parametrize(("early", "state"), [(16, "announced"), (14, "live")])
def test_going_live_is_locked_until_the_lobby_may_open(
    cast: Cast, heard: list[object], set_clock: SetClock, early: int, state: str
) -> None:
    """Also when the job that opens the lobby is late."""
    made = plan(cast)
    set_clock(START - timedelta(minutes=early))
    with unit_of_work() as db:
        livestream = get_livestream(db, made.id)
        if state == "live":
            transitions.start_livestream(db, acting_as(cast.anna), livestream)
        else:
            with pytest.raises(Conflict) as refused:
                transitions.start_livestream(db, acting_as(cast.anna), livestream)
            assert refused.value.code == "lobby_closed"
        assert livestream.state == state


def test_the_first_item_begins_with_the_start(cast: Cast, set_clock: SetClock) -> None:
    made = plan(cast, state="lobby")
    with unit_of_work() as db:
        make_agenda(db, made, "Welkom", "Vragen")
    moment = set_clock(START + timedelta(seconds=47))
    with unit_of_work() as db:
        transitions.start_livestream(db, acting_as(cast.anna), get_livestream(db, made.id))
    with unit_of_work() as db:
        assert [item.began_at for item in list_agenda(db, made.id)] == [moment, None]


def test_a_start_by_mistake_goes_back_to_the_lobby_for_two_minutes(
    cast: Cast, heard: list[object], set_clock: SetClock
) -> None:
    made = plan(cast, state="lobby")
    with unit_of_work() as db:
        make_agenda(db, made, "Welkom", "Vragen")
        transitions.start_livestream(db, acting_as(cast.anna), get_livestream(db, made.id))
    set_clock(timedelta(seconds=119))
    with unit_of_work() as db:
        back = transitions.return_to_lobby(db, acting_as(cast.anna), get_livestream(db, made.id))
        assert (back.state, back.went_live_at, back.version) == ("lobby", None, 3)
        assert [item.began_at for item in list_agenda(db, made.id)] == [None, None]
        again = transitions.start_livestream(db, acting_as(cast.anna), back)
        assert again.went_live_at is not None
    assert names(heard).count("LivestreamStateChanged") == 3
    set_clock(timedelta(seconds=120))
    with unit_of_work() as db, pytest.raises(Conflict) as refused:
        transitions.return_to_lobby(db, acting_as(cast.anna), get_livestream(db, made.id))
    assert refused.value.code == "live_too_long"


def test_a_stale_undo_does_not_end_a_later_start(cast: Cast) -> None:
    """An undo from an old page does not affect a start made since."""
    made = plan(cast, state="lobby")
    for step, state in ((transitions.start_livestream, "live"), (transitions.return_to_lobby, "lobby")):
        for _tab in range(2):
            with unit_of_work() as db:
                assert step(db, acting_as(cast.anna), get_livestream(db, made.id)).state == state
    with unit_of_work() as db:
        assert get_livestream(db, made.id).version == 3


def test_nothing_starts_without_a_source(cast: Cast) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        livestream = get_livestream(db, made.id)
        livestream.provider = livestream.source_ref = None
        with pytest.raises(Conflict) as refused:
            transitions.start_livestream(db, acting_as(cast.anna), livestream)
    assert refused.value.code == "no_source"


def test_a_draft_is_cancelled_quietly_and_an_announced_one_with_a_higher_sequence(
    cast: Cast, heard: list[object]
) -> None:
    for state, told in (("draft", 0), ("announced", 1)):
        made = plan(cast, state=state)
        heard.clear()
        with unit_of_work() as db:
            cancelled = transitions.cancel_livestream(
                db, acting_as(cast.anna), get_livestream(db, made.id), WHY
            )
        assert (cancelled.cancel_note, cancelled.sequence) == ("Anna is ziek", 1)
        assert names(heard).count("LivestreamCancelled") == told


def edit(cast: Cast, made: Livestream, **more: Any) -> Livestream:
    with unit_of_work() as db:
        livestream = get_livestream(db, made.id)
        agenda = agenda_text(list_agenda(db, made.id))
        data = typed(**({"title": made.title, "agenda": agenda, "minutes": 60} | more))
        return planning.edit_livestream(db, acting_as(cast.anna), livestream, data)


def test_a_new_time_after_publishing_announces_a_move(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    moved = edit(cast, made, hour=time(21))
    assert (moved.starts_at, moved.ends_at) == (START + timedelta(hours=1), START + timedelta(hours=2))
    assert moved.sequence == 1
    assert names(heard).count("LivestreamMoved") == 1


def test_a_new_time_of_a_draft_announces_nothing(cast: Cast, heard: list[object]) -> None:
    moved = edit(cast, plan(cast, state="draft"), hour=time(21))
    assert (moved.starts_at, moved.sequence) == (START + timedelta(hours=1), 0)
    assert "LivestreamMoved" not in names(heard)


def test_text_changes_are_not_announced(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    source = edit(cast, made)
    heard.clear()
    edited = edit(cast, made, title="Anders", lead="Nieuw", description="**Vet**")
    assert (edited.title, edited.lead, edited.slug) == ("Anders", "Nieuw", made.slug)
    assert (edited.sequence, edited.version) == (0, source.version)
    assert heard == []


def test_a_new_source_is_announced_to_open_pages(cast: Cast, heard: list[object]) -> None:
    made = plan(cast)
    edited = edit(cast, made, source="https://youtu.be/aqz-KE-bpKQ")
    assert (edited.provider, edited.version) == ("youtube", 2)
    assert names(heard) == ["LivestreamStateChanged"]


def test_the_time_is_fixed_once_it_began(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        edit(cast, plan(cast, state="live"), hour=time(21))
    assert refused.value.fields == [("day", "already_began")]


def test_a_renamed_draft_keeps_its_former_address(cast: Cast) -> None:
    made = plan(cast, state="draft")
    edited = edit(cast, made, title="Heel anders")
    assert edited.slug.startswith("heel-anders-")
    with unit_of_work() as db:
        former = db.get(LivestreamSlug, made.slug)
    assert former is not None
    assert former.livestream_id == made.id


def test_an_item_that_keeps_its_title_keeps_when_it_began(cast: Cast, set_clock: SetClock) -> None:
    made = plan(cast, state="live")
    with unit_of_work() as db:
        make_agenda(db, made, "Welkom", "Vragen")
        begun = transitions.begin_next_item(
            db, acting_as(cast.anna), get_livestream(db, made.id), BeginItem()
        )
    assert begun is not None
    edit(cast, made, agenda="0 Welkom\n15 Iets nieuws")
    with unit_of_work() as db:
        agenda = list_agenda(db, made.id)
    assert [(item.title, item.began_at is not None) for item in agenda] == [
        ("Welkom", True),
        ("Iets nieuws", False),
    ]
    assert agenda[0].id == begun.id


def test_pressing_next_twice_begins_one_item(cast: Cast) -> None:
    made = plan(cast, state="live")
    with unit_of_work() as db:
        first = make_agenda(db, made, "Welkom", "Vragen")[0]
    for _press in range(2):
        with unit_of_work() as db:
            data = BeginItem(item=first.id)
            transitions.begin_next_item(db, acting_as(cast.anna), get_livestream(db, made.id), data)
    with unit_of_work() as db:
        begun = db.scalars(select(AgendaItem).where(AgendaItem.began_at.is_not(None))).all()
    assert [item.title for item in begun] == ["Welkom"]


def publish(cast: Cast, made: Livestream) -> None:
    with unit_of_work() as db:
        transitions.publish_livestream(db, acting_as(cast.anna), get_livestream(db, made.id))


def state_of(made: Livestream) -> str:
    with unit_of_work() as db:
        return get_livestream(db, made.id).state


def test_the_lobby_opens_by_itself_a_quarter_before_the_start(cast: Cast, set_clock: SetClock) -> None:
    made = plan(cast, state="draft")
    publish(cast, made)
    set_clock(START - timedelta(minutes=16))
    run_due()
    assert state_of(made) == "announced"
    set_clock(START - timedelta(minutes=15))
    run_due()
    assert state_of(made) == "lobby"


def test_a_moved_livestream_opens_its_lobby_at_the_new_time_alone(cast: Cast, set_clock: SetClock) -> None:
    made = plan(cast, state="draft")
    publish(cast, made)
    edit(cast, made, hour=time(22))
    set_clock(START)
    run_due()
    assert state_of(made) == "announced"
    set_clock(START + timedelta(minutes=105))
    run_due()
    assert state_of(made) == "lobby"
    edit(cast, made, hour=time(23))
    assert state_of(made) == "announced"
    set_clock(START + timedelta(minutes=165))
    run_due()
    assert state_of(made) == "lobby"


def test_the_job_of_the_lobby_may_run_twice_and_late(
    cast: Cast, set_clock: SetClock, heard: list[object]
) -> None:
    made = plan(cast)
    set_clock(START)
    for _run in range(2):
        with unit_of_work() as db:
            transitions.open_lobby(db, SYSTEM, get_livestream(db, made.id))
    assert state_of(made) == "lobby"
    assert names(heard) == ["LivestreamStateChanged"]
    with unit_of_work() as db, pytest.raises(Forbidden):
        transitions.open_lobby(db, acting_as(cast.anna), get_livestream(db, made.id))


def test_cancelling_removes_the_lobby_job(cast: Cast) -> None:
    made = plan(cast, state="draft")
    publish(cast, made)
    with unit_of_work() as db:
        transitions.cancel_livestream(db, acting_as(cast.anna), get_livestream(db, made.id), WHY)
    with unit_of_work() as db:
        waiting = db.scalars(select(Job).where(Job.state == "waiting", Job.key.like("lobby:%"))).all()
    assert waiting == []
