"""Text that leaves: slugs, Markdown made safe, lines cleaned for mail headers and calendars."""

import re
import unicodedata
from functools import lru_cache
from html.parser import HTMLParser
from typing import ClassVar

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from typing_extensions import override

from events.core.ids import short_code

MAX_NAME_LENGTH, MAX_DIGITS = 40, 4  # characters; digits in a word, as in a year
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["image", "heading", "lheading"]
)
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote"}
# Controls, separators and signs that turn the direction of what follows; joiners are part of words.
ENDS_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINK = re.compile(r"https?://[^\s<>\"\u2066-\u2069\u201c-\u201f\u00ab\u00bb]+", re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def slugify(title: str, *, code: str | None = None) -> str:
    """`words-of-the-title-x7k2m`: readable, and unguessable enough not to be counted through."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "ontmoet"
    return f"{words}-{code or short_code()}"


def plain_name(name: str) -> str:
    """A name that carries no message: no address, link, sign or long number, and cut at 40 characters.

    For mail to people who never asked for it. Without a dot or an @ no mail program makes a link of it.
    """
    letters = "".join(one if one.isalpha() or one.isdigit() or one in "-'’&" else " " for one in name)
    words = [word for word in letters.split() if sum(map(str.isdigit, word)) <= MAX_DIGITS]
    kept = ""
    for word in words:
        longer = f"{kept} {word}".strip()
        if len(longer) > MAX_NAME_LENGTH:
            break
        kept = longer
    return kept or " ".join(words)[:MAX_NAME_LENGTH]


@lru_cache(maxsize=256)
def markdown(source: str) -> Markup:
    """Markdown as safe HTML: no images, no headings, links to http(s) only.

    Kept, because a text that was made to hurt takes a tenth of a second, and is read by many.
    """
    html = nh3.clean(
        _markdown.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )
    return Markup(html)  # noqa: S704 - nh3 has just cleaned it


def linked(source: str) -> Markup:
    """One chat line: escaped, with its bare links made links."""
    parts: list[Markup | str] = []
    end = 0
    for found in _LINK.finditer(source):
        address = _without_trailing_signs(found[0])
        if address.endswith("//"):
            continue
        parts.append(source[end : found.start()])
        parts.append(
            Markup('<a href="{0}" rel="noopener nofollow ugc" target="_blank">{0}</a>').format(address)
        )
        end = found.start() + len(address)
    parts.append(source[end:])
    return Markup("").join(parts)


def _without_trailing_signs(address: str) -> str:
    """What ends the sentence does not belong to the link; a bracket does when it was opened inside it."""
    while address:
        last = address[-1]
        opening = _BRACKETS.get(last)
        if opening is not None and address.count(last) <= address.count(opening):
            return address
        if opening is None and last not in ".,;:!?'*_~\u2019\u2026":
            return address
        address = address[:-1]
    return address


def plain_text(html: str) -> str:
    """The words of an HTML mail, line by line; scripts, styles and quoted mails are left out."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """Collects text; `_hidden` counts the open elements whose text nobody is meant to read."""

    _BLOCKS: ClassVar[set[str]] = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "hr"}
    _HIDDEN: ClassVar[set[str]] = {"script", "style", "title", "blockquote", "template"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden.append(tag)
        elif tag in self._BLOCKS:
            self.parts.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        elif tag in self._BLOCKS:
            self.parts.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def clock_text(seconds: int) -> str:
    """Seconds as people write them: 754 → 12:34, 4354 → 1:12:34, -90 → -1:30."""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"-{text}" if seconds < 0 else text


def header_line(value: str) -> str:
    """A name or subject on one line: what ends a header or turns its direction goes, the words stay."""
    return " ".join(ENDS_A_LINE.sub(" ", value).split())
