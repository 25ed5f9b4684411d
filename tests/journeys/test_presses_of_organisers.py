"""Tasks between evenings and of who waits for a place; presses and fields as `docs/presses.md` has them."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.arranging_tasks import FULL
from tests.journeys.pressing import Enter, circle, enter

__all__ = ["circle", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.long]


def test_a_livestream_is_shared(enter: Enter) -> None:
    bram = enter("bram")
    bram.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bram.page.goto("/livestreams/demo-soon")
    with bram.task("share") as hands:
        hands.press("Delen")
        hands.press("Kopieer de tekst")
    assert "/livestreams/demo-soon" in bram.page.evaluate("() => navigator.clipboard.readText()")
    bram.page.goto("/livestreams/demo-soon")
    with bram.page.expect_download(), bram.task("code for a slide") as hands:
        hands.press("Delen")
        hands.press("Bewaar als PNG")


def test_evenings_in_a_rhythm(enter: Enter) -> None:
    anna = enter("anna")
    anna.page.goto("/livestreams/demo-open/desk")
    with anna.task("another like it") as hands:
        hands.press("Nog zo'n avond")
        hands.press("Bewaar als concept")
    expect(anna.page).to_have_url(re.compile("/desk$"))
    with anna.task("series") as hands:
        hands.press("Maak er een reeks van")
        hands.touch(anna.page.locator("label.chip", has_text="om de week"))
        hands.fill("Hoeveel avonden", "3")
        hands.press("Maak de reeks")
    expect(anna.page.get_by_role("heading", level=1)).to_have_text("Een reeks van 3 avonden")
    anna.page.locator("main li h3 a").nth(1).click()
    with anna.task("move one") as hands:
        hands.press("Bewerk")
        hands.fill("Begint om", "17:00")
        hands.press("Bewaar", exact=True)
    expect(anna.page).to_have_url(re.compile("/desk$"))


def test_a_full_evening_has_a_waiting_list(enter: Enter) -> None:
    anna, gijs, bram = enter("anna"), enter("gijs"), enter("bram")
    anna.next_morning()  # no place is offered at night
    bram.page.goto("/livestreams")
    bram.page.get_by_role("link", name=FULL).first.click()
    bram.page.wait_for_url(re.compile("/livestreams/."))
    evening = bram.page.url
    with bram.task("wait") as hands:
        hands.press("Zet me op de wachtlijst")
    anna.page.goto(f"{evening}/desk")
    with anna.task("who waits") as hands:
        hands.press("Eén iemand staat op de wachtlijst")
    expect(anna.page.locator("tbody tr")).to_contain_text("Bram")
    anna.page.goto(f"{evening}/desk")
    with anna.task("write to who waits") as hands:
        hands.press("Schrijf een bericht")
        hands.touch(anna.page.locator("label.chip", has_text="Wie op de wachtlijst staat"))
        hands.fill("Onderwerp", "We zoeken een grotere zaal")
        hands.fill("Bericht", "Vrijdag weten we meer.")
        hands.press("Bekijk het als mail")
        hands.press("Verstuur aan 1 persoon")
        hands.touch(anna.page.locator("dialog[open] button", has_text="Verstuur"))
    expect(anna.page.get_by_text("Verstuurd aan 1 persoon.").first).to_be_visible()
    gijs.page.goto(evening)
    gijs.send_form("/registration/withdraw")
    with bram.task("take the place") as hands:
        hands.press_in(bram.mail("Een plek voor je"), "Ja, ik kom")
        hands.press("Ja, ik kom")
    expect(bram.page.get_by_text("Je bent erbij").locator("visible=true").first).to_be_visible()


@pytest.mark.parametrize(
    ("task", "adds", "named", "words", "more", "answer"),
    [
        ("role", "Rol toevoegen", "De rol, in woorden", "Ontvangst van sprekers", "Wie doet het", "Bram"),
        ("date", "Datum toevoegen", "Wat komt er terug", "Algemene ledenvergadering", "Maand", "maart"),
    ],
)
def test_the_circles_book_is_written(
    enter: Enter, task: str, adds: str, named: str, words: str, more: str, answer: str
) -> None:
    anna = enter("anna")
    anna.page.goto("/circles/bedrijvenkring-demo")
    with anna.task(f"{task} in the book") as hands:
        hands.press("Het boek van de kring")
        hands.press(adds)
        hands.fill(named, words)
        (hands.choose if task == "date" else hands.fill)(more, answer)
        hands.press("Bewaar", exact=True)
    expect(anna.page.get_by_text(words)).to_be_visible()
