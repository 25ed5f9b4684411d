"""Not me, a colleague: Chris says that he works there too, and Bram hands a coffee on to him."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser_person import DESK, PHONE, Person, signed_in
from tests.journeys.conftest import Postbox
from tests.journeys.counting import Hands
from tests.support.cluster import alone
from tests.support.processes import Ontmoet

pytestmark = pytest.mark.journey
CIRCLE = "/circles/bedrijvenkring-demo"


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str]
) -> Iterator[tuple[Ontmoet, Postbox]]:
    home = tmp_path_factory.mktemp("companies")
    with alone(home, MAIL_URL=postbox[1], MAIL_PER_MINUTE="6000") as running:
        yield running, postbox[0]


def test_a_coffee_goes_on_to_a_colleague_whom_the_other_accepts(
    browser: Browser, demo: tuple[Ontmoet, Postbox]
) -> None:
    ontmoet, postbox = demo
    tomorrow = ontmoet.now() + timedelta(days=1)
    ontmoet.travel_to(tomorrow.replace(hour=9, minute=0))
    contexts = [
        browser.new_context(base_url=ontmoet.url, locale="nl-NL", viewport=view)
        for view in (PHONE, DESK, PHONE, PHONE, PHONE)
    ]
    gijs, bram, chris = (
        Person(name, signed_in(context, name.lower()), postbox, ontmoet)
        for name, context in zip(("Gijs", "Bram", "Chris"), contexts, strict=False)
    )
    at_mail = [
        Person(name, context.new_page(), postbox, ontmoet)
        for name, context in zip(("Chris", "Gijs"), contexts[3:], strict=True)
    ]
    for person in (gijs, bram, chris, *at_mail):
        person.email = f"{person.name.lower()}@demo.test"

    hands = Hands(chris.page)
    chris.page.goto(f"{CIRCLE}/companies?q=Bram")
    hands.press("Bram Installatie")
    hands.press("Ik werk hier ook")
    expect(chris.page.get_by_role("heading", name="Bram", exact=True)).to_be_visible()

    gijs.page.goto(f"{CIRCLE}/members?q=Bram")
    Hands(gijs.page).press("Nodig Bram uit voor een koffie")
    Hands(gijs.page).press("Nodig Bram uit")
    expect(gijs.page).to_have_url(re.compile(r"/coffees/[a-z0-9]+"))

    hands = Hands(bram.page)
    bram.page.goto(gijs.page.url.split("?")[0])
    hands.press("Ik niet, een collega van me")
    hands.press("Vragen", exact=True)
    assert hands.presses == 2
    expect(bram.page.get_by_text("Je hebt het Chris gevraagd")).to_be_visible()

    colleague, other = at_mail
    hands = Hands(colleague.page)
    asked = colleague.mail("Koffie met Gijs, in plaats van Bram")
    hands.press_in(asked, "Ja, graag")
    hands.press("Ja, graag")
    assert hands.presses == 2
    expect(colleague.page.get_by_text("Je komt in de plaats van je collega Bram.")).to_be_visible()

    hands = Hands(other.page)
    proposal = other.mail("Er komt een collega: koffie met Chris")
    hands.press_in(proposal, "Ja, graag")
    hands.press("Ja, graag")
    assert hands.presses == 2
    expect(other.page.get_by_text("Staat vast").first).to_be_visible()
    bram.page.reload()
    bram.mail("Doorgegeven: koffie met Gijs")
    bram.page.goto(gijs.page.url.split("?")[0])
    expect(bram.page.get_by_text("Chris komt in jouw plaats")).to_be_visible()
    for person in (gijs, bram, chris, *at_mail):
        assert person.faults == [], person.name
    for context in contexts:
        context.close()
