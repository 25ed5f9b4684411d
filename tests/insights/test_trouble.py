"""Trouble in calls: true to what browsers told, and only as a pattern of four people at least."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.core.db.session import unit_of_work
from events.insights.rules.trouble import (
    MIN_PEOPLE,
    Call,
    Stay,
    affected_in,
    patterns,
    patterns_of_circle,
)
from events.livestreams.models import Livestream
from tests.factories.accounts import make_user
from tests.factories.calls import make_call_stay
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
numbers = count()


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def stay(
    who: str,
    heard: float | None = 0,
    trouble: str | None = None,
    browser: str | None = "Chrome",
    *,
    left: float = 30,
    network: str | None = None,
) -> Stay:
    connected_at = None if heard is None else at(heard)
    return Stay(who, NOON, at(left), connected_at, trouble, browser, 142, network)


def call(*stays: Stay, people: str = "ab", met: bool = False, occasion: str | None = "e") -> Call:
    """Each call a minute later than the one before, so that their order is sure."""
    later = timedelta(seconds=next(numbers))
    return Call(NOON, at(30) + later, met, frozenset(people), stays, occasion)


@pytest.mark.parametrize(
    ("seen", "causes"),
    [
        (call(stay("a"), stay("b")), {}),
        (call(stay("a", None), stay("b", None)), {"a": "no_connection", "b": "no_connection"}),
        (call(stay("a", None, left=0.5), stay("b", None)), {}),
        (call(stay("a", None, "no_connection", left=0.5), stay("b", None)), {"a": "no_connection"}),
        (call(stay("a", None, "no_relay"), stay("b", None, "no_relay")), {"a": "no_relay", "b": "no_relay"}),
        (call(stay("a", 6, "no_connection"), stay("b")), {"a": "late"}),
        (call(stay("a", 1, "no_connection"), stay("b")), {}),
        (call(stay("a", 6), stay("b", 6)), {}),  # slow without a sign of trouble: perhaps just quiet
        (call(stay("a", None, "denied"), stay("b", None)), {"a": "denied"}),  # b is all right
        (call(stay("a", None, "no_devices"), stay("b", None)), {"a": "no_devices"}),
        (call(stay("a", None)), {"b": "absent"}),
        (call(stay("a", None), met=True), {}),
        (call(stay("a"), stay("a", None, "no_connection"), stay("b")), {}),  # the second page was quick to go
    ],
)  # fmt: skip
def test_causes_follow_from_what_the_browsers_told(seen: Call, causes: dict[str, str]) -> None:
    assert {one.user_id: one.cause for one in affected_in(seen)} == causes


def failed(people: str, browser: str | None = "Chrome", **more: str | None) -> Call:
    """A call of these people without sound or picture, for 30 minutes."""
    occasion = more.pop("occasion", "e")
    stays = [stay(who, None, "no_connection", browser, network=more.get("network")) for who in people]
    return call(*stays, people=people, occasion=occasion)


def fine(people: str = "yz", occasion: str = "e") -> Call:
    return call(*[stay(who) for who in people], people=people, occasion=occasion)


def test_three_people_are_no_pattern_and_four_are() -> None:
    assert patterns([failed("abc"), fine()]) == []
    assert patterns([failed("ab"), failed("ab"), failed("bc")]) == []
    (one,) = patterns([fine(), failed("ab"), failed("cd")])
    assert (one.cause, one.calls, one.of, one.minutes) == ("no_connection", 2, 3, 60)


def test_the_counts_move_on_only_by_four_people_at_once() -> None:
    calls = [failed("ab"), failed("cd")]
    calls.append(failed("ef"))
    assert [(one.calls, one.minutes) for one in patterns(calls)] == [(2, 60)]
    calls.append(failed("gh"))
    assert [one.calls for one in patterns(calls)] == [4]


def test_a_browser_is_named_only_if_each_of_them_had_four_people() -> None:
    chrome, firefox = [failed("ab"), failed("cd")], [failed("ef", "Firefox"), failed("gh", "Firefox")]
    assert [(one.browser, one.version, one.calls, one.of) for one in patterns([*chrome, *firefox])] == [
        ("Chrome", 142, 2, 2),
        ("Firefox", 142, 2, 2),
    ]
    mixed = patterns([*chrome, failed("ef", "Firefox"), failed("gh", "Safari")])
    assert [(one.browser, one.calls) for one in mixed] == [(None, 4)]
    assert [one.browser for one in patterns([failed("ab", None), failed("cd", None)])] == [None]


def test_the_relay_is_named_only_if_all_went_through_it() -> None:
    relayed = [failed("ab", network="relay"), failed("cd", network="relay")]
    assert [one.relay for one in patterns(relayed)] == [True]
    assert [one.relay for one in patterns([relayed[0], failed("cd")])] == [False]


def test_calls_without_trouble_count_and_those_of_a_browser_by_four_people_too() -> None:
    early = [failed("ab"), failed("cd")]
    assert [one.of for one in patterns([*early, fine("yz")])] == [2]
    assert [one.of for one in patterns([*early, fine("yz"), fine("wx")])] == [4]
    assert [one.of for one in patterns([*early, failed("ef", None), failed("gh", None), fine("yz")])] == [5]


def test_the_circle_adds_nothing_that_would_tell_of_fewer_than_four() -> None:
    evening = [failed("ab"), failed("cd")]
    other = failed("ef", occasion="other")
    assert [one.calls for one in patterns_of_circle([*evening, other])] == [2]
    (both,) = patterns_of_circle([*evening, other, failed("gh", occasion=None)])
    assert both.calls == 4


people = st.sets(st.sampled_from("abcdefgh"), min_size=2, max_size=3).map(lambda some: "".join(sorted(some)))
kinds = st.sampled_from(["Chrome", "Firefox", None])


@settings(deadline=None)
@given(st.lists(st.tuples(people, kinds, st.booleans(), st.sampled_from(["e", "f", None])), max_size=12))
def test_any_two_readings_differ_by_four_people_or_by_nothing(
    drawn: list[tuple[str, str | None, bool, str | None]],
) -> None:
    calls = [
        failed(who, browser, occasion=occasion) if bad else fine(who, occasion or "e")
        for who, browser, bad, occasion in drawn
    ]
    seen = list[list[Call]]()
    for call_ in calls:
        before = patterns(seen[-1] if seen else [])
        seen.append([*(seen[-1] if seen else []), call_])
        after = patterns(seen[-1])
        if sum(one.calls for one in after) > sum(one.calls for one in before):
            hit = {who for one in seen[-1] for who in (seat.user_id for seat in affected_in(one))}
            assert len(hit) >= MIN_PEOPLE
        for one in after:
            assert one.calls <= one.of
    evenings = [patterns([one for one in calls if one.occasion == name]) for name in "ef"]
    told = sum(one.calls for rows in evenings for one in rows if one.browser is None)
    if all(one.browser is None for rows in evenings for one in rows):
        assert sum(one.calls for one in patterns_of_circle(calls)) - told != 1


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Livestream:
    """Four members without sound or picture in two calls of 30 minutes, and two in a third that was fine."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        others = [make_user(db, name) for name in ("Eef", "Fem", "Gijs")]
        pairs = [[cast.bram, cast.chris], [cast.dana, others[0]], others[1:]]
        for number, pair in enumerate(pairs):
            coffee = make_coffee(db, cast.circle, pair, state="met", occasion_id=livestream.id)
            coffee.starts_at += timedelta(hours=number)
            for epoch, user in enumerate(pair, 1):
                heard = coffee.starts_at if number == 2 else None
                row = make_call_stay(db, coffee, user, epoch=epoch, connected_at=heard)
                row.entered_at, row.left_at = coffee.starts_at, coffee.ends_at
                row.browser, row.browser_version = "Firefox", 145
            last = coffee.ends_at
    set_clock(last + timedelta(hours=2))
    return livestream


def test_the_team_reads_a_pattern_without_names_in_both_reports(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    for address in (f"/livestreams/{evening.slug}/report", f"/circles/{cast.circle.slug}/report"):
        text = page(cast.anna).main(address).partition('id="trouble"')[2].partition("</section>")[0]
        for words in ("Firefox 145:", "No sound or picture came through", "2 of 2 calls", "60 minutes"):
            assert words in text, (address, words)
        for name in ("Bram", "Chris", "Dana", "Eef"):
            assert name not in text
        assert page(cast.bram).get(address).status_code == 404
        assert page(cast.olga).get(address).status_code == 404


def test_a_report_that_may_not_tell_says_so(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    with unit_of_work() as db:
        quiet = make_livestream(db, cast.circle, cast.anna, state="replay")
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", occasion_id=quiet.id)
        make_call_stay(db, coffee, cast.bram).trouble = "denied"
    text = page(cast.anna).main(f"/livestreams/{quiet.slug}/report")
    assert "No trouble that four or more people had." in text
    assert "permission" not in text


def test_after_ninety_days_nothing_is_told(
    cast: Cast, page: OpenPage, evening: Livestream, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=91))
    assert "Firefox" not in page(cast.anna).main(f"/livestreams/{evening.slug}/report")
