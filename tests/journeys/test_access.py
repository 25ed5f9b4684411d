"""Every page for everyone: no axe finding and no sideways scrolling, also with text of twice the size."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.browser_person import signed_in
from tests.support.processes import ROOT, Ontmoet
from tests.support.test_depth import ALL

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """rules => axe.run({runOnly: rules}).then(found => found.violations.map(
  one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 4).join(', ')}`))"""
COMBINATIONS = list(product(("nl", "en"), ("light", "dark"), (390, 1280)))
TALL = 9000  # a window that shows every page whole
SMALL_TARGETS = """() => axe.run({runOnly: {type: 'rule', values: ['target-size']}}).then(
  found => found.violations.flatMap(rule => rule.nodes.map(node => node.target.join(' '))))"""
SCROLL_TO = "top => window.scrollTo({top, behavior: 'instant'})"
HEIGHT = "document.documentElement.scrollHeight"


CIRCLE = "/circles/bedrijvenkring-demo"
EVENING = "/livestreams/demo"
PAGES = {
    "visitor": [
        "/", "/sign-in", "/sign-up", "/livestreams", f"{EVENING}-open", "/privacy", "/help", CIRCLE,
        f"{CIRCLE}/livestreams",
        f"{EVENING}-open/guest",
    ],
    "bram": [
        "/", "/livestreams", f"{EVENING}-live", f"{EVENING}-live?tab=questions", f"{EVENING}-live?tab=polls",
        f"{EVENING}-live/nazit", f"{EVENING}-live/nazit/check",
        f"{EVENING}-soon", f"{EVENING}-recorded", f"{EVENING}-recorded/coffee", "/coffees", "COFFEE",
        "COFFEE/check", CIRCLE, f"{CIRCLE}/livestreams",
        f"{CIRCLE}/members", f"{CIRCLE}/me", f"{CIRCLE}/recordings", "/me", "/me/sign-ins",
        "/me/mails", "/me/times", "/me/calendars", "/me/feed", "/me/reach", "/me/with", "/with/dana",
        "COFFEE/new-time", f"{CIRCLE}/coffee", f"{CIRCLE}/coffee/always", f"{CIRCLE}/coffee/pause",
        f"{CIRCLE}/coffee/back", f"{CIRCLE}/coffee/apart", "/no-such-page",
    ],
    "chris": ["COFFEE", "COFFEE/new-time", "INVITE", "/with/dana"],
    "anna": [
        f"{CIRCLE}/livestreams/new", f"{EVENING}-live/desk", f"{EVENING}-soon/desk",
        f"{EVENING}-recorded/desk", f"{EVENING}-soon/edit", f"{EVENING}-soon/registrations",
        f"{EVENING}-recorded/recording",
        f"{EVENING}-recorded/report", f"{CIRCLE}/report", f"{CIRCLE}/settings", f"{CIRCLE}/invite",
        f"{CIRCLE}/topics", f"{CIRCLE}/breaks", f"{CIRCLE}/requests", f"{CIRCLE}/import",
        "/circles/new", "/dev/mail",
        f"{CIRCLE}/coffee", f"{CIRCLE}/rounds/new", "ROUND", "COFFEE", "COFFEE/outcome", "COFFEE/details",
        "COFFEE/introduce", "COFFEE/again",
    ],
}  # fmt: skip
# Addresses that differ with each sowing: on which page they stand, and how they begin or end.
FOUND = {
    "COFFEE": ("/coffees", "a[href^='/coffees/']"),
    "ROUND": (f"{CIRCLE}/coffee", "a[href^='/rounds/']"),
    "INVITE": (f"{CIRCLE}/members", "a[href$='/coffee']"),
}
# What people name themselves: titles, names and lines become one long word.
LENGTHEN = """word => document.querySelectorAll(
  'h1, h2, h3, strong, .kicker, .faint, td, main li > span, main li a, main p, blockquote, figcaption, dd'
).forEach(element => {
  const text = [...element.childNodes].find(node => node.nodeType === 3 && node.data.trim());
  if (text) text.data = word;
})"""
WIDER = """() => document.documentElement.scrollWidth <= 320 ? [] : [...document.querySelectorAll('body *')]
  .filter(element => element.getBoundingClientRect().right > 321)
  .map(element => `${element.tagName}.${element.className}`)"""
SCROLLED = {"/", "/livestreams", f"{CIRCLE}/members", "/me", "COFFEE", f"{CIRCLE}/invite"}
COVERED = """() => {
  const bars = [...document.querySelectorAll('.bottom-nav, .action-bar')];
  const bar = bars.find(found => found.offsetHeight > 0);
  const last = [...document.querySelectorAll('main *')].reduce(
    (lowest, element) => Math.max(lowest, element.getBoundingClientRect().bottom), 0);
  return bar ? last > bar.getBoundingClientRect().top + 1 : false;
}"""
SCROLL_WIDTH = "document.documentElement.scrollWidth"
CHOOSE = """field => (field.form ?? field.closest('form'))
  .requestSubmit(field.type === 'submit' ? field : null)"""


@pytest.fixture(scope="module")
def readers(browser: Browser, demo: Ontmoet) -> Iterator[dict[str, Page]]:
    """A signed-in page for each reader; sign-in happens by the form, as people do it."""
    pages: dict[str, Page] = {}
    for reader in PAGES:
        context = browser.new_context(base_url=demo.url, bypass_csp=True, locale="nl-NL")
        pages[reader] = context.new_page() if reader == "visitor" else signed_in(context, reader)
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.mark.journey
@pytest.mark.parametrize(
    ("reader", "path"), [(reader, path) for reader, paths in PAGES.items() for path in paths]
)
def test_every_page_meets_wcag_and_reflows_at_320_pixels(
    readers: dict[str, Page], reader: str, path: str
) -> None:
    page = readers[reader]
    everything = [(reader, path) for reader, paths in PAGES.items() for path in paths]
    turn = len(everything) + sum(map(ord, path))  # each page has its own turn, the same each time
    path = addressed(page, path)
    chosen = COMBINATIONS if ALL else [COMBINATIONS[turn % len(COMBINATIONS)]]
    for language, theme, width in chosen:
        speak(page, language)
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": TALL})
        page.goto(path)
        page.wait_for_load_state()
        page.add_script_tag(path=str(AXE))
        assert page.evaluate(RUN, RULES) == [], (language, theme, width)
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate(SCROLL_WIDTH) <= 320, (language, theme)
        page.add_style_tag(content="html { font-size: 200% !important }")
        assert page.evaluate(SCROLL_WIDTH) <= 320, "with text of twice the size"
        page.evaluate(LENGTHEN, "Bedrijfsopvolgingsregelingsvoorlichtingsavond")
        wider = page.evaluate(WIDER)
        assert not wider, f"a long word: {', '.join(wider)}"


@pytest.mark.journey
@pytest.mark.parametrize("reader", PAGES)
def test_scrolled_targets_on_a_phone_are_large_enough(readers: dict[str, Page], reader: str) -> None:
    """At the top, at the end and with rows half under the bar, and the end of a page is clear of the bar."""
    page = readers[reader]
    paths = PAGES[reader] if ALL else [path for path in PAGES[reader] if path in SCROLLED]
    found: dict[str, object] = {}
    page.set_viewport_size({"width": 390, "height": 844})
    for path in paths:
        page.goto(addressed(page, path))
        page.wait_for_load_state()
        page.add_script_tag(path=str(AXE))
        end = max(0, page.evaluate(HEIGHT) - 844)
        for top in sorted({0, min(40, end), end // 2, end}):
            page.evaluate(SCROLL_TO, top)
            found[f"{path} at {top}"] = page.evaluate(SMALL_TARGETS)
        covered = page.evaluate(COVERED)
        assert not covered, path
    assert {place: targets for place, targets in found.items() if targets} == {}


def speak(page: Page, language: str) -> None:
    """Choose a language as the footer does."""
    if page.url == "about:blank" or page.locator("html").get_attribute("lang") != language:
        page.goto("/privacy")
        if page.locator("html").get_attribute("lang") != language:
            page.locator(f"form[action$='/locale'] [value={language}]").first.evaluate(CHOOSE)
            page.wait_for_function(f"() => document.documentElement?.lang === '{language}'")


def addressed(page: Page, path: str) -> str:
    """The path with what this reader finds first: their coffee, the round, a member to invite."""
    for word, (shelf, link) in FOUND.items():
        if path.startswith(word):
            page.goto(shelf)
            found = page.locator(f"main {link}").first.get_attribute("href")
            assert found is not None
            return path.replace(word, found)
    return path


def test_the_accessibility_checker_finds_known_violations(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<main><img src='x.png'><p style='color:#ccc;background:#fff'>faint</p></main>")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(RUN, RULES)
    assert {finding.split(":")[0] for finding in found} >= {"image-alt", "color-contrast"}
    page.close()
