"""Telling when one is free, by mouse, finger, keyboard or without a script; and a calendar that is read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.browser_person import signed_in
from tests.support.cluster import alone
from tests.support.processes import Ontmoet, free_port
from tests.support.scripted_http_server import Hostile, content

pytestmark = [pytest.mark.journey, pytest.mark.long]
FILE = (
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Overname\nDTSTART:20200106T090000Z\nDURATION:PT1H\n"
    b"RRULE:FREQ=WEEKLY\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture(scope="module")
def calendars() -> Iterator[Hostile]:
    server = Hostile(free_port())
    server.scripts["/geheim.ics"] = content(FILE)
    yield server
    server.close()


@pytest.fixture(scope="module")
def ontmoet(tmp_path_factory: pytest.TempPathFactory, calendars: Hostile) -> Iterator[Ontmoet]:
    """The demo circle, in which kalender.test is a server of ours."""
    detour = f"kalender.test=127.0.0.1:{calendars.port}"
    with alone(tmp_path_factory.mktemp("hours"), FETCH_DETOURS=detour) as running:
        yield running


def sign_in(browser: Browser, ontmoet: Ontmoet, name: str, **options: object) -> Page:
    context = browser.new_context(base_url=ontmoet.url, locale="nl-NL", **options)  # type: ignore[arg-type]  # passed on
    return signed_in(context, name)


def cell(page: Page, day: int, hour: int) -> Locator:
    return page.locator(f"input[name=hours][value='{day * 24 + hour}']")


def chosen(page: Page) -> set[int]:
    found = page.locator("input[name=hours]:checked").all()
    return {int(one.get_attribute("value") or "-1") for one in found}


def save(page: Page) -> None:
    page.locator("main form .btn-main").first.click()
    page.wait_for_load_state()


def test_a_stroke_of_the_mouse_paints_and_a_second_one_wipes(browser: Browser, ontmoet: Ontmoet) -> None:
    page = sign_in(browser, ontmoet, "bram")
    page.goto("/me/times")
    expect(page.locator("[data-how]")).to_be_visible()  # the script is there
    stroke(page, (0, 9), (2, 9))
    assert chosen(page) == {9, 33, 57}
    stroke(page, (1, 9), (1, 11))
    assert chosen(page) == {9, 57}
    cell(page, 4, 14).click()
    save(page)
    assert chosen(page) == {9, 57, 4 * 24 + 14}


def stroke(page: Page, first: tuple[int, int], last: tuple[int, int]) -> None:
    begin, end = (cell(page, *one).bounding_box() for one in (first, last))
    assert begin is not None
    assert end is not None
    page.mouse.move(begin["x"] + 8, begin["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + 8, steps=12)
    page.mouse.up()


def test_the_keyboard_moves_chooses_and_draws(browser: Browser, ontmoet: Ontmoet) -> None:
    page = sign_in(browser, ontmoet, "chris")
    page.goto("/me/times")
    expect(page.locator("[data-how]")).to_be_visible()
    cell(page, 0, 7).focus()
    for key in ("ArrowDown", "ArrowRight", "Space", "Shift+ArrowRight", "Shift+ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert chosen(page) == {24 + 8, 48 + 8, 48 + 9}
    expect(cell(page, 2, 8)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table')") is None  # one stop for the whole grid
    save(page)
    assert chosen(page) == {24 + 8, 48 + 8, 48 + 9}


def test_a_finger_taps_hours(browser: Browser, ontmoet: Ontmoet) -> None:
    page = sign_in(browser, ontmoet, "dana", has_touch=True, viewport={"width": 360, "height": 740})
    page.goto("/me/times")
    expect(page.locator("[data-how]")).to_be_visible()
    cell(page, 3, 10).tap()
    cell(page, 3, 11).tap()
    cell(page, 3, 10).tap()
    assert chosen(page) == {3 * 24 + 11}
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_a_script_the_hours_are_checkboxes(browser: Browser, ontmoet: Ontmoet) -> None:
    page = sign_in(browser, ontmoet, "olga", java_script_enabled=False)
    page.goto("/me/times")
    expect(page.locator("[data-how]")).to_be_hidden()
    cell(page, 6, 21).check()
    save(page)
    assert chosen(page) == {6 * 24 + 21}


def test_a_calendar_is_read_within_moments(browser: Browser, ontmoet: Ontmoet, calendars: Hostile) -> None:
    page = sign_in(browser, ontmoet, "bram")
    page.goto("/me/calendars")
    page.fill("[name=address]", "http://kalender.test/geheim.ics")
    save(page)
    expect(page.locator(".calendars li")).to_contain_text("kalender.test")
    for _look in range(40):
        if "laatst gelezen" in page.locator(".calendars li").inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(".calendars li")).to_contain_text("bezette tijden in twee maanden")
    assert "geheim" not in page.content()
    assert len(calendars.heard) == 1
