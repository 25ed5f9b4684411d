"""Six people talk on after a livestream: three talks at once, then others, one stops, one is left alone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import with_cameras
from tests.support.processes import Ontmoet

LIVE = "/livestreams/demo-live"
NAMES = ("anna", "bram", "chris", "dana", "farid", "greet")
ON_A_PHONE = {"dana", "farid"}
MOVING = re.compile(r"^([5-9]|\d\d+)$")  # at least five decoded frames
TIMEOUT_SECONDS = 40_000

pytestmark = [pytest.mark.journey, pytest.mark.long]
Six = dict[str, Page]


@pytest.fixture
def six(browser: Browser, demo: Ontmoet) -> Iterator[Six]:
    """Anna, who hosts, and five members, each with a browser, a camera and a microphone."""
    with with_cameras(browser, demo, NAMES, on_a_phone=ON_A_PHONE) as pages:
        yield pages


def test_six_people_meet_a_new_partner_in_every_aftertalk_slot(six: Six, demo: Ontmoet) -> None:
    they_tap_in_the_closing_minutes(six, demo)
    the_livestream_ends_and_they_go_over(six)
    pass_time(demo, timedelta(seconds=20))
    first = everyone_sees_and_hears(six)
    assert sorted(map(len, first)) == [2, 2, 2]

    pass_time(demo, timedelta(minutes=8))
    everyone_stands(six, "rest")
    both_would_again(six, first[0])
    stop(six.pop("greet"))
    pass_time(demo, timedelta(seconds=42))
    second = everyone_sees_and_hears(six)
    assert sorted(map(len, second)) == [2, 3]
    assert not pairs(first) & pairs(second)

    (pair,) = [talk for talk in second if len(talk) == 2]
    left, stays = sorted(pair)
    stop(six.pop(left))
    expect(six[stays].get_by_role("heading", level=1)).to_contain_text("is weggevallen")


def they_tap_in_the_closing_minutes(six: Six, demo: Ontmoet) -> None:
    pass_time(demo, timedelta(minutes=31))
    for name, page in six.items():
        page.goto(LIVE)
        expect(page.locator("html[data-ready]")).to_be_attached()  # before that the form would lead elsewhere
        page.locator(".aftertalk-offer form button").click()
        expect(page.locator(".aftertalk-offer [data-is=joined]")).to_be_visible()
        assert page.url.endswith(LIVE), f"{name} still watches"


def the_livestream_ends_and_they_go_over(six: Six) -> None:
    anna = six["anna"]
    anna.goto(f"{LIVE}/desk")
    anna.evaluate("document.querySelector(`form[action$='/end']`).requestSubmit()")
    anna.wait_for_load_state()
    anna.goto(f"{LIVE}/nazit")
    for page in six.values():
        page.wait_for_url(re.compile("/nazit$"))
    everyone_stands(six, "waiting")


def everyone_stands(six: Six, near: str) -> None:
    for page in six.values():
        expect(page.locator(f"[data-status={near}]")).to_be_attached(timeout=TIMEOUT_SECONDS)


def everyone_sees_and_hears(six: Six) -> list[frozenset[str]]:
    """Pictures of all others of their talk move at everyone; who is in which talk."""
    talks: dict[str, set[str]] = {}
    for name, page in six.items():
        expect(page.locator("[data-call-state=connected]")).to_be_attached(timeout=TIMEOUT_SECONDS)
        for video in page.locator("video[data-role=remote]").all():
            expect(video).to_have_attribute("data-frames", MOVING, timeout=TIMEOUT_SECONDS)
        coffee = page.locator("[data-coffee]").get_attribute("data-coffee")
        assert coffee is not None
        talks.setdefault(coffee, set()).add(name)
    return [frozenset(people) for people in talks.values()]


def both_would_again(six: Six, pair: frozenset[str]) -> None:
    """Each says so privately; once both did, each finds the coffee."""
    for name in pair:
        six[name].locator("button[name=again][value=yes]").click()
        expect(six[name].locator("button[name=again]")).to_have_count(0)
    for name in pair:
        expect(six[name].locator(".note a[href*='/coffees/']")).to_be_visible()


def stop(page: Page) -> None:
    page.locator(".call-bar form button").click()
    expect(page.locator("[data-status=over]")).to_be_attached()


def pairs(talks: list[frozenset[str]]) -> set[frozenset[str]]:
    return {frozenset((one, other)) for talk in talks for one in talk for other in talk if one < other}


def pass_time(demo: Ontmoet, gap: timedelta) -> None:
    demo.travel_to(demo.now() + gap)
