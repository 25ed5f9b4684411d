"""Fixtures of journeys: a running product, a mail server that keeps its mail, and browsers."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.journeys.browser_person import Person
from tests.support.chromium import launch
from tests.support.cluster import alone
from tests.support.processes import Ontmoet, free_port

TIMEOUT_MS = 20_000  # milliseconds until what a page should show counts as missing; machines may be busy
expect.set_options(timeout=TIMEOUT_MS)


class Postbox:
    """A real SMTP server on loopback that keeps every mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == address]


@pytest.fixture(scope="session", autouse=True)
def _quickly(quick_servers: None) -> None:
    """Nearly every test starts servers."""


@pytest.fixture(scope="module")
def postbox() -> Iterator[tuple[Postbox, str]]:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture(scope="module")
def ontmoet(tmp_path_factory: pytest.TempPathFactory, postbox: tuple[Postbox, str]) -> Iterator[Ontmoet]:
    """The product with an empty database, sending real mail."""
    running = Ontmoet(tmp_path_factory.mktemp("ontmoet"), MAIL_URL=postbox[1])
    running.flask("upgrade")
    running.start()
    yield running
    running.end()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ontmoet]:
    """The product with the demo circle."""
    with alone(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def people(browser: Browser, ontmoet: Ontmoet, postbox: tuple[Postbox, str]) -> Iterator[dict[str, Person]]:
    """Anna, Bram, Chris, Dana and Olga, each with a browser of their own; Dana and Olga on a phone."""
    contexts: list[BrowserContext] = []
    found: dict[str, Person] = {}
    for name, phone in (("Anna", False), ("Bram", False), ("Chris", False), ("Dana", True), ("Olga", True)):
        context = browser.new_context(
            base_url=ontmoet.url,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            permissions=["camera", "microphone"],
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        found[name] = Person(name, context.new_page(), postbox[0], ontmoet)
    yield found
    faults = {name: person.faults for name, person in found.items() if person.faults}
    for context in contexts:
        context.close()
    assert faults == {}
