"""Finds the web addresses in pasted text: a link, a sentence that has one, or an HTML embed snippet."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

MAX_PASTE_LENGTH = 4000  # characters: WordPress and Vimeo snippets run to about 1,500
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![0-9]{1,5}(?:[/?#]|$))", re.IGNORECASE)
_HOSTLIKE = re.compile(r"https?://\S+|(?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]{1,5})?/\S+", re.IGNORECASE)
_SHORTCODE = re.compile(r"\[/?(?:embed|url|video)\b[^\]]{0,200}\]", re.IGNORECASE)
_AROUND = "\"'()[]<>.,;!*"  # signs that a sentence, Markdown or a mail program puts around a link
MAX_TAGS = 60  # of a snippet; an unclosed one is looked for to the end of the text, each time
_PLAYERS = {"iframe", "embed", "video", "source", "object"}
# Redirectors of search pages, chat and mail programs, and the parameter that holds the real address.
_WRAPPERS = re.compile(
    r"(?:www\.google\.[a-z.]{2,6}|l\.facebook\.com|lm\.facebook\.com|l\.instagram\.com|www\.linkedin\.com"
    r"|[a-z0-9-]+\.safelinks\.protection\.outlook\.com|consent\.youtube\.com)"
)
_WRAPPED = ("url", "q", "u", "continue")


def find_links(text: str) -> list[str]:
    """Addresses with a scheme, the likeliest first. Empty when the text names several places or none.

    A text without spaces or tags is one link and comes back whole: nothing is cut out of a strange address.
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
    """The link with https, which is what is played; another scheme stays, to be refused."""
    if link.startswith("//"):
        return f"https:{link}"
    if link[:7].lower() == "http://":
        return f"http://{link[7:]}"
    return link if not link or _SCHEME.match(link) else f"https://{link}"


def _unwrap(link: str) -> str:
    """The address inside a redirector's link, once; any other link as it is."""
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
    """Addresses in the attributes of an HTML snippet: those of players apart from those of mere links."""

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
