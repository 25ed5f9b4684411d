"""Ways back into a round, from its mails: a yes with another partner, a no and back, one more time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Postbox
from tests.journeys.pressing import Someone
from tests.support.cluster import alone
from tests.support.processes import Ontmoet

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def circle(
    tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str]
) -> Iterator[tuple[Ontmoet, Postbox]]:
    with alone(tmp_path_factory.mktemp("demo"), MAIL_URL=postbox[1], MAIL_PER_MINUTE="6000") as running:
        running.arrange("tests.journeys.arranging_ways_back")
        yield running, postbox[0]


def enter(name: str, browser: Browser, circle: tuple[Ontmoet, Postbox]) -> Someone:
    return Someone(name, browser, *circle, known=False)


def test_a_yes_from_the_mail_carries_another_partner(
    browser: Browser, circle: tuple[Ontmoet, Postbox]
) -> None:
    hedwig = enter("hedwig", browser, circle)
    hedwig.hands.press_in(hedwig.mail("Koffie met"), "Ja, graag")
    ticked = hedwig.page.get_by_label("Gaat het niet door, dan graag met iemand anders")
    expect(ticked).to_be_checked()
    hedwig.hands.press("Ja, graag")
    expect(hedwig.page.get_by_role("button", name="Vraag het me toch eerst")).to_be_visible()
    assert hedwig.faults == []


def test_a_no_from_the_mail_leads_back_into_the_round(
    browser: Browser, circle: tuple[Ontmoet, Postbox]
) -> None:
    lotte = enter("lotte", browser, circle)
    lotte.hands.press_in(lotte.mail("Koffie met"), "Nu even niet")
    lotte.hands.press("Nu even niet")
    expect(lotte.page.get_by_role("heading", name="Toch nog een koffie in deze ronde?")).to_be_visible()
    assert lotte.page.locator("input[name=times]:checked").count() == 2, "chosen before"
    lotte.hands.press("Ja, toch nog een koffie")
    expect(lotte.page.get_by_text("Je doet weer mee.")).to_be_visible()
    assert lotte.faults == []


def test_one_more_time_is_one_tap_from_the_mail(browser: Browser, circle: tuple[Ontmoet, Postbox]) -> None:
    jip = enter("jip", browser, circle)
    jip.hands.press_in(jip.mail("Koffie: zou"), "Ja, dat lukt")
    expect(jip.page.get_by_role("heading", level=1)).to_contain_text("lukken?")
    jip.hands.press("Ja, dat lukt")
    expect(jip.page.get_by_text("Je hebt ja gezegd.")).to_be_visible()
    assert jip.faults == []
