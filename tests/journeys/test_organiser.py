"""A visitor without an account begins a circle on the home page and publishes; presses are counted."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser_person import Person
from tests.journeys.counting import Hands

pytestmark = pytest.mark.journey
MAX_PRESSES = 6  # and one press on the link in the mail
MAX_FIELDS = 5


def test_from_the_home_page_to_a_published_livestream(people: dict[str, Person]) -> None:
    eva, bram = people["Olga"], people["Bram"]  # on a phone, and without an account
    hands = Hands(eva.page)
    eva.page.goto("/")
    hands.press("Begin een kring")
    expect(eva.page.get_by_role("heading", level=1)).to_have_text("Begin een kring")
    hands.fill("Naam van de kring", "Ring van Olga")
    hands.fill("Je naam", "Olga")
    hands.fill("E-mailadres", eva.email)
    hands.press("Begin de kring")
    eva.page.context.clear_cookies()  # the mail opens in another browser
    eva.open_mail("kring")
    hands.press("Begin de kring")
    expect(eva.page).to_have_url(re.compile(r"/circles/ring-van-olga-\w+/livestreams/new$"))
    hands.fill("Titel", "Onze eerste avond")
    hands.press("Bewaar als concept")
    expect(eva.page).to_have_url(re.compile(r"/circles/ring-van-olga-\w+/invite$"))
    hands.fill("E-mailadressen", bram.email)
    hands.press("Verstuur uitnodigingen")
    hands.press("Publiceer ‘Onze eerste avond’")
    expect(eva.page).to_have_url(re.compile(r"/livestreams/onze-eerste-avond-\w+/desk$"))
    expect(eva.page.locator("#desk-head")).to_contain_text("Aangekondigd")
    assert hands.presses <= MAX_PRESSES
    assert hands.fields <= MAX_FIELDS
    bram.open_mail("Ring van Olga")
    bram.send_form("/k/")
    expect(bram.page.get_by_text("Onze eerste avond")).to_be_visible()
    bram.mail("Onze eerste avond")  # announced before he joined, and told now
    bram.page.get_by_role("button", name="Aanmelden").click()
    expect(bram.page.locator("form[action$='/registration/withdraw']").first).to_be_attached()
    eva.page.goto("/")
    expect(eva.page.get_by_role("link", name="Naar de regie")).to_be_visible()
