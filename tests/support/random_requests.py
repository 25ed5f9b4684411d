"""Hypothesis strategies for requests that no browser sends: queries, headers and bodies."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.support.random_input import Body, fields

RESERVED = (
    "next", "then", "page", "q", "sent", "tab", "topic", "columns", "livestream", "at", "after", "before",
    "_external", "_method", "_scheme", "_anchor", "endpoint", "__proto__", "slug", "csrf_token", "lang",
)  # fmt: skip
raw_query = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=40) | st.sampled_from(
    (
        "%",
        "%ff%fe=%c3%28",
        "a=b=c&&&=;",
        "?" * 50,
        "page=1&page=2",
        "page=%00",
        "q=%ed%a0%80",
        "&" * 3000,
        "a" * 9000,
    )
)
pair_query = fields(RESERVED)
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
HEADERS: dict[str, tuple[str, ...]] = {
    "Accept": (
        "application/json", "*/*;q=", "text/html;q=2", "text/html;q=nan", ",,,;q=,",
        "application/json;q=1e999", "a/b/c",
        ";", "*", "text/*;level=\"",
    ),
    "Accept-Language": (
        "en", "nl-NL,nl;q=0.9", "x" * 3000, "en;q=abc", "*", "zh-Hant-TW", "-", "nl_NL", "en-\xff", ",;",
    ),
    "Accept-Encoding": ("gzip;q=nan", "*;q=0", "br, , gzip", "identity;q=0"),
    "Range": (
        "bytes=0-0", "bytes=-1", "bytes=9999999999-", "bytes=1-0", "bytes=a-b", "lines=1-", "bytes=0-1,3-4,",
        "=",
    ),
    "If-Range": ('"x"', "Mon, 30 Nov 2026 09:00:00 GMT", 'W/"'),
    "If-None-Match": ("*", '"x"', 'W/"x', ",,", "\xff"),
    "If-Match": ("*", '"x"', ","),
    "If-Modified-Since": (
        "Mon, 30 Nov 2026 09:00:00 GMT", "Mon, 00 Foo 0000 99:99:99 GMT", "0", "9" * 400,
        "Mon, 01 Jan 0001 00:00:00 GMT",
    ),
    "If-Unmodified-Since": ("Fri, 31 Dec 9999 23:59:59 GMT", "-1", "x"),
    "Host": (
        "localhost", "localhost:", "localhost:99999", "[::1]", "[::1", "127.0.0.1:80", "x.test",
        "localhost:a", "", "\xff",
    ),
    "Origin": ("null", "http://x.test", "http://[", "\xff"),
    "Referer": ("http://localhost:8000/", "http://x.test/", "http://[::1", "//", "\xff"),
    "X-HTTP-Method-Override": ("DELETE", "POST", "\xff"),
    "X-Forwarded-For": ("127.0.0.1", "x", "[", "1.2.3.4, 127.0.0.1"),
    "X-Forwarded-Host": ("x.test", "localhost", "["),
    "X-Forwarded-Proto": ("https", "javascript"),
    "Forwarded": ("for=127.0.0.1", 'for="[', "for=" + "x" * 300),
    "X-CSRFToken": ("", "x", "a.b.c", "\xff", "." * 50),
    "X-Requested-With": ("XMLHttpRequest",),
    "Authorization": ("Basic ", "Basic !!", "Basic \xff", "Bearer x", "Digest a=\"", "x"),
    "Content-Encoding": ("gzip", "deflate", "x"),
    "Expect": ("100-continue", "x"),
    "Transfer-Encoding": ("chunked",),
    "Cookie": (
        "ontmoet=x", "ontmoet=.eJw.x.y", "=", ";;;=;", "a" * 5000, "ontmoet=\xff", 'ontmoet="',
        "ontmoet=eyJ9.x.y",
        "theme=\xff; locale=x", "locale=xx-\xff",
    ),
    "Sec-Fetch-Site": ("cross-site", "x"),
    "Purpose": ("prefetch",),
    "Upgrade": ("websocket",),
    "User-Agent": ("", "x" * 5000, "\xff\xfe", "Mozilla/5.0 (Windows NT 10.0)"),
}  # fmt: skip
headers = st.dictionaries(st.sampled_from(sorted(HEADERS)), st.none() | header_text, max_size=3).flatmap(
    lambda drawn: st.fixed_dictionaries(
        {
            name: st.sampled_from(HEADERS[name]) if given is None else st.just(given)
            for name, given in drawn.items()
        }
    )
)
CONTENT_TYPES = (
    "", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x", 'multipart/form-data; boundary="x',
    "text/plain",
    "multipart/form-data; boundary=" + "x" * 300, "multipart/mixed; boundary=x", "application/json", "\xff",
    "application/json; charset=utf-7", "application/json; charset=nothing", "text/xml", "a/b; charset=\xff",
    "/", ";",
)  # fmt: skip
BROKEN_PARTS = (
    b"", b"--x", b"--x--", b"--x\r\n", b"--x\r\n\r\n", b"--x\r\n\r\n--x--",
    b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\nx',
    b"--x\r\nContent-Disposition: form-data; name*=utf-8''%ff%fe\r\n\r\na\r\n--x--\r\n",
    b"--x\r\nContent-Disposition: form-data; name*=nothing''%ff; filename*=x''y\r\n\r\na\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="\xff\xfe"; filename="\x00/../a"\r\n'
    b"Content-Type: \xff\r\n\r\na\r\n--x--\r\n",
    b"--x\r\nContent-Disposition: form-data; name=a\r\n"
    b"Content-Type: text/plain; charset=nothing\r\n\r\n\xff\r\n--x--\r\n",
    b"--x\r\nContent-Disposition: form-data; name=a\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n",
    b"--x\r\n" + b"A: b\r\n" * 3000 + b"\r\na\r\n--x--\r\n",
    b"--x\r\nA: " + b"b" * 70_000 + b"\r\n\r\na\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n' * 300 + b"--x--\r\n",
    b"--x\nContent-Disposition: form-data; name=a\n\na\n--x--\n", b"\x00" * 200, b"\r\n" * 500,
)  # fmt: skip
JSON = (
    b"", b"{", b"null", b"[]", b"1", b'"x"', b"NaN", b'{"a":1e999}', b"[" * 50_000, b'{"a":' * 20_000,
    b"9" * 5000, b"\xff\xfe{\x00}\x00",
    b'{"a":"\\ud800"}', b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b'{"a":"' + b"x" * 250_000 + b'"}',
)  # fmt: skip


def bodies(names: Sequence[str]) -> st.SearchStrategy[Body]:
    as_form = st.builds(Body, form=fields(names), as_multipart=st.booleans())
    broken = st.sampled_from(BROKEN_PARTS) | st.binary(max_size=80)
    as_parts = st.builds(Body, st.just("multipart/form-data; boundary=x"), broken)
    as_json = st.builds(Body, st.just("application/json"), st.sampled_from(JSON))
    mismatched = st.builds(Body, st.sampled_from(CONTENT_TYPES), broken | st.sampled_from(JSON))
    return as_form | as_form | as_form | as_parts | as_json | mismatched
