"""Text output: slugs, Markdown, links and mail headers cannot be abused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from events.core.text.markup import header_line, linked, markdown, plain_text, slugify
from events.core.web.request import safe_path


def test_a_slug_is_readable_and_unguessable() -> None:
    assert re.fullmatch(
        r"offertes-die-een-ja-krijgen-[a-z2-9]{5}",
        slugify("Offertes, die één ja krijgen!"),
    )
    assert slugify("Café ☕") != slugify("Café ☕")
    assert re.fullmatch(r"ontmoet-[a-z2-9]{5}", slugify("☕☕"))


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", '<img src=x onerror="alert(1)">',
        "[x](data:text/html,x)", "![x](https://tracker.example/p.png)", "<svg onload=alert(1)>",
    ],
)  # fmt: skip
def test_markdown_carries_nothing_that_runs(source: str) -> None:
    html = str(markdown(source))
    assert not re.search(r"<(script|img|svg)|href=\"(javascript|data)", html)


def test_markdown_keeps_what_people_write() -> None:
    assert str(markdown("**ja** en [hier](https://example.test/a)")) == (
        "<p><strong>ja</strong> en "
        '<a href="https://example.test/a" rel="noopener nofollow ugc">hier</a></p>\n'
    )


def test_links_in_a_line_become_links_and_the_rest_is_escaped() -> None:
    html = str(linked('<b> zie https://example.test/a?b=1&c="2" en https://example.test.'))
    assert html.startswith('&lt;b&gt; zie <a href="https://example.test/a?b=1&amp;c="')
    assert html.endswith('target="_blank">https://example.test</a>.')


WIKI = "https://nl.wikipedia.org/wiki/Koffie_(drank)"


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (WIKI, WIKI),
        (f"Lees {WIKI}.", WIKI),
        (f"(zie {WIKI})", WIKI),
        (f"(zie {WIKI}).", WIKI),
        (f"({WIKI}, echt)", WIKI),
        (f"{WIKI}#geschiedenis_(kort)!", f"{WIKI}#geschiedenis_(kort)"),
        ("[https://example.test/a]", "https://example.test/a"),
        ("https://example.test/?ids[]=1&b=[2]", "https://example.test/?ids[]=1&b=[2]"),
        ("https://example.test/a...", "https://example.test/a"),
        ("'https://example.test/a'", "https://example.test/a"),
        ("\u201chttps://example.test/a\u201d", "https://example.test/a"),
        ("*https://example.test/a*", "https://example.test/a"),
        ("https://example.test/", "https://example.test/"),
        ("HTTPS://Example.test/A", "HTTPS://Example.test/A"),
        ("https://example.test/it's", "https://example.test/it's"),
        ("\u2068https://example.test/a\u2069", "https://example.test/a"),
    ],
)
def test_a_link_keeps_its_brackets_and_leaves_the_signs_of_the_sentence(line: str, link: str) -> None:
    html = str(linked(line))
    assert re.findall(r'href="([^"]*)"', html.replace("&amp;", "&").replace("&#39;", "'")) == [link]
    assert re.sub(r"<[^>]*>", "", html) == str(escape(line))


@given(st.text(alphabet="htps:/.()[]{}ab!?'_ &<>\"\u2069", max_size=60))
def test_a_line_with_links_says_the_same_words(line: str) -> None:
    html = str(linked(f"https://{line}"))
    assert re.sub(r"<[^>]*>", "", html) == str(escape(f"https://{line}"))


@pytest.mark.parametrize(
    "name", ['a" <evil@x>, "b', "Bram\r\nBcc: evil@x", "=?utf-8?q?Hi=0A=0Ahttp=3A//phish?=", "x\u2028y\u202e"]
)
def test_a_name_stays_inside_its_header(name: str) -> None:
    assert not re.search(r"[\r\n\u2028\u202e]", header_line(name))


@pytest.mark.parametrize(
    "words",
    [
        'Opdrachten <1000 euro: "doen"',
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u0645\u06cc\u200c\u062e",
    ],
)
def test_a_header_keeps_the_words_as_they_were_typed(words: str) -> None:
    assert header_line(words) == words


@pytest.mark.parametrize(
    "path",
    ["//e", "/\\e", "\\\\e", "///e", "https:e", "http://good@e", "/a\r\nLocation: x", "", None, "/\te"],
)
def test_a_path_from_outside_never_leads_elsewhere(path: str | None) -> None:
    assert safe_path(path) == "/"


def test_a_path_of_ours_is_kept() -> None:
    assert safe_path("/livestreams/demo?tab=chat") == "/livestreams/demo?tab=chat"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<div dir="ltr">Ja, graag!<div><br></div><div>Tot dinsdag,<br>Bram</div></div>'
            '<div class="gmail_quote"><blockquote>Wil je koffie?</blockquote></div>',
            "Ja, graag!\n\nTot dinsdag,\nBram",
        ),
        (
            "<html><head><style>p.MsoNormal{margin:0cm}</style><title>x</title></head><body>"
            "<p class=MsoNormal>Prima<o:p></o:p></p><p class=MsoNormal>Groet,<br>Chris</p></body></html>",
            "Prima\n\nGroet,\nChris",
        ),
        ("<p>on<b>mogelijk</b> <i>is</i>\n niet</p>", "onmogelijk is niet"),
        ("<table><tr><td>Dinsdag</td><td>10:00</td></tr></table>", "Dinsdag 10:00"),
        ("<pre>regel een\nregel twee</pre>en meer", "regel een\nregel twee\nen meer"),
        ("<h5>Plan</h5>Ja<h6>Einde</h6>", "Plan\nJa\nEinde"),
        ("<section>Een</section><section>Twee</section>", "Een\n\nTwee"),
        ("<dl><dt>Tijd</dt><dd>tien uur</dd></dl>", "Tijd\n\ntien uur"),
        (
            "Ik neem mee:<ul><li>plan</li><li>cijfers</li></ul>Tot dan",
            "Ik neem mee:\nplan\n\ncijfers\nTot dan",
        ),
        ("<p>Caf&eacute; &lt;De Unie&gt; &#8211; 3 &euro;</p>", "Café <De Unie> – 3 €"),
        ("<!--[if mso]><p>alleen Word</p><![endif]--><p>Ja</p>", "Ja"),
        ("<p>Ja<p>Nee<div>Misschien", "Ja\nNee\nMisschien"),
        ("</pre></pre><p>een\ntwee", "een twee"),
    ],
)
def test_html_of_a_mail_becomes_lines_of_text(html: str, text: str) -> None:
    assert plain_text(html) == text
