"""Text that leaves: slugs, Markdown made safe, lines cleaned for mail headers and calendars."""

import re
import unicodedata

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from events.core.ids import short_code

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["image", "heading", "lheading"]
)
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote"}
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def slugify(title: str, *, code: str | None = None) -> str:
    """`words-of-the-title-x7k2m`: readable, and unguessable enough not to be counted through."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "ontmoet"
    return f"{words}-{code or short_code()}"


def markdown(source: str) -> Markup:
    """Markdown as safe HTML: no images, no headings, links to http(s) only."""
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
        parts.append(source[end : found.start()])
        parts.append(
            Markup('<a href="{0}" rel="noopener nofollow ugc" target="_blank">{0}</a>').format(found[0])
        )
        end = found.end()
    parts.append(source[end:])
    return Markup("").join(parts)


def clock_text(seconds: int) -> str:
    """Seconds as people write them: 754 → 12:34, 4354 → 1:12:34, -90 → -1:30."""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"-{text}" if seconds < 0 else text


def header_line(value: str) -> str:
    """A name or subject that cannot break out of a mail header: no controls, no encoded words, no quotes."""
    value = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cf"} else c for c in value)
    value = re.sub(r"=\?|\?=", " ", value)
    return re.sub(r"\s+", " ", re.sub(r'[<>"\\]', "", value)).strip()
