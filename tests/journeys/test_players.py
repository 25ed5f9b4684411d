"""The player of the page asks another host, provider or bare film, only after a click."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.support.processes import Ontmoet

SOURCES = {
    "peertube": {
        "ref": "tube.example.org/kkGMgK9ZtnKfYAgnEtQxbv",
        "embed": "https://tube.example.org/videos/embed/a",
    },
    "youtube": {"ref": "aqz-KE-bpKQ", "embed": "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"},
    "mp4": {"ref": "https://tube.example.org/film.mp4"},
    "hls": {"ref": "https://tube.example.org/film.m3u8"},
}
HOSTS = {"youtube": "https://www.youtube-nocookie.com"}


@pytest.fixture
def visitor(browser: Browser, demo: Ontmoet) -> Iterator[Page]:
    """A visitor on a public page whose policy would let the film in: only our own restraint is tried."""
    context = browser.new_context(base_url=demo.url, bypass_csp=True, locale="nl-NL")
    page = context.new_page()
    page.goto("/livestreams/demo-open")
    yield page
    context.close()


def show(page: Page, provider: str) -> list[str]:
    """Give the page's player this source, as a frame does at the start; returns what it asks elsewhere."""
    origin = HOSTS.get(provider, "https://tube.example.org")
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith(origin):
            asked.append(request.url)

    page.on("request", note)
    page.route(f"{origin}/**", lambda route: route.fulfill(body="", content_type="text/html"))
    page.evaluate(
        """async ([source, allowed]) => {
            const { attach } = await import("/static/js/livestreams/player.js");
            const element = document.querySelector('[data-module~="livestreams/player"]');
            element.dataset.allowed = allowed;
            attach(element).load(source);
        }""",
        [{"provider": provider, "origin": origin} | SOURCES[provider], origin],
    )
    return asked


@pytest.mark.parametrize("provider", SOURCES)
def test_another_host_is_requested_only_after_a_click(visitor: Page, provider: str) -> None:
    asked = show(visitor, provider)
    button = visitor.locator("[data-load]")
    assert ("YouTube" if provider in HOSTS else "tube.example.org") in button.inner_text()
    visitor.wait_for_load_state("networkidle")
    assert asked == []
    with visitor.expect_request(lambda request: request.url.startswith(HOSTS.get(provider, "https://tube."))):
        button.dispatch_event("click")


@pytest.mark.parametrize(("provider", "opens"), [("peertube", False), ("youtube", True)])
def test_a_foreign_player_sits_in_a_sandbox(visitor: Page, provider: str, opens: bool) -> None:
    show(visitor, provider)
    visitor.locator("[data-load]").dispatch_event("click")
    allowed = set(str(visitor.locator(".screen iframe").get_attribute("sandbox")).split())
    assert allowed >= {"allow-scripts", "allow-same-origin"}
    assert not allowed & {"allow-top-navigation", "allow-forms", "allow-downloads", "allow-modals"}
    assert ("allow-popups" in allowed) is opens
