"""A member who never registered is asked by mail the morning after an evening, and says yes on a phone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser_person import DESK, PHONE, Person, signed_in
from tests.journeys.conftest import Postbox
from tests.support.cluster import alone
from tests.support.mail_assertions import text_of
from tests.support.processes import Ontmoet

pytestmark = pytest.mark.journey
EVENING = "/livestreams/demo-live"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def circle(
    tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str]
) -> Iterator[tuple[Ontmoet, Postbox]]:
    """The demo circle with real mail; its evening is live."""
    home = tmp_path_factory.mktemp("asked")
    with alone(home, MAIL_URL=postbox[1], MAIL_PER_MINUTE="6000") as running:
        yield running, postbox[0]


def test_a_mail_the_next_morning_leads_to_a_yes_without_a_sign_in(
    browser: Browser, circle: tuple[Ontmoet, Postbox]
) -> None:
    ontmoet, postbox = circle
    desk = browser.new_context(base_url=ontmoet.url, locale="nl-NL", viewport=DESK)
    phone = browser.new_context(base_url=ontmoet.url, locale="nl-NL", viewport=PHONE)
    anna = Person("anna", signed_in(desk, "anna"), postbox, ontmoet)
    gijs = Person("gijs", phone.new_page(), postbox, ontmoet)
    gijs.email = "gijs@demo.test"
    anna.page.goto(f"{EVENING}/desk")
    anna.press_dialog("/end")
    ontmoet.travel_to(ontmoet.now() + timedelta(hours=1))  # the after-talk is over
    anna.page.wait_for_timeout(3000)
    morning = ontmoet.now().astimezone(AMSTERDAM) + timedelta(days=1)
    ontmoet.travel_to(morning.replace(hour=9, minute=0))
    mail = gijs.open_mail("^Koffie na ‘Offertes die een ja krijgen’")
    expect(gijs.page).to_have_url(re.compile(f"{EVENING}/coffee$"))
    assert "Je hoeft er niet bij te zijn geweest" in text_of(mail)
    for number in range(3):
        gijs.page.locator("label.time:visible").nth(number).click()
    gijs.send_form("/coffee")
    expect(gijs.page.locator("[data-status=opted_in]").first).to_be_attached()
    assert len([one for one in gijs.received() if "Offertes" in str(one["Subject"])]) == 1
    assert gijs.faults == anna.faults == []
    desk.close()
    phone.close()
