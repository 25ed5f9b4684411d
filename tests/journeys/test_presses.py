"""Every task of an evening, walked from where it begins; the presses and fields it takes are bounded.

The figures, with those of before, stand in `docs/presses.md`.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.arranging_tasks import LOBBY, OVER
from tests.journeys.pressing import Enter, circle, enter

__all__ = ["circle", "enter"]
pytestmark = [pytest.mark.journey, pytest.mark.long]


def test_an_evening_is_scheduled_and_people_come(enter: Enter) -> None:
    anna = enter("anna")
    with anna.task("schedule") as hands:
        hands.press("Livestreams", exact=True)
        hands.press("Plan een livestream")
        hands.fill("Titel", "Wie neemt je zaak over?")
        hands.fill("Link van de stream", "https://www.youtube.com/watch?v=aqz-KE-bpKQ")
        hands.press("Bewaar als concept")
        hands.press("Publiceer")
    expect(anna.page.locator("#desk-head")).to_contain_text("Aangekondigd")
    gijs = enter("gijs", known=False)
    with gijs.task("register, member") as hands:
        hands.press_in(gijs.mail("Wie neemt je zaak over"), "Aanmelden")
        hands.press("Aanmelden")
    expect(gijs.page.locator("form[action$='/registration/withdraw']").first).to_be_attached()
    anna.page.goto("/circles/bedrijvenkring-demo/invite")
    anna.page.fill("[name=addresses]", "nieuw@demo.test")
    anna.send_form("/invite")
    new = enter("nieuw", known=False)
    with new.task("join") as hands:
        hands.press_in(new.mail("nodigt je uit"), "Lid worden")
        hands.press("Lid worden")
        hands.press("Overslaan")
    expect(new.page.get_by_role("heading", level=1)).to_be_visible()


def test_a_guest_of_a_public_evening(enter: Enter) -> None:
    guest = enter("gast", known=False)
    guest.page.goto("/livestreams/demo-open")
    with guest.task("register, guest") as hands:
        hands.press("Aanmelden")
        hands.fill("Je naam", "Gast")
        hands.fill("Je e-mailadres", guest.email)
        hands.press("Mail me de link")
        hands.press_in(guest.mail("Je link"), "Bevestig mijn plek")
        hands.press("Bevestig mijn plek")
    expect(guest.page.locator("form[action$='/registration/withdraw']").first).to_be_attached()


def test_in_the_room_and_before_the_evening(enter: Enter) -> None:
    bram = enter("bram")
    bram.page.goto("/livestreams/demo-live")
    expect(bram.page.locator("html[data-ready]")).to_have_count(1)
    with bram.task("vote") as hands:
        hands.press("Peilingen")
        hands.touch(bram.page.locator("label.poll-option:visible").first)
        expect(bram.page.locator(".bars:visible").first).to_contain_text("jouw stem")
    with bram.task("ask") as hands:
        hands.press("Vragen")
        hands.fill("Je vraag", "Wie tekent er voor akkoord?")
        hands.press("Stel", exact=True)
    expect(bram.page.locator("#questions-open")).to_contain_text("Wie tekent er voor akkoord?")
    bram.page.goto("/livestreams/demo-soon")
    with bram.task("ask ahead") as hands:
        hands.fill("Je vraag", "Wat reken je voor een spoedklus?")
        hands.press("Stel een vraag")
    expect(bram.page.get_by_text("Wat reken je voor een spoedklus?").first).to_be_visible()


def test_yes_to_a_coffee(enter: Enter) -> None:
    new, known = enter("eefje"), enter("dana")
    new.page.goto("/livestreams")
    new.page.get_by_role("link", name=OVER).first.click()
    new.page.wait_for_url(re.compile("/livestreams/."))
    with new.task("yes, first time") as hands:
        hands.press("Ja, koffie")
        for number in range(3):
            hands.touch(new.page.locator("label.time:visible").nth(number))
        hands.press("Ja, koffie")
    known.page.goto("/")
    with known.task("yes, returning") as hands:
        hands.press(f"Koffie na ‘{OVER}’")
        hands.press("Ja, koffie")
    for person in (new, known):
        expect(person.page).not_to_have_url(re.compile("/coffee$"))


def test_proposals_and_confirmed_coffees_are_answered_in_few_presses(enter: Enter) -> None:
    for name, task, words in (("hedwig", "accept", "Ja, graag"), ("lotte", "decline", "Nu even niet")):
        person = enter(name, known=False)
        with person.task(task) as hands:
            hands.press_in(person.mail("Koffie met"), words)
            hands.press(words)
        expect(person.page.get_by_role("button", name=words)).to_have_count(0)
    siem = enter("siem")
    siem.page.goto("/")
    siem.page.locator("a[href^='/coffees/']:visible").first.click()
    siem.page.wait_for_url(re.compile("/coffees/."))
    with siem.task("decline, page") as hands:
        hands.press("Nu even niet")
    expect(siem.page.get_by_role("button", name="Nu even niet")).to_have_count(0)
    jip = enter("jip", known=False)
    with jip.task("another time") as hands:
        hands.press_in(jip.mail("Koffie met"), "Ander moment")
        hands.press("Vraag deze tijd")
    expect(jip.page.get_by_role("button", name="Vraag deze tijd").locator("visible=true")).to_have_count(0)
    nienke, puck = enter("nienke", known=False), enter("puck", known=False)
    with nienke.task("check room") as hands:
        hands.press_in(nienke.mail("staat vast|vast"), "Test camera en microfoon")
    expect(nienke.page).to_have_url(re.compile("/check"))
    with puck.task("cancel") as hands:
        hands.press_in(puck.mail("staat vast|vast"), "Bekijk de koffie")
        hands.press("Zeg af")
        hands.touch(puck.page.locator("dialog[open] button", has_text="Zeg af"))
    expect(puck.page.get_by_role("button", name="Zeg af").locator("visible=true")).to_have_count(0)


def test_from_going_live_to_the_recording(enter: Enter) -> None:
    anna, chris = enter("anna"), enter("chris")
    anna.page.goto("/")
    with anna.task("go live") as hands:
        hands.press(LOBBY)
        hands.press("Ga live")
    expect(anna.page.locator("#desk-head")).to_contain_text("minuten bezig")
    anna.page.goto("/")
    with anna.task("report") as hands:
        hands.press("Verslag")
    expect(anna.page).to_have_url(re.compile("/report"))
    anna.page.goto("/")
    with anna.task("attach") as hands:
        hands.press("Toon de video van YouTube")
    expect(anna.page.get_by_text("De opname staat op de pagina.").first).to_be_visible()
    anna.press_dialog("/recording/announce")
    chris.page.goto("/")
    with chris.task("rewatch, never begun") as hands:
        row = chris.page.locator("li", has_text=OVER)
        hands.touch(row.get_by_role("link", name="Terugkijken"))
        hands.press("Terugkijken")
    expect(chris.page.locator(".screen iframe")).to_be_attached()
    anna.page.goto("/livestreams/demo-recorded/recording")
    anna.press_dialog("/recording/announce")
    floor = enter("floor", known=False)
    floor.next_morning()  # an announcement came today, and one mail of the circle comes a day
    with floor.task("rewatch, YouTube") as hands:
        hands.press_in(floor.mail("storing"), "Terugkijken")
        hands.press("Terugkijken")
    expect(floor.page.locator(".screen iframe")).to_be_attached()
    floor.next_morning()
    with floor.task("rewatch, own media") as hands:
        hands.press_in(floor.mail("Personeel"), "Terugkijken")
        hands.press("Terugkijken")
    expect(floor.page.locator(".replay-picture video")).to_be_attached()
