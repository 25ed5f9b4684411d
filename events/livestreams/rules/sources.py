"""A pasted link becomes (provider, ref) here, or is refused; and back into a player of our own building.

Nothing of a pasted link is ever used as it came: every address that reaches a page is built from parts
that were matched in full.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from events.core.errors import Invalid
from events.livestreams.models import Livestream

LONGEST_LINK = 500
THIRD_PARTIES = ("youtube", "vimeo", "peertube")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\\"'<>^`{}|]")
# A public name: labels and a last one that starts with a letter, so that no address in numbers passes.
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PRIVATE = re.compile(r".*\.(local|localhost|internal|intranet|lan|home|corp|arpa|invalid|onion)")
_LOCAL_HOSTS = {"localhost", "127.0.0.1"}
_YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"}
_NOCOOKIE_HOSTS = {"youtube-nocookie.com", "www.youtube-nocookie.com"}
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:live|embed|shorts|v)/([A-Za-z0-9_-]{11})/?")
_VIMEO_VIDEO = re.compile(r"/(?:channels/[a-z0-9_-]+/|video/)?([0-9]{4,12})(?:/([0-9a-f]{8,16}))?/?")
_VIMEO_EVENT = re.compile(r"/event/([0-9]{4,12})(?:/embed)?(?:/([0-9a-f]{8,16}))?/?")
_VIMEO_HASH = re.compile(r"[0-9a-f]{8,16}")
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PEERTUBE = re.compile(rf"/(?:w|videos/watch|videos/embed)/({_UUID}|[1-9A-HJ-NP-Za-km-z]{{22}})/?")
_FILMS = {"hls": (".m3u8",), "mp4": (".mp4", ".webm")}
_FRAMES = {
    "youtube": "https://www.youtube-nocookie.com",
    "vimeo": "https://player.vimeo.com",
    "vimeo-event": "https://vimeo.com",
}


@dataclass(frozen=True)
class Source:
    """Where the film comes from: what the row keeps."""

    provider: str
    ref: str


def parse_source(link: str, *, local: bool = False, field: str = "source") -> Source:
    """The source that a pasted link names; Invalid (`bad_source`) for all else.

    `local` allows plain http on this machine, for development.
    """
    found = _parse(link.strip(), local)
    if found is None:
        raise Invalid("bad_source", fields=[(field, "bad_source")])
    return found


def link_of(provider: str | None, ref: str | None) -> str:
    """The address to show in a form again; it parses to the same source. Empty without a source."""
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
    """The livestream's source as pages and frames carry it; empty when none is set."""
    return player_of(livestream.provider, livestream.source_ref)


def player_of(provider: str | None, ref: str | None) -> dict[str, str]:
    """{provider, ref, origin} and for third parties `embed`, the address of their player as we build it."""
    if not provider or not ref:
        return {}
    if provider not in THIRD_PARTIES:
        address = urlsplit(ref)
        origin = f"{address.scheme}://{address.netloc}" if address.netloc else ""  # our own
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


def _parse(link: str, local: bool) -> Source | None:
    if len(link) > LONGEST_LINK or _UNSAFE.search(link):
        return None
    try:
        address = urlsplit(link)
        port = address.port
    except ValueError:
        return None
    host = address.hostname or ""
    if "@" in address.netloc or address.netloc.endswith(":") or port == 0:
        return None
    if address.scheme == "http":
        return _film(address) if local and host in _LOCAL_HOSTS else None
    if address.scheme != "https" or not _HOST.fullmatch(host) or _PRIVATE.fullmatch(host):
        return None
    if port is None or port == 443:
        known = _known(host, address)
        if known is not None or _belongs_to_known(host):
            return known
    return _peertube(host, port, address) or _film(address)


def _belongs_to_known(host: str) -> bool:
    names = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com")
    return any(host == name or host.endswith("." + name) for name in names)


def _known(host: str, address: SplitResult) -> Source | None:
    if host == "youtu.be":
        return _youtube(address.path.strip("/"))
    if host in _YOUTUBE_HOSTS and address.path.rstrip("/") == "/watch":
        return _youtube(parse_qs(address.query).get("v", [""])[0])
    if host in _YOUTUBE_HOSTS | _NOCOOKIE_HOSTS:
        found = _YOUTUBE_PATH.fullmatch(address.path)
        return _youtube(found[1]) if found else None
    if host in {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}:
        return _vimeo(address)
    return None


def _youtube(video: str) -> Source | None:
    # "live_stream" is as long as an id: the address of a whole channel, which names no one livestream.
    if not _YOUTUBE_ID.fullmatch(video) or video == "live_stream":
        return None
    return Source("youtube", video)


def _vimeo(address: SplitResult) -> Source | None:
    found = _VIMEO_EVENT.fullmatch(address.path)
    if found:
        return Source("vimeo", "/".join(["event", found[1], *([found[2]] if found[2] else [])]))
    found = _VIMEO_VIDEO.fullmatch(address.path)
    if not found:
        return None
    code = found[2] or parse_qs(address.query).get("h", [""])[0]
    if code and not _VIMEO_HASH.fullmatch(code):
        return None
    return Source("vimeo", f"{found[1]}/{code}" if code else found[1])


def _peertube(host: str, port: int | None, address: SplitResult) -> Source | None:
    found = _PEERTUBE.fullmatch(address.path)
    if not found:
        return None
    return Source("peertube", f"{host}{f':{port}' if port and port != 443 else ''}/{found[1]}")


def _film(address: SplitResult) -> Source | None:
    for provider, endings in _FILMS.items():
        if address.path.lower().endswith(endings):
            host = (address.hostname or "") + (f":{address.port}" if address.port else "")
            query = f"?{address.query}" if address.query else ""
            return Source(provider, f"{address.scheme}://{host}{address.path}{query}")
    return None
