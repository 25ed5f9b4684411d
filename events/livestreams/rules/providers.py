"""Parser of YouTube, Vimeo, PeerTube and video file URLs into (provider, reference)."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

MAX_LINK_LENGTH = 1500
MAX_REF_LENGTH = 500
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\\"'<>^`{}|]")
# A public host name; its last label starts with a letter, which excludes IP addresses.
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PRIVATE = re.compile(r".*\.(local|localhost|internal|intranet|lan|home|corp|arpa|invalid|onion)")
_LOCAL_HOSTS = {"localhost", "127.0.0.1"}
_YOUTUBE_HOSTS = re.compile(
    r"(?:(?:www|m|music|gaming|studio)\.)?youtube\.com|(?:www\.)?youtube-nocookie\.com"
)
_SHORT_YOUTUBE = {"youtu.be", "www.youtu.be"}
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
# Same length as a video id, but URLs of a channel or a playlist.
_NO_VIDEOS = {"live_stream", "videoseries"}
_YOUTUBE_PATH = re.compile(r"/(?:live|embed|shorts|v|e|watch)/([A-Za-z0-9_-]{11})/?")
_YOUTUBE_STUDIO = re.compile(r"/video/([A-Za-z0-9_-]{11})(?:/[a-z_-]*)*")
_YOUTUBE_QUERY = {"/watch", "/watch_popup", "/live_chat", "/live_dashboard", "/attribution_link"}
_VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com", "m.vimeo.com"}
_VIMEO_VIDEO = re.compile(
    r"/(?:channels/[a-z0-9_-]+/|groups/[a-z0-9_-]+/videos/|(?:showcase|album)/[0-9]+/video/|video/|videos/"
    r"|ondemand/[a-z0-9_-]+/)?([0-9]{4,12})(?:/([0-9a-f]{8,16}))?/?",
    re.IGNORECASE,
)
_VIMEO_EVENT = re.compile(r"/event/([0-9]{4,12})(?:/embed)?(?:/([0-9a-f]{8,16}))?(?:/interaction)?/?")
# Owner's pages: after the number comes a tab name or an unlisted video's code.
_VIMEO_OFFICE = re.compile(r"/manage/(videos|events)/([0-9]{4,12})(?:/([0-9a-f]{8,16}))?(?:/[a-z-]*)*")
_VIMEO_HASH = re.compile(r"[0-9a-f]{8,16}")
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PEERTUBE = re.compile(
    rf"/(?:w|videos/(?:watch|embed|update|manage))/({_UUID}|[1-9A-HJ-NP-Za-km-z]{{22}})(?:;[\w;=.-]*)?(?:/[a-z-]*)?"
)
_FILMS = {"hls": (".m3u8",), "mp4": (".mp4", ".webm")}


@dataclass(frozen=True)
class Source:
    """Provider and reference as stored with a livestream or recording."""

    provider: str
    ref: str


def parse_address(link: str, *, local: bool) -> Source | None:
    """The source that one absolute URL names, or None.

    `http` counts as `https`, except for files of this machine (`local`).
    """
    if len(link) > MAX_LINK_LENGTH or _UNSAFE.search(link):
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
        if local and host in _LOCAL_HOSTS:
            return _film(address)
        if port not in {None, 80}:
            return None  # an http port cannot be upgraded to https
        address, port = address._replace(scheme="https", netloc=host), None
    if address.scheme != "https" or not _HOST.fullmatch(host) or _PRIVATE.fullmatch(host):
        return None
    if port is None or port == 443:
        source = _known(host, address)
        if source is not None or _belongs_to_known(host):
            return source
    return _peertube(host, port, address) or _film(address)


def _belongs_to_known(host: str) -> bool:
    names = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com")
    return any(host == name or host.endswith("." + name) for name in names)


def _known(host: str, address: SplitResult) -> Source | None:
    if host in _SHORT_YOUTUBE:
        return _youtube(address.path.removeprefix("/live").strip("/"))
    if host == "studio.youtube.com":
        found = _YOUTUBE_STUDIO.fullmatch(address.path)
        return _youtube(found[1]) if found else None
    if _YOUTUBE_HOSTS.fullmatch(host):
        return _youtube_page(address)
    return _vimeo(address) if host in _VIMEO_HOSTS else None


def _youtube_page(address: SplitResult) -> Source | None:
    found = _YOUTUBE_PATH.fullmatch(address.path) or _YOUTUBE_STUDIO.fullmatch(address.path)
    if found:
        return _youtube(found[1])
    if address.path.rstrip("/") not in _YOUTUBE_QUERY:
        return None
    query = parse_qs(address.query)
    inner = query.get("u", [""])[0]  # attribution_link: path and query of the watch page
    return _youtube((query.get("v") or parse_qs(urlsplit(inner).query).get("v") or [""])[0])


def _youtube(video: str) -> Source | None:
    return Source("youtube", video) if _YOUTUBE_ID.fullmatch(video) and video not in _NO_VIDEOS else None


def _vimeo(address: SplitResult) -> Source | None:
    event, office = _VIMEO_EVENT.fullmatch(address.path), _VIMEO_OFFICE.fullmatch(address.path)
    if event:
        return _vimeo_source(f"event/{event[1]}", event[2])
    if office:
        kind, number, code = office.groups()
        return _vimeo_source(f"event/{number}" if kind == "events" else number, code)
    found = _VIMEO_VIDEO.fullmatch(address.path)
    return _vimeo_source(found[1], found[2] or parse_qs(address.query).get("h", [""])[0]) if found else None


def _vimeo_source(ref: str, code: str | None) -> Source | None:
    """`code` unlocks an unlisted video; an invalid one invalidates the link."""
    if code and not _VIMEO_HASH.fullmatch(code):
        return None
    return Source("vimeo", f"{ref}/{code}" if code else ref)


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
            ref = f"{address.scheme}://{host}{address.path}{query}"
            return Source(provider, ref) if len(ref) <= MAX_REF_LENGTH else None
    return None
