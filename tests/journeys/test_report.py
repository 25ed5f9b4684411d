"""The report of an evening for the board: read, copied, saved as a file, and printed on one page."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser_person import DESK, signed_in
from tests.support.processes import Ontmoet

pytestmark = pytest.mark.journey
REPORT = "/livestreams/demo-recorded/report"
# Far more of everything than a page shows, each as long as its field allows.
LONGEST = """() => {
  const words = "Een lange zin met veel woorden over offertes, personeel en cijfers. ".repeat(9);
  const repeat = (selector, times) => {
    const one = document.querySelector(selector);
    for (let number = 0; number < times; number += 1) one?.after(one.cloneNode(true));
  };
  repeat(".poll-figures tbody tr", 12);
  repeat(".poll-figures", 6);
  repeat(".asked > li", 6);
  repeat("#coffees tbody tr", 25);
  repeat("#trouble tbody tr", 6);
  repeat(".agenda-key li", 12);
  const lengthen = (selector, length) => {
    for (const line of document.querySelectorAll(selector)) line.textContent = words.slice(0, length);
  };
  lengthen(".asked .clamped", 500);
  lengthen(".poll-figures .clamped", 160);
  lengthen(".poll-figures th", 80);
  lengthen(".agenda-key li", 120);
  document.querySelector(".kicker").append(words.slice(0, 120));
  const later = document.createElement("section");
  later.id = "later";
  later.className = "stack stack-s report-wide";
  const came = "<li><span class='num'>14</span><span>maakten een nieuw contact</span></li>".repeat(5);
  const quote = `<blockquote class="quote">${words.slice(0, 280)}</blockquote><figcaption>Chris</figcaption>`;
  later.innerHTML = `<h2>Later</h2><ul class="facts">${came}</ul>${`<figure>${quote}</figure>`.repeat(25)}`;
  document.querySelector("#trouble").after(later);
}"""


def count_sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))


def test_the_board_reads_one_page(browser: Browser, demo: Ontmoet, tmp_path: Path) -> None:
    context = browser.new_context(base_url=demo.url, locale="nl-NL", viewport=DESK, color_scheme="dark")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=demo.url)
    page = signed_in(context, "anna")
    page.goto(REPORT)
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("button", name="Kopieer voor het bestuur").click()
    expect(page.get_by_role("button", name="Gekopieerd")).to_be_visible()
    sentence = page.evaluate("() => navigator.clipboard.readText()")
    told = r"‘Personeel vinden én houden’, .+: \d+ keken live, \d+ zeiden ja tegen een koffie, .+\."
    assert re.fullmatch(told, sentence), sentence
    expect(page.locator(".board .lead")).to_have_text(sentence.partition(": ")[2])
    with page.expect_download() as saved:
        page.get_by_role("link", name="Cijfers als bestand").click()
    saved.value.save_as(tmp_path / "report.csv")
    text = (tmp_path / "report.csv").read_text("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert ["In één zin", sentence, ""] in rows
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.get_by_role("button", name="Print of bewaar").click()
    assert page.evaluate("() => window.printed")
    assert count_sheets(page) == 1
    page.evaluate(LONGEST)
    assert count_sheets(page) == 1
    context.close()
