"""A visitor without an account begins a circle, publishes, and gives it a logo and a colour."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

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
    _dress_up(eva, people["Chris"])
    bram.open_mail("Ring van Olga")
    bram.send_form("/k/")
    expect(bram.page.get_by_text("Onze eerste avond")).to_be_visible()
    bram.mail("Onze eerste avond")  # announced before he joined, and told now
    bram.page.get_by_role("button", name="Aanmelden").click()
    expect(bram.page.locator("form[action$='/registration/withdraw']").first).to_be_attached()
    eva.page.goto("/")
    expect(eva.page.get_by_role("link", name="Naar de regie")).to_be_visible()


def _dress_up(eva: Person, visitor: Person) -> None:
    """Logo, colour and a line for the circle's page, and what a visitor without an account then sees."""
    eva.page.goto("/")
    eva.page.locator("a.top-circle").click()
    expect(eva.page.locator(".circle-head")).to_be_visible()
    address = eva.page.url
    eva.page.goto(f"{address}/settings")
    before = eva.page.locator("[data-preview]").get_attribute("src")
    eva.page.get_by_role("radio", name="Eigen kleur").check()
    eva.page.locator("[type=color]").fill("#ffd400")
    expect(eva.page.locator("[data-preview]")).to_have_attribute("src", re.compile("colour=%23ffd400"))
    assert "ffd400" not in str(before)
    eva.page.get_by_label("Voor wie het is, in één regel").fill("Ondernemers aan de Rijn")
    eva.page.get_by_role("button", name="Bewaar").click()
    expect(eva.page.get_by_text("Ondernemers aan de Rijn")).to_be_visible()
    expect(eva.page.locator(".circle-head rect")).to_have_attribute("fill", "#ffd400")
    expect(eva.page.locator(".circle-head text")).to_have_attribute("fill", "#2b1c12")
    eva.page.goto(f"{address}/settings")
    picture = FilePayload(name="logo.png", mimeType="image/png", buffer=_drawn_logo())
    eva.page.get_by_label("Een afbeelding van het logo").set_input_files(picture)
    eva.page.get_by_role("button", name="Gebruik dit logo").click()
    expect(eva.page.get_by_text("Bewaard.")).to_be_visible()
    visitor.page.goto(address)
    logo = visitor.page.locator(".circle-head img")
    expect(logo).to_be_visible()
    assert logo.evaluate("image => image.complete && image.naturalWidth > 100")
    expect(visitor.page.get_by_text("Ondernemers aan de Rijn")).to_be_visible()
    expect(visitor.page.get_by_text("Onze eerste avond")).to_have_count(0)  # it is for members
    assert eva.faults == visitor.faults == []


def _drawn_logo() -> bytes:
    picture = Image.new("RGBA", (400, 120), (0, 0, 0, 0))
    picture.paste((31, 75, 153, 255), (10, 10, 390, 110))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
