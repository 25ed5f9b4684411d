"""An invited person answers three questions and is listed; the team exports the list and keeps its book."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.browser_person import Person
from tests.journeys.counting import Hands

pytestmark = pytest.mark.journey
LINE = "We drinken na afloop altijd koffie."


def test_from_the_mail_to_the_list_the_export_and_the_book(people: dict[str, Person]) -> None:
    anna, bram = people["Anna"], people["Bram"]
    circle = a_circle_begins(anna)
    the_mail_is_seen_before_it_leaves(anna, bram, circle)
    bram.open_mail("Kring van Anna")
    hands = Hands(bram.page)
    hands.press("Lid worden")
    expect(bram.page.get_by_role("heading", level=1)).to_contain_text("Welkom bij Kring van Anna")
    hands.fill("Bedrijf", "=De Vries Bouw")
    for field in ("asks", "offers"):
        hands.touch(bram.page.locator(f"label.chip:has([name={field}])").first)
    expect(bram.page.locator("[name=listed]")).not_to_be_checked()
    hands.touch(bram.page.locator("label[for=field-listed]"))
    hands.press("Bewaar")
    expect(bram.page).to_have_url(re.compile(r"/$"))
    assert hands.presses <= 6
    bram.page.goto(f"/circles/{circle}/members")
    expect(bram.page.locator(".member h2")).to_have_text(["Bram"])  # Anna has not chosen to stand there
    anna.page.goto("/")
    anna.page.get_by_role("button", name="Ja, zet me erin").click()
    bram.page.reload()
    expect(bram.page.locator(".member h2")).to_have_text(["Anna", "Bram"])
    the_team_exports(anna, circle)
    the_book_is_kept_and_handed_over(anna, bram, circle)


def a_circle_begins(anna: Person) -> str:
    anna.page.goto("/")
    hands = Hands(anna.page)
    hands.press("Begin een kring")
    hands.fill("Naam van de kring", "Kring van Anna")
    hands.fill("Je naam", "Anna")
    hands.fill("E-mailadres", anna.email)
    hands.press("Begin de kring")
    anna.open_mail("kring")
    hands.press("Begin de kring")
    anna.page.wait_for_url(re.compile(r"/circles/kring-van-anna-\w+/"))
    found = re.search(r"/circles/([a-z0-9-]+)", anna.page.url)
    assert found is not None
    return found[1]


def the_mail_is_seen_before_it_leaves(anna: Person, bram: Person, circle: str) -> None:
    anna.page.goto(f"/circles/{circle}/import")
    anna.page.fill("[name=people]", f"Bram; {bram.email}")
    anna.send_form("/import")
    anna.page.fill("[name=line]", LINE)
    anna.page.locator("button[value=look]").last.click()
    frame = anna.page.frame_locator("iframe.mail-frame >> nth=0")
    expect(frame.get_by_text(LINE)).to_be_visible()
    expect(frame.get_by_text("Anna nodigt je uit bij Kring van Anna")).to_be_visible()
    anna.page.locator("button[value=send]").click()
    expect(anna.page.get_by_text("1 persoon krijgt een welkomstmail")).to_be_visible()


def the_team_exports(anna: Person, circle: str) -> None:
    anna.page.goto(f"/circles/{circle}/members")
    with anna.page.expect_download() as started:
        anna.page.get_by_role("button", name="Alle leden als CSV-bestand").click()
    text = Path(started.value.path()).read_bytes().decode("utf-8-sig")
    rows = {row[0]: row for row in csv.reader(StringIO(text, newline=""), delimiter=";")}
    assert rows["Bram"][2:5] == ["'=De Vries Bouw", "lid", "ja"]


def the_book_is_kept_and_handed_over(anna: Person, bram: Person, circle: str) -> None:
    book = f"/circles/{circle}/book"
    anna.page.goto(book)
    anna.page.get_by_role("link", name="Datum toevoegen").click()
    anna.page.fill("[name=what]", "ALV")
    anna.page.select_option("[name=month]", "9")
    anna.page.get_by_role("button", name="Bewaar").click()
    anna.page.get_by_role("link", name="Account toevoegen").click()
    anna.page.fill("[name=what]", "Videokanaal")
    anna.page.fill("[name=holder]", "Bram")
    anna.page.get_by_role("button", name="Bewaar").click()
    expect(anna.page.get_by_text("september")).to_be_visible()
    bram.page.goto(f"/circles/{circle}")
    bram.press_dialog("/leave")
    anna.page.goto("/")
    anna.page.get_by_role("link", name="1 ding uit het boek van de kring over te dragen").click()
    expect(anna.page.get_by_text("geen lid meer")).to_be_visible()
