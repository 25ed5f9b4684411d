"""A person with a browser and a mailbox."""

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Protocol

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    ViewportSize,
    expect,
)

from events.seed.run import PASSWORD
from tests.support.processes import Ontmoet

TIMEOUT_SECONDS = 20.0  # seconds until a mail that does not come counts as lost
BUSY = 40  # seconds for a page when several browsers with pictures share a machine
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1000, "height": 700}


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
        self.ontmoet = ontmoet
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._note_console)
        page.on("response", self._note_response)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")

    def mail(self, subject: str, *, with_calendar: bool = False) -> EmailMessage:
        """The newest mail whose subject matches, if asked with a calendar file; waits for it to come."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            mails = [
                mail
                for mail in self._postbox.to(self.email)
                if re.search(subject, str(mail["Subject"])) and (not with_calendar or _has_calendar(mail))
            ]
            if mails:
                return mails[-1]
            self.page.wait_for_timeout(100)
        got = [str(mail["Subject"]) for mail in self._postbox.to(self.email)]
        raise AssertionError(
            f"{self.name} got no mail like {subject!r}, only {got}\n{self.ontmoet.log()[-3000:]}"
        )

    def received(self) -> list[EmailMessage]:
        """Every mail that came so far, oldest first."""
        return self._postbox.to(self.email)

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Give what is under way time to arrive."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not happened():
            assert time.monotonic() < deadline, f"{self.name} waited in vain\n{self.ontmoet.log()[-3000:]}"
            self.page.wait_for_timeout(100)

    def open_mail(self, subject: str) -> EmailMessage:
        """Follow the first personal link of a mail, as a reader would."""
        mail = self.mail(subject)
        body = mail.get_body(("plain",))
        assert body is not None
        links = re.findall(r"https?://\S+/k/\S+", body.get_content())
        assert links, body.get_content()
        self.page.goto(links[0])
        return mail

    def send_form(self, action: str) -> None:
        """Press the button of the visible form that goes there."""
        form = self.page.locator(f"form[action*='{action}'], form:not([action])[method=post]")
        inside = form.locator("button[type=submit]:visible, button:not([type]):visible")
        below = self.page.locator("button[form]:visible")  # the bar on a phone
        with self._answered():
            (inside if inside.count() else below).first.click()

    def press_dialog(self, action: str) -> None:
        """Open the dialog that asks first, and confirm in it; or press the form at once if there is none."""
        form = self.page.locator(f"form[action$='{action}']").first
        dialog = self.page.locator("dialog", has=form).first
        if dialog.count():
            name = dialog.get_attribute("id")
            self.page.locator(f"[data-dialog='{name}']:visible").first.click()
        with self._answered():
            form.locator("button[type=submit], button:not([type])").first.click()

    @contextmanager
    def _answered(self) -> Iterator[None]:
        """Until the form that is sent in here was answered and the page that follows stands there.

        A click alone waits for neither, and whatever opens the next page would break the sending off.
        """
        self.page.evaluate("() => { document.documentElement.dataset.left = ''; }")
        with self.page.expect_response(lambda response: response.request.method == "POST") as answered:
            yield
        if answered.value.request.is_navigation_request():
            expect(self.page.locator("html[data-left]")).to_have_count(0)
            self.page.wait_for_load_state()

    def choose(self, name: str, value: str) -> None:
        """Tick the radio button or tile of that value."""
        option = self.page.locator(f"input[name={name}][value={value}]")
        option.first.check(force=True)

    def mark_page(self) -> None:
        """Put a mark into the open page that a new load would lose."""
        self.page.evaluate("() => { window.sameAsBefore = true; }")

    def page_is_the_same(self) -> bool:
        return bool(self.page.evaluate("() => window.sameAsBefore === true"))


def _has_calendar(mail: EmailMessage) -> bool:
    return any(part.get_content_type() == "text/calendar" for part in mail.walk())


@contextmanager
def with_cameras(
    browser: Browser, demo: Ontmoet, names: Iterable[str], *, on_a_phone: Collection[str]
) -> Iterator[dict[str, Page]]:
    """People of the demo circle, signed in, each with camera and microphone; no page may fail."""
    contexts: list[BrowserContext] = []
    pages: dict[str, Page] = {}
    faults: list[str] = []
    for name in names:
        context = browser.new_context(
            base_url=demo.url,
            locale="nl-NL",
            viewport=PHONE if name in on_a_phone else DESK,
            permissions=["camera", "microphone"],
        )
        context.set_default_timeout(BUSY * 1000)
        contexts.append(context)
        pages[name] = signed_in(context, name)
        pages[name].on("pageerror", lambda error: faults.append(str(error)))
    yield pages
    for context in contexts:
        context.close()
    assert faults == []


def signed_in(context: BrowserContext, name: str) -> Page:
    """A page of somebody of the demo circle."""
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", f"{name}@demo.test")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/$|/today"))
    return page
