"""Video sources: parses pasted links and builds player URLs from the parsed parts.

No pasted URL is used as typed: every URL on a page is built from fully matched parts.
"""

import re
from urllib.parse import urlsplit

from events.core.errors import Invalid
from events.livestreams.models import Livestream
from events.livestreams.rules.pasted_links import MAX_PASTE_LENGTH, find_links
from events.livestreams.rules.providers import Source, parse_address

__all__ = ["MAX_PASTE_LENGTH", "THIRD_PARTIES", "Source", "link_of", "parse_source", "player_of", "source_of"]
_OWN_FILM = re.compile(r"/static/[a-z0-9/-]{1,100}\.(m3u8|mp4)")
THIRD_PARTIES = ("youtube", "vimeo", "peertube")
_FRAMES = {
    "youtube": "https://www.youtube-nocookie.com",
    "vimeo": "https://player.vimeo.com",
    "vimeo-event": "https://vimeo.com",
}


def parse_source(link: str, *, local: bool = False, field: str = "source") -> Source:
    """The source that a link or embed snippet names. Raises Invalid (`bad_source`).

    `local` allows plain http on this machine, for development, and the demo's film among the own files.
    """
    if local and (own := _OWN_FILM.fullmatch(link.strip())):
        return Source("hls" if own[1] == "m3u8" else "mp4", own[0])
    read = (parse_address(address, local=local) for address in find_links(link))
    found = next((source for source in read if source is not None), None)
    if found is None:
        raise Invalid("bad_source", fields=[(field, "bad_source")])
    return found


def is_lasting(provider: str | None) -> bool:
    """Whether the link is that of a stream of one's own, not of the video of one evening."""
    return provider == "hls"


def link_of(provider: str | None, ref: str | None) -> str:
    """A URL that parses to the same source; empty without a source."""
    if not provider or not ref:
        return ""
    if provider == "youtube":
        return f"https://www.youtube.com/watch?v={ref}"
    if provider == "vimeo":
        return f"https://vimeo.com/{ref}"
    if provider == "peertube":
        host, _, video = ref.partition("/")
        return f"https://{host}/videos/watch/{video}" if "-" in video else f"https://{host}/w/{video}"
    return ref


def source_of(livestream: Livestream) -> dict[str, str]:
    """The livestream's source for pages and frames; empty if none is set."""
    return player_of(livestream.provider, livestream.source_ref)


def player_of(provider: str | None, ref: str | None) -> dict[str, str]:
    """{provider, ref, origin}, and for third parties `embed`: the player URL."""
    if not provider or not ref:
        return {}
    if provider not in THIRD_PARTIES:
        address = urlsplit(ref)
        origin = f"{address.scheme}://{address.netloc}" if address.netloc else ""  # empty for local files
        return {"provider": provider, "ref": ref, "origin": origin}
    origin, embed = _embed(provider, ref)
    return {"provider": provider, "ref": ref, "embed": embed, "origin": origin}


def _embed(provider: str, ref: str) -> tuple[str, str]:
    if provider == "youtube":
        origin = _FRAMES["youtube"]
        return origin, f"{origin}/embed/{ref}?enablejsapi=1&rel=0&playsinline=1"
    if provider == "vimeo":
        kind, _, rest = ref.partition("/")
        if kind == "event":
            number, _, code = rest.partition("/")
            origin = _FRAMES["vimeo-event"]
            return origin, f"{origin}/event/{number}/embed{'/' + code if code else ''}?dnt=1"
        origin = _FRAMES["vimeo"]
        return origin, f"{origin}/video/{kind}?{'h=' + rest + '&' if rest else ''}dnt=1"
    host, _, video = ref.partition("/")
    return f"https://{host}", f"https://{host}/videos/embed/{video}?api=1&p2p=0&warningTitle=0"
