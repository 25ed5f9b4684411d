"""Cost of hostile text: work grows linearly or the text is refused first.

Work is compared with that of half as much text, or of ordinary text of the same length, in the same
run.
"""

import time
import unicodedata
from collections.abc import Callable

import pytest
from flask import Flask

from events.circles.forms.importing import read_people
from events.core.errors import Invalid
from events.core.text import markup, unicode_cleaning
from events.core.text.unicode_cleaning import MAX_NON_STARTERS, Deceives, clean, compose
from events.core.web.request_body import MAX_FIELDS
from events.livestreams.rules.pasted_links import MAX_PASTE_LENGTH, find_links
from events.replies.rules.trimming import trim
from tests.support.cast import Cast
from tests.support.types import OpenPage

MARKS = "\u0316\u0300"  # in this order each has to be moved past all before it


def seconds(work: Callable[[], object]) -> float:
    """The least of three times: the machine may be busy with other things."""
    return min(_once(work) for _ in range(3))


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def refuses(value: str) -> None:
    with pytest.raises(Deceives):
        clean(value)


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the normalisation that sorts."""
    handed: list[str] = []

    class Watched:
        combining = staticmethod(unicodedata.combining)
        category = staticmethod(unicodedata.category)

        @staticmethod
        def normalize(_form: str, value: str) -> str:
            handed.append(value)
            return value

    monkeypatch.setattr(unicode_cleaning, "unicodedata", Watched)
    return handed


@pytest.mark.parametrize("before", ["a", "a\n\n☕"])
def test_marks_without_end_are_refused_before_they_are_sorted(before: str, normalised: list[str]) -> None:
    refuses(before + MARKS * 40_000)
    assert normalised == []


def test_what_people_type_is_not_taken_for_marks_without_end() -> None:
    hebrew, tibetan, hindi = "בְּרֵאשִׁ֖ית " * 50, "སྒྲུབ་བརྒྱུད་ " * 50, "नमस्ते " * 50
    assert clean(hebrew + tibetan + hindi + "e\u0301" * 500) is not None
    refuses("a" + "\u0300" * (MAX_NON_STARTERS + 1))


def test_a_mail_of_marks_loses_what_no_letter_carries(normalised: list[str]) -> None:
    mail = "Tot morgen" + MARKS * 40_000 + "!\n" + "é" * 40 + MARKS * 20 + "?"
    compose(mail)
    assert [len(one) for one in normalised] == [10 + MAX_NON_STARTERS + 2 + 40 + MAX_NON_STARTERS + 1]
    normalised.clear()
    trim(mail)
    assert all(len(one) < 200 for one in normalised)
    assert normalised


def test_a_text_is_rendered_once_for_all_readers() -> None:
    hard = "[" * 8000
    first = markup.markdown(hard)
    assert markup.markdown(hard) is first


def test_a_snippet_of_unclosed_tags_costs_no_more_than_other_text() -> None:
    other = seconds(lambda: find_links("koffie " * (MAX_PASTE_LENGTH // 7)))
    assert seconds(lambda: find_links("<a " * (MAX_PASTE_LENGTH // 3))) < 10 * other + 0.005
    assert find_links("<p>" * 20 + '<iframe src="https://vimeo.com/123456"></iframe>')


def test_a_list_of_lines_without_end_is_refused_before_it_is_taken_apart() -> None:
    right = "\n".join(f"p{number}@example.test" for number in range(500))
    assert len(read_people(right)) == 500
    assert len(read_people(right.replace("\n", "\n\n\n"))) == 500
    with pytest.raises(Invalid) as refused:
        read_people("a,b\n" * 12_000)
    assert refused.value.fields == [("people", "too_many_people")]


@pytest.mark.parametrize(("fields", "status"), [(MAX_FIELDS - 1, 422), (MAX_FIELDS + 1, 413)])
def test_fields_without_end_are_counted_before_they_are_taken_apart(
    app: Flask, page: OpenPage, cast: Cast, fields: int, status: int
) -> None:
    bram = page(cast.bram)
    body = f"csrf_token={bram.csrf_token()}{'&a' * fields}"
    answer = bram._free_context(
        lambda: bram.client.post("/me", data=body, content_type="application/x-www-form-urlencoded")
    )
    assert answer.status_code == status
