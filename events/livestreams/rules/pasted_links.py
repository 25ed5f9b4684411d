"""URL extraction from pasted text: a link, a sentence with a link, or an HTML embed snippet."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

MAX_PASTE_LENGTH = 4000  # characters: WordPress and Vimeo snippets run to about 1,500
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![0-9]{1,5}(?:[/?#]|$))", re.IGNORECASE)
_HOSTLIKE = re.compile(r"https?://\S+|(?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]{1,5})?/\S+", re.IGNORECASE)
_SHORTCODE = re.compile(r"\[/?(?:embed|url|video)\b[^\]]{0,200}\]", re.IGNORECASE)
_AROUND = "\"'()[]<>.,;!*"  # punctuation around links in sentences, Markdown and mails
MAX_TAGS = 60  # bounds parsing: each unclosed tag is searched to the end of the text
_PLAYERS = {"iframe", "embed", "video", "source", "object"}
# Redirectors of search engines, chat and mail, with the parameter that holds the URL.
_WRAPPERS = re.compile(
    r"(?:www\.google\.[a-z.]{2,6}|l\.facebook\.com|lm\.facebook\.com|l\.instagram\.com|www\.linkedin\.com"
    r"|[a-z0-9-]+\.safelinks\.protection\.outlook\.com|consent\.youtube\.com)"
)
_WRAPPED = ("url", "q", "u", "continue")


def find_links(text: str) -> list[str]:
    """Absolute URLs, likeliest first; empty if the text has none or is ambiguous.

    Text without spaces or tags is one link and is returned whole.
    """
    text = text.strip()
    if len(text) > MAX_PASTE_LENGTH or text.count("<") > MAX_TAGS:
        return []
    if "<" in text and not re.fullmatch(r"<[^<>\s]+>", text):
        return [_complete(link) for link in _in_snippet(text)]
    words = [word.strip(_AROUND) for word in re.split(r"\s+|\]\(", _SHORTCODE.sub(" ", text).strip())]
    if len(words) == 1:
        return [_unwrap(_complete(words[0]))]
    found = dict.fromkeys(_unwrap(_complete(word)) for word in words if _HOSTLIKE.fullmatch(word))
    return list(found) if len(found) == 1 else []


def _complete(link: str) -> str:
    """Prepend https if the link has no scheme; other schemes stay, to be refused."""
    if link.startswith("//"):
        return f"https:{link}"
    if link[:7].lower() == "http://":
        return f"http://{link[7:]}"
    return link if not link or _SCHEME.match(link) else f"https://{link}"


def _unwrap(link: str) -> str:
    """The URL inside a redirector's link, one level deep."""
    try:
        address = urlsplit(link)
        if not _WRAPPERS.fullmatch(address.hostname or ""):
            return link
    except ValueError:
        return link
    query = parse_qs(address.query)
    return next((query[name][0] for name in _WRAPPED if query.get(name, [""])[0].startswith("http")), link)


def _in_snippet(text: str) -> Iterator[str]:
    reader = _Snippet()
    reader.feed(text)
    reader.close()
    yield from reader.players or reader.others


class _Snippet(HTMLParser):
    """URLs in the attributes of an HTML snippet, players apart from plain links."""

    def __init__(self) -> None:
        super().__init__()
        self.players: list[str] = []
        self.others: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value.strip() for name, value in attrs if value}
        if tag in _PLAYERS:
            self.players += [given[name] for name in ("src", "data-src", "data") if name in given]
        elif tag == "lite-youtube" and "videoid" in given:
            self.players.append(f"https://youtu.be/{given['videoid']}")
        else:
            self.others += [given[name] for name in ("cite", "href") if name in given]
