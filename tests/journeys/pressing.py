"""People of the demo circle who walk the tasks of `docs/presses.md`, with hands that count."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser_person import PHONE, Person, signed_in
from tests.journeys.conftest import Postbox
from tests.journeys.counting import Hands
from tests.journeys.test_third_party import with_other_site
from tests.support.cluster import alone
from tests.support.processes import Ontmoet

# (most presses, most fields); the button of a mail is a press.
MOST = {
    "schedule": (4, 2),
    "join": (3, 0),
    "register, member": (2, 0),
    "register, guest": (4, 2),
    "go live": (2, 0),
    "vote": (2, 0),
    "ask": (2, 1),
    "ask ahead": (1, 1),
    "yes, first time": (5, 0),
    "yes, returning": (2, 0),
    "accept": (2, 0),
    "another time": (2, 0),
    "decline": (2, 0),
    "decline, page": (1, 0),
    "cancel": (3, 0),
    "check room": (1, 0),
    "attach": (1, 0),
    "rewatch, own media": (2, 0),
    "rewatch, YouTube": (2, 0),
    "rewatch, never begun": (2, 0),
    "report": (1, 0),
    "share": (2, 0),
    "code for a slide": (2, 0),
    "series": (3, 1),
    "another like it": (2, 0),
    "move one": (2, 1),
    "wait": (1, 0),
    "take the place": (2, 0),
    "who waits": (1, 0),
    "write to who waits": (5, 2),
    "role in the book": (3, 2),
    "date in the book": (3, 2),
}
Enter = Callable[..., "Someone"]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Someone(Person):
    """Of the demo circle, or nobody yet; with hands that count."""

    def __init__(self, name: str, browser: Browser, demo: Ontmoet, postbox: Postbox, *, known: bool) -> None:
        context = with_other_site(browser.new_context(base_url=demo.url, locale="nl-NL", viewport=PHONE))
        context.set_default_timeout(20_000)
        page = signed_in(context, name) if known else context.new_page()
        super().__init__(name, page, postbox, demo)
        self.email = f"{name}@demo.test"
        self.hands = Hands(page)

    def next_morning(self) -> None:
        tomorrow = self.ontmoet.now().astimezone(AMSTERDAM) + timedelta(days=1)
        self.ontmoet.travel_to(tomorrow.replace(hour=9, minute=0))

    @contextmanager
    def task(self, name: str) -> Iterator[Hands]:
        """What is pressed and filled in here belongs to that task, and must not be more than its most."""
        self.hands.presses = self.hands.fields = 0
        if self.page.url != "about:blank":
            self.hands.settle()
        yield self.hands
        took = (self.hands.presses, self.hands.fields)
        sys.stdout.write(f"{name}: {took[0]} presses, {took[1]} fields\n")  # seen with -s
        assert took[0] <= MOST[name][0], f"{name} took {took}"
        assert took[1] <= MOST[name][1], f"{name} took {took}"


@pytest.fixture(scope="module")
def circle(
    tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str]
) -> Iterator[tuple[Ontmoet, Postbox]]:
    """The demo circle with real mail, evenings on YouTube and coffees in several states."""
    with alone(tmp_path_factory.mktemp("demo"), MAIL_URL=postbox[1], MAIL_PER_MINUTE="6000") as running:
        running.arrange("tests.journeys.arranging_tasks")
        yield running, postbox[0]


@pytest.fixture
def enter(browser: Browser, circle: tuple[Ontmoet, Postbox]) -> Iterator[Enter]:
    """Somebody with a phone of their own, signed in when `known`; no page may fail them."""
    came: list[Someone] = []

    def one(name: str, *, known: bool = True) -> Someone:
        came.append(Someone(name, browser, *circle, known=known))
        return came[-1]

    yield one
    faults = {person.name: person.faults for person in came if person.faults}
    for person in came:
        person.page.context.close()
    assert faults == {}
