"""Text output: slugs, safe Markdown, links in chat, plain text of HTML, single lines for mail
headers.
"""

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
_MAIL_TEXT = "font:400 17px/26px -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#2b1c12;"
_MAIL_STYLES = {
    "p": {"class": "ink", "style": f"margin:0 0 14px;{_MAIL_TEXT}"},
    "ul": {"class": "ink", "style": f"margin:0 0 14px;padding:0 0 0 22px;{_MAIL_TEXT}"},
    "ol": {"class": "ink", "style": f"margin:0 0 14px;padding:0 0 0 22px;{_MAIL_TEXT}"},
    "a": {"class": "link", "style": "color:#1f4b99;"},
    "blockquote": {"style": "margin:0 0 14px;padding:0 0 0 16px;border-left:3px solid #1f4b99;"},
    "pre": {"style": "white-space:pre-wrap;"},
}
# Controls, line separators and bidi controls; joiners are part of words.
ENDS_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINK = re.compile(r"https?://[^\s<>\"\u2066-\u2069\u201c-\u201f\u00ab\u00bb]+", re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def slugify(title: str, *, code: str | None = None) -> str:
    """`words-of-the-title-x7k2m`: readable, with random characters against enumeration."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "ontmoet"
    return f"{words}-{code or short_code()}"


def plain_name(name: str) -> str:
    """A name that can carry no message: no URL, punctuation or long number, cut at 40 characters.

    For mail to people who did not ask for it. Without a dot or @ no mail program makes it a link.
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
    """Markdown as safe HTML: no images or headings, links to http(s) and mailto only.

    Cached: a crafted text takes a tenth of a second, and many people read it.
    """
    html = nh3.clean(
        _markdown.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )
    return Markup(html)  # noqa: S704 - nh3 has just cleaned it


def mail_markdown(source: str) -> Markup:
    """As `markdown`, with the styles of a mail inline: mail programs drop style sheets."""
    html = nh3.clean(
        _markdown.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        set_tag_attribute_values=_MAIL_STYLES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return Markup(html)  # noqa: S704 - nh3 has just cleaned it


def linked(source: str) -> Markup:
    """A chat message, escaped, with its URLs as links."""
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
    """Strip sentence punctuation from a URL; a bracket stays if it was opened inside the URL."""
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
    """Text of an HTML mail, without scripts, styles and quoted mails."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """Text collector; `_hidden` is the stack of open elements whose text is not shown.

    CSS is not read: an element that hides the rest of a malformed mail would lose what was written.
    """

    _BLOCKS: ClassVar[set[str]] = {
        "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "pre", "dt", "dd",
        "section", "article", "header", "footer",
    }  # fmt: skip
    _CELLS: ClassVar[set[str]] = {"td", "th"}
    _HIDDEN: ClassVar[set[str]] = {"script", "style", "title", "blockquote", "template"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []
        self._preformatted = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden.append(tag)
        elif tag in self._BLOCKS:
            self._preformatted += tag == "pre"
            self.parts.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        elif tag in self._CELLS:
            self.parts.append(" ")
        elif tag in self._BLOCKS:
            self._preformatted -= tag == "pre" and self._preformatted > 0
            self.parts.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data if self._preformatted else re.sub(r"\s+", " ", data))


def clock_text(seconds: int) -> str:
    """Seconds as a duration: 754 → 12:34, 4354 → 1:12:34, -90 → -1:30."""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"-{text}" if seconds < 0 else text


def header_line(value: str) -> str:
    """The text on one line, without characters that end a header or change the text direction."""
    return " ".join(ENDS_A_LINE.sub(" ", value).split())
