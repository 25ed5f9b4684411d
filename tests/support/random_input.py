"""Hypothesis strategies for values that no page of ours sends: text, numbers, dates, JSON, whole forms.

Text may hold lone surrogates: they go out as bytes that are no UTF-8. `Known` stands for what exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st
from typing_extensions import override


@dataclass(frozen=True)
class Known:
    """The id, slug or handle of something in the world of the fuzz run, by its name there."""

    name: str


@dataclass(frozen=True)
class Body:
    """What is sent, and its content type. A `form` goes with a good CSRF token, `as_multipart` or not."""

    content_type: str = ""
    raw: bytes = b""
    form: tuple[tuple[str, "str | Known"], ...] | None = None
    as_multipart: bool = False

    @override
    def __repr__(self) -> str:
        sent = repr(self.raw if self.form is None else self.form)
        return f"Body({self.content_type!r}, {sent[:300]}{'…' * (len(sent) > 300)}, {self.as_multipart})"


class Many(tuple[tuple[str, "str | Known"], ...]):
    """One pair again and again, which says so instead of showing all of them."""

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        return f"Many(({self[0]!r},) * {len(self)})"


KNOWN = (
    "circle", "livestream", "recorded", "recording", "coffee", "introduction", "promise", "question", "poll",
    "option", "round", "own_round", "apart", "user", "handle", "request", "invitation", "break",
    "other_circle", "other_livestream", "other_recording", "other_coffee", "other_question", "other_poll",
    "other_user",
)  # fmt: skip
ODD_TEXTS = (
    "", " ", "\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\n", "\t", "\x1b[31m", "\x7f", "\x85", "\ud800",
    "\udfff",
    "\u202e", "\u200b", "\u2066x", "\ufeff", "\uffff", "\U0010ffff", "e" + "\u0301" * 40, "שלום",
    "\u0627\u064b" * 9,
    "👩‍👩‍👧‍👦", "ﷺ" * 50, "İ", "ß", "ǆ", "Ω" * 300, "x" * 300, "x" * 5000, "..", ".", "../../etc/passwd", "/",
    "//x.test",
    "\\\\x.test", "a/b", "%00", "%2e%2e%2f", "%", "%zz", "+", "&", ";", "=", "#", "?", "'", '"', "'; --",
    "<script>",
    "{{7*7}}", "${7*7}", "{0}", "%s", "%(name)s", "null", "None", "undefined", "true", "on", "[]", "{}",
    "a" * 26,
    "http://169.254.169.254/", "javascript:alert(1)", "data:,x", "mailto:a@b", "a@b", "a@b.test",
    '"a b"@x.test',
    "a@[::1]", "a@" + "b" * 300 + ".test", "http://[", "http://[::1", "https://x:99999/",
    "https://xn--\u00e9/",
    "https://a..b/", "https://" + "a" * 70 + ".test/",
)  # fmt: skip
NUMBERS = (
    "-1", "0", "-0", "1", "2", "32767", "32768", "2147483647", "2147483648", "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "9" * 400, "9" * 5000, "1e3", "1e999", "NaN", "inf",
    "-Infinity",
    "1.5", "0x10", "1_000", " 7 ", "٣", "²", "½", "1,5",
)  # fmt: skip
DATES = (
    "0000-00-00", "0000-01-01", "0001-01-01", "0001-01-01T00:00:00+14:00", "1000-01-01", "1969-12-31",
    "2026-02-29", "2026-02-30", "2026-13-01", "2026-03-29", "2026-10-25", "2026-03-29T02:30", "2038-01-19",
    "9999-12-31", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "10000-01-01", "-0001-01-01",
    "2026-W01-1",
    "20260101", "1735689600", "-62135596800", "253402300800", "1e11", "00:00", "02:30", "23:59", "23:59:60",
    "24:00",
    "25:61", "9:5", "2026-01-01T00:00:00.999999999Z", "2026-01-01T00:00:00+99:99", "2026-01-01T00:00:00[UTC]",
    "tomorrow", "P1D",
)  # fmt: skip
ZONES = (
    "UTC",
    "Europe/Amsterdam",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "../../etc/passwd",
    "Europe",
    "posix/UTC",
)
any_text = st.text(st.characters(), max_size=40)
odd_text = st.sampled_from((*ODD_TEXTS, *NUMBERS, *DATES, *ZONES)) | any_text
known = st.sampled_from(KNOWN).map(Known)
value = odd_text | known
numbers = st.sampled_from((0, -1, 1, 2**15, 2**31, 2**53, 2**63, -(2**63) - 1, 10**400, 1.5, -0.0, 1e308)) | (
    st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
scalars = st.none() | st.booleans() | numbers | value
json_value = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text | known.map(str), inner, max_size=4),
    max_leaves=12,
)


def nested(levels: int, shape: str = "[]") -> object:
    """`levels` of lists, or of objects, in each other."""
    inner: object = 1
    for _ in range(levels):
        inner = [inner] if shape == "[]" else {"a": inner}
    return inner


deep = st.builds(nested, st.sampled_from((30, 200, 900)), st.sampled_from(("[]", "{}")))
wide = st.sampled_from((1_000, 9_000)).map(lambda count: list(range(count)))
payload = json_value | deep | wide


def fields(names: Sequence[str]) -> st.SearchStrategy[tuple[tuple[str, str | Known], ...]]:
    """Pairs of a form or a query: names that are read and names that are not, some again and again."""
    odd_names = [spelling for one in names[:2] for spelling in (f"{one}[]", f"{one}[0][a]")]
    name = st.sampled_from((*names, *odd_names, "csrf_token")) | odd_text
    few = st.lists(st.tuples(name, value), max_size=6).map(tuple)
    many = st.tuples(name, value, st.sampled_from((30, 250, 11_000))).map(
        lambda one: Many((one[:2],) * one[2])
    )
    return few | few | few | few | few | many


def to_bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def percent(text: str) -> str:
    return quote_from_bytes(to_bytes(text), safe="")
