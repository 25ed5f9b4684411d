"""Sources: a pasted link opens exactly what it names, or is refused."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.errors import Invalid
from events.livestreams.rules.sources import Source, link_of, parse_source, player_of

UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
SHORT = "kkGMgK9ZtnKfYAgnEtQxbv"
GOOD = [
    ("https://www.youtube.com/watch?v=aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube.com/watch?app=desktop&v=aqz-KE-bpKQ&t=12s", "youtube", "aqz-KE-bpKQ"),
    ("https://m.youtube.com/watch?v=aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://youtube.com/live/aqz-KE-bpKQ?feature=share", "youtube", "aqz-KE-bpKQ"),
    ("https://youtu.be/aqz-KE-bpKQ?si=abc", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube.com/embed/aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube.com/shorts/aqz-KE-bpKQ/", "youtube", "aqz-KE-bpKQ"),
    ("  https://YouTube.com/watch?v=aqz-KE-bpKQ ", "youtube", "aqz-KE-bpKQ"),
    ("https://vimeo.com/76979871", "vimeo", "76979871"),
    ("https://vimeo.com/76979871/abcdef0123", "vimeo", "76979871/abcdef0123"),
    ("https://player.vimeo.com/video/76979871?h=abcdef0123", "vimeo", "76979871/abcdef0123"),
    ("https://vimeo.com/event/12345", "vimeo", "event/12345"),
    ("https://vimeo.com/event/12345/embed/abcdef0123", "vimeo", "event/12345/abcdef0123"),
    ("https://vimeo.com/channels/staffpicks/76979871", "vimeo", "76979871"),
    (f"https://framatube.org/w/{SHORT}", "peertube", f"framatube.org/{SHORT}"),
    (f"https://framatube.org/videos/watch/{UUID}", "peertube", f"framatube.org/{UUID}"),
    (f"https://tube.example.org:9443/videos/embed/{UUID}", "peertube", f"tube.example.org:9443/{UUID}"),
    ("https://cdn.example.org/a/live.m3u8?token=x", "hls", "https://cdn.example.org/a/live.m3u8?token=x"),
    ("https://cdn.example.org/Film.MP4", "mp4", "https://cdn.example.org/Film.MP4"),
    ("https://cdn.example.org/film.webm#t=3", "mp4", "https://cdn.example.org/film.webm"),
]
BAD = [
    "",
    "youtube",
    "aqz-KE-bpKQ",
    "youtube.com/watch?v=aqz-KE-bpKQ",
    "http://www.youtube.com/watch?v=aqz-KE-bpKQ",
    "ftp://youtube.com/watch?v=aqz-KE-bpKQ",
    "javascript:alert(1)//youtube.com/watch?v=aqz-KE-bpKQ",
    "data:text/html,film.mp4",
    "https://www.youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
    "https://notyoutube.com/watch?v=aqz-KE-bpKQ",
    "https://evil.youtube.com/film.mp4",
    "https://youtube.com@evil.example/film.mp4",
    "https://user:secret@cdn.example.org/film.mp4",
    "https://evil.example\\@youtube.com/watch?v=aqz-KE-bpKQ",
    "https://www.youtube.com/watch?v=aqz-KE-bpK'",
    'https://www.youtube.com/watch?v="onload=x',
    "https://www.youtube.com/watch?v=aqz-KE-bpKQxx",
    "https://www.youtube.com/watch?v=aqz-KE-bp%4b",
    "https://www.youtube.com/embed/live_stream?channel=UC123",
    "https://www.youtube.com/@somebody/live",
    "https://www.youtube.com/playlist?list=PL123",
    "https://www.youtube.com/live/aqz-KE-bpKQ/../x.mp4",
    "https://vimeo.com/about",
    "https://vimeo.com/76979871/<script>",
    "https://player.vimeo.com/video/76979871?h=';alert(1)",
    "https://evil.vimeo.com/film.m3u8",
    f"https://192.168.1.4/w/{SHORT}",
    f"https://[fe80::1]/w/{SHORT}",
    f"https://localhost/videos/watch/{UUID}",
    f"https://0x7f.1/videos/watch/{UUID}",
    f"https://peertube.local/videos/watch/{UUID}",
    f"https://intranet/videos/watch/{UUID}",
    f"https://tube.example.org;frame-src/videos/watch/{UUID}",
    "https://tube.example.org/w/p/" + SHORT,
    "https://169.254.169.254/latest/film.mp4",
    "https://cdn.example.org./film.mp4",
    "https://cdn.example.org:0/film.mp4",
    "https://cdn.example.org:99999/film.mp4",
    "https://cdn.example.org/film.mp4.exe",
    "https://cdn.example.org/film.mp4\nhttps://x",
    "https://cdn.example.org/fi lm.mp4",
    "https://cdn.exämple.org/film.mp4",
    "http://cdn.example.org/film.mp4",
    "http://localhost:8000/media/film.m3u8",
    "https://" + "a" * 500 + ".org/film.mp4",
]


@pytest.mark.parametrize(("link", "provider", "ref"), GOOD)
def test_a_good_link_is_understood(link: str, provider: str, ref: str) -> None:
    assert parse_source(link) == Source(provider, ref)


@pytest.mark.parametrize("link", BAD)
def test_any_other_link_is_refused(link: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_source(link)
    assert refused.value.fields == [("source", "bad_source")]


@pytest.mark.parametrize(("link", "provider", "ref"), GOOD)
def test_what_is_shown_again_names_the_same_source(link: str, provider: str, ref: str) -> None:
    assert parse_source(link_of(provider, ref)) == Source(provider, ref)


def test_plain_http_opens_this_machine_alone_and_only_in_development() -> None:
    film = "http://localhost:8000/media/film.m3u8"
    assert parse_source(film, local=True) == Source("hls", film)
    for other in (
        "http://10.0.0.1/film.m3u8",
        "http://localhost.evil.example/film.m3u8",
        "http://localhost/x",
    ):
        with pytest.raises(Invalid):
            parse_source(other, local=True)


@given(st.text(max_size=80) | st.from_regex(r"https://[a-z.@:/?=&'\"<>;]{0,60}", fullmatch=True))
def test_whatever_is_pasted_leads_to_a_safe_player_or_to_one_refusal(link: str) -> None:
    try:
        found = parse_source(link)
    except Invalid:
        return
    player = player_of(found.provider, found.ref)
    assert re.fullmatch(r"https://[a-z0-9.-]+(:\d+)?", player["origin"])
    assert not re.search(r"[\s\"'<>]", player.get("embed", player["ref"]))


@pytest.mark.parametrize(
    ("provider", "ref", "embed"),
    [
        (
            "youtube",
            "aqz-KE-bpKQ",
            "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?enablejsapi=1&rel=0&playsinline=1",
        ),
        ("vimeo", "76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("vimeo", "76979871/abcdef01", "https://player.vimeo.com/video/76979871?h=abcdef01&dnt=1"),
        ("vimeo", "event/12345/abcdef01", "https://vimeo.com/event/12345/embed/abcdef01?dnt=1"),
        (
            "peertube",
            f"framatube.org/{UUID}",
            f"https://framatube.org/videos/embed/{UUID}?api=1&p2p=0&warningTitle=0",
        ),
    ],
)
def test_the_player_of_a_third_party_is_built_by_us(provider: str, ref: str, embed: str) -> None:
    player = player_of(provider, ref)
    assert player["embed"] == embed
    address = urlsplit(embed)
    assert player["origin"] == f"{address.scheme}://{address.netloc}"


def test_our_own_player_needs_no_embed_and_no_source_no_player() -> None:
    film = "https://cdn.example.org/live.m3u8"
    assert player_of("hls", film) == {"provider": "hls", "ref": film, "origin": "https://cdn.example.org"}
    assert player_of(None, None) == {}
