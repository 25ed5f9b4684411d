"""Someone with a browser and a mailbox."""

import re
import time
from email.message import EmailMessage
from typing import Protocol

from playwright.sync_api import Page

from tests.servers import Ontmoet

PATIENCE = 20.0  # seconds until a mail that does not come counts as lost


class Mailbox(Protocol):
    """Where mails arrive."""

    def to(self, address: str) -> list[EmailMessage]: ...


class Person:
    """One of the cast. `faults` collects what their browser complained of."""

    def __init__(self, name: str, page: Page, postbox: Mailbox, ontmoet: Ontmoet) -> None:
        self.name = name
        self.email = f"{name.lower()}@example.test"
        self.page = page
        self.faults: list[str] = []
        self._postbox = postbox
        self._ontmoet = ontmoet
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda message: self.faults.append(message.text) if message.type == "error" else None,
        )

    def mail(self, subject: str) -> EmailMessage:
        """The newest mail whose subject matches; waits for it to come."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            mails = [
                mail for mail in self._postbox.to(self.email) if re.search(subject, str(mail["Subject"]))
            ]
            if mails:
                return mails[-1]
            self.page.wait_for_timeout(100)
        got = [str(mail["Subject"]) for mail in self._postbox.to(self.email)]
        raise AssertionError(
            f"{self.name} got no mail like {subject!r}, only {got}\n{self._ontmoet.log()[-3000:]}"
        )

    def open_mail(self, subject: str) -> EmailMessage:
        """Follow the first personal link of a mail, as a reader would."""
        mail = self.mail(subject)
        body = mail.get_body(("plain",))
        assert body is not None
        links = re.findall(r"https?://\S+/k/\S+", body.get_content())
        assert links, body.get_content()
        self.page.goto(links[0])
        return mail

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press the button or link with this name."""
        button = self.page.get_by_role("button", name=name, exact=exact)
        target = button if button.count() else self.page.get_by_role("link", name=name, exact=exact)
        target.locator("visible=true").first.click()
