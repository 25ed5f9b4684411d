"""Counts what a person presses and fills in, by the words they read; a mail's button counts as a press."""

from email.message import EmailMessage

from playwright.sync_api import Locator, Page, expect


class Hands:
    """Of one person at one page; never an address typed by hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.fields = 0

    def press(self, words: str, *, exact: bool = False) -> None:
        """A link, button or tab of the page."""
        there = self.page.get_by_role("link", name=words, exact=exact)
        for role in ("button", "tab"):
            there = there.or_(self.page.get_by_role(role, name=words, exact=exact))
        self.touch(there.locator("visible=true").first)

    def touch(self, there: Locator) -> None:
        """Something that has no words of its own to press, such as a tile with a time."""
        there.click()
        self.presses += 1
        self.settle()

    def press_in(self, mail: EmailMessage, words: str) -> None:
        """A button of a mail, as a mail program shows it."""
        body = mail.get_body(("html",))
        assert body is not None
        self.page.goto("about:blank")
        self.page.set_content(body.get_content(), wait_until="domcontentloaded")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words, exact=True).click()
        self.presses += 1
        self.settle()

    def settle(self) -> None:
        """Until the page that stands there now, a new one or the same, listens."""
        self.page.wait_for_load_state()
        expect(self.page.locator("html[data-ready]")).to_have_count(1)

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label).locator("visible=true").first.fill(words)
        self.fields += 1

    def choose(self, label: str, words: str) -> None:
        """One of a list."""
        self.page.get_by_label(label).locator("visible=true").first.select_option(label=words)
        self.fields += 1
