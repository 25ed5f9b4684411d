"""Video links: what is accepted, what is refused, and the player URLs built."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.core.errors import Invalid
from events.livestreams.rules.providers import Source
from events.livestreams.rules.sources import link_of, parse_source, player_of
from events.seed.livestreams import FILM

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
    # links as people share and copy them
    ("youtube.com/watch?v=aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("//www.youtube.com/embed/aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("http://www.youtube.com/watch?v=aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("HTTP://youtu.be/aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("www.youtu.be/aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://youtu.be/live/aqz-KE-bpKQ?si=abc", "youtube", "aqz-KE-bpKQ"),
    ("https://youtu.be/aqz-KE-bpKQ?t=1m30s&list=PL1234567890", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube.com/watch?v=aqz-KE-bpKQ&list=PL123&index=4&pp=iAQB", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube.com/watch?list=PL123&v=aqz-KE-bpKQ#t=90", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube.com/watch/aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://music.youtube.com/watch?v=aqz-KE-bpKQ&si=x_Y", "youtube", "aqz-KE-bpKQ"),
    ("https://m.youtube.com/live/aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://gaming.youtube.com/watch?v=aqz-KE-bpKQ", "youtube", "aqz-KE-bpKQ"),
    ("https://www.youtube.com/live_chat?v=aqz-KE-bpKQ&is_popout=1", "youtube", "aqz-KE-bpKQ"),
    (
        "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3Daqz-KE-bpKQ%26feature%3Dshare",
        "youtube",
        "aqz-KE-bpKQ",
    ),
    (
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Daqz-KE-bpKQ&usg=A",
        "youtube",
        "aqz-KE-bpKQ",
    ),
    (
        "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fyoutu.be%2Faqz-KE-bpKQ&data=05",
        "youtube",
        "aqz-KE-bpKQ",
    ),
    ("<https://youtu.be/aqz-KE-bpKQ>", "youtube", "aqz-KE-bpKQ"),
    ("(https://youtu.be/aqz-KE-bpKQ).", "youtube", "aqz-KE-bpKQ"),
    ("Kijk je mee? https://youtu.be/aqz-KE-bpKQ, vanaf acht uur!", "youtube", "aqz-KE-bpKQ"),
    ("Onze avond\r\nhttps://youtube.com/live/aqz-KE-bpKQ?feature=share\r\n", "youtube", "aqz-KE-bpKQ"),
    ("[de avond](https://youtu.be/aqz-KE-bpKQ)", "youtube", "aqz-KE-bpKQ"),
    ("[embed]https://youtu.be/aqz-KE-bpKQ[/embed]", "youtube", "aqz-KE-bpKQ"),
    ("https://vimeo.com/76979871?share=copy#t=30s", "vimeo", "76979871"),
    ("vimeo.com/76979871", "vimeo", "76979871"),
    ("http://vimeo.com/76979871/abcdef0123?fl=pl&fe=sh", "vimeo", "76979871/abcdef0123"),
    ("https://vimeo.com/showcase/7008490/video/76979871", "vimeo", "76979871"),
    ("https://vimeo.com/groups/Kring/videos/76979871", "vimeo", "76979871"),
    ("https://vimeo.com/event/12345/abcdef0123", "vimeo", "event/12345/abcdef0123"),
    ("https://vimeo.com/event/12345/embed/interaction", "vimeo", "event/12345"),
    (f"framatube.org/w/{SHORT}?start=1m2s", "peertube", f"framatube.org/{SHORT}"),
    (f"http://framatube.org/w/{SHORT}", "peertube", f"framatube.org/{SHORT}"),
    (f"https://framatube.org/w/{SHORT};threadId=12", "peertube", f"framatube.org/{SHORT}"),
    (f"tube.example.org:9443/w/{SHORT}", "peertube", f"tube.example.org:9443/{SHORT}"),
    ("http://cdn.example.org/film.mp4", "mp4", "https://cdn.example.org/film.mp4"),
    # the owner's pages at the provider
    ("https://studio.youtube.com/video/aqz-KE-bpKQ/livestreaming", "youtube", "aqz-KE-bpKQ"),
    ("https://studio.youtube.com/video/aqz-KE-bpKQ/edit?c=UC1", "youtube", "aqz-KE-bpKQ"),
    ("studio.youtube.com/video/aqz-KE-bpKQ/analytics/tab-overview/period-default", "youtube", "aqz-KE-bpKQ"),
    ("https://vimeo.com/manage/videos/76979871", "vimeo", "76979871"),
    ("https://vimeo.com/manage/videos/76979871/abcdef0123/privacy", "vimeo", "76979871/abcdef0123"),
    ("https://vimeo.com/manage/videos/76979871/settings/embed", "vimeo", "76979871"),
    ("https://vimeo.com/manage/events/12345/stream", "vimeo", "event/12345"),
    (f"https://framatube.org/videos/update/{UUID}", "peertube", f"framatube.org/{UUID}"),
    (f"https://framatube.org/videos/manage/{SHORT}/main", "peertube", f"framatube.org/{SHORT}"),
    # embed snippets
    (
        '<iframe width="560" height="315" src="https://www.youtube.com/embed/aqz-KE-bpKQ?si=Ab&amp;start=4"'
        ' title="Avond" allowfullscreen></iframe>',
        "youtube",
        "aqz-KE-bpKQ",
    ),
    (
        '<div style="padding:56% 0 0 0"><iframe src="//player.vimeo.com/video/76979871?h=abcdef0123&amp;b=0">'
        '</iframe></div>\n<script src="https://player.vimeo.com/api/player.js"></script>\n'
        '<p><a href="https://vimeo.com/1111111">Meer</a></p>',
        "vimeo",
        "76979871/abcdef0123",
    ),
    (
        f'<iframe src="https://tube.example.org/videos/embed/{UUID}"></iframe>',
        "peertube",
        f"tube.example.org/{UUID}",
    ),
    ('<blockquote cite="https://youtu.be/aqz-KE-bpKQ"><p>Mooi</p></blockquote>', "youtube", "aqz-KE-bpKQ"),
    ('<p>Zie <a href="https://vimeo.com/76979871">de film</a></p>', "vimeo", "76979871"),
    ('<lite-youtube videoid="aqz-KE-bpKQ"></lite-youtube>', "youtube", "aqz-KE-bpKQ"),
    (
        '<video controls><source src="https://cdn.example.org/a.m3u8"></video>',
        "hls",
        "https://cdn.example.org/a.m3u8",
    ),
]
BAD = [
    "",
    "youtube",
    "aqz-KE-bpKQ",
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
    "https://www.youtube.com/embed/videoseries?list=PL123",
    "https://studio.youtube.com/channel/UC123/livestreaming",
    "https://studio.youtube.com/playlist/aqz-KE-bpKQ/edit",
    "https://vimeo.com/manage/folders/76979871",
    "https://vimeo.com/manage/videos/search/76979871/../x",
    "https://www.google.com/url?q=javascript:alert(1)",
    "https://www.google.com/url?q=https%3A%2F%2Fevil.example%2Fx",
    "https://youtu.be/aqz-KE-bpKQ en https://youtu.be/bbb-KE-bpKQ",
    "mailto:youtube.com/watch?v=aqz-KE-bpKQ",
    "javascript://youtube.com/watch?v=aqz-KE-bpKQ",
    '<script src="https://www.youtube.com/embed/aqz-KE-bpKQ"></script>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe src="https://evil.example/embed/aqz-KE-bpKQ"></iframe><a href="https://youtu.be/aqz-KE-bpKQ">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "http://cdn.example.org:8080/film.mp4",
    "http://192.168.1.4/film.mp4",
    "<" * 3000,
    "x " * 3000,
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
    "http://localhost:8000/media/film.m3u8",
    "https://" + "a" * 500 + ".org/film.mp4",
]


@pytest.mark.parametrize(("link", "provider", "ref"), GOOD)
def test_valid_links_are_parsed(link: str, provider: str, ref: str) -> None:
    assert parse_source(link) == Source(provider, ref)


@pytest.mark.parametrize("link", BAD)
def test_other_links_are_refused(link: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_source(link)
    assert refused.value.fields == [("source", "bad_source")]


@pytest.mark.parametrize(("link", "provider", "ref"), GOOD)
def test_a_formatted_link_parses_to_the_same_source(link: str, provider: str, ref: str) -> None:
    assert parse_source(link_of(provider, ref)) == Source(provider, ref)


def test_plain_http_opens_this_machine_alone_and_only_in_development() -> None:
    film = "http://localhost:8000/media/film.m3u8"
    assert parse_source(film, local=True) == Source("hls", film)
    for other in (
        "http://10.0.0.1/film.m3u8",
        "http://localhost/x",
    ):
        with pytest.raises(Invalid):
            parse_source(other, local=True)
    elsewhere = parse_source("http://localhost.evil.example/film.m3u8", local=True)
    assert elsewhere.ref == "https://localhost.evil.example/film.m3u8"


@given(st.text(max_size=80) | st.from_regex(r"https://[a-z.@:/?=&'\"<>;]{0,60}", fullmatch=True))
def test_any_pasted_text_gives_a_safe_player_or_a_refusal(link: str) -> None:
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
def test_third_party_player_urls_are_built_from_parts(provider: str, ref: str, embed: str) -> None:
    player = player_of(provider, ref)
    assert player["embed"] == embed
    address = urlsplit(embed)
    assert player["origin"] == f"{address.scheme}://{address.netloc}"


def test_our_own_player_needs_no_embed_and_no_source_no_player() -> None:
    film = "https://cdn.example.org/live.m3u8"
    assert player_of("hls", film) == {"provider": "hls", "ref": film, "origin": "https://cdn.example.org"}
    assert player_of(None, None) == {}


def test_an_evening_of_the_demo_keeps_its_film_when_it_is_edited_and_only_there() -> None:
    assert parse_source(link_of("hls", FILM), local=True) == Source("hls", FILM)
    for link, local in ((FILM, False), ("/static/../secret.m3u8", True), ("/media/film.m3u8", True)):
        with pytest.raises(Invalid):
            parse_source(link, local=local)
