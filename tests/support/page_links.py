"""HTML parser that collects what a page lets its reader press: links, forms and buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Pressable:
    """One link (`GET`), form or submit button of a page. `shape`: a script fills or shows it."""

    method: str
    address: str
    shape: bool


@dataclass
class Pressables(HTMLParser):
    """What one page offers, and the buttons on it that nothing listens to."""

    found: list[Pressable] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)
    open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id"):
            self.ids.add(given["id"])
        shape = self.inside("template") or self.waits_for_a_state()
        if tag == "a" and "href" in given:
            self.found.append(Pressable("GET", given["href"], shape))
        elif tag == "form" and given.get("method") != "dialog":
            self.found.append(Pressable(given.get("method", "get").upper(), given.get("action", ""), shape))
        elif tag == "button":
            self.look_at_button(given)
        if tag not in VOID:
            self.open.append((tag, given))

    def look_at_button(self, given: dict[str, str]) -> None:
        sends = given.get("type", "submit") == "submit" and ("form" in given or self.inside("form"))
        heard = (
            self.inside("template")
            or any(name.startswith("data-") for name in given)
            or any("data-module" in around or "data-part" in around for _tag, around in self.open)
        )
        if not sends and not heard:
            self.dead.append(str(given))

    @override
    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def waits_for_a_state(self) -> bool:
        """Whether this stands in a panel that the page shows only once its `data-state` has changed."""
        states = [around["data-state"] for _tag, around in self.open if "data-state" in around]
        shown = [around["data-states"].split() for _tag, around in self.open if "data-states" in around]
        return bool(states) and any(states[0] not in one for one in shown)

    def inside(self, tag: str) -> bool:
        return any(one == tag for one, _given in self.open)


def pressables_of(html: str) -> Pressables:
    page = Pressables()
    page.feed(html)
    return page
