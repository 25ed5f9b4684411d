"""Bidirectional text: right-to-left words are isolated on pages, and forms get back what was typed."""

import pytest
from flask import Flask, render_template_string

from events.accounts.models import User
from events.core.db.session import unit_of_work
from events.core.text.bidi import isolated
from tests.support.cast import Cast
from tests.support.types import OpenPage

DAVID = "\u05d3\u05d5\u05d3 (3)"
FIRST, POP = "\u2068", "\u2069"


@pytest.mark.parametrize("text", ["Bram", "José Núñez 3", "\u4e2d\u6587", "", "\U0001f468\u200d\U0001f469"])
def test_words_from_left_to_right_stay_as_they_are(text: str) -> None:
    assert isolated(text) == text


def test_each_line_is_isolated_by_itself() -> None:
    assert (
        isolated(f"{DAVID}\n12 uur\n\u0645\u0631") == f"{FIRST}{DAVID}{POP}\n12 uur\n{FIRST}\u0645\u0631{POP}"
    )


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ name }} 12", f"{FIRST}{DAVID}{POP} 12"),
        ("{{ _('%(name)s at %(hour)s', name=name, hour='12:00') }}", f"{FIRST}{DAVID}{POP} at 12:00"),
        (
            "{{ ngettext('%(num)s by %(name)s', '%(num)s of %(name)s', 2, name=name) }}",
            f"2 of {FIRST}{DAVID}{POP}",
        ),
        ("{{ pgettext('x', '%(name)s!', name=name) }}", f"{FIRST}{DAVID}{POP}!"),
        ("{{ name|e }}", DAVID),
    ],
)
def test_a_template_isolates_what_it_writes(app: Flask, source: str, shown: str) -> None:
    with app.test_request_context():
        assert render_template_string(source, name=DAVID) == shown


def test_a_name_beside_numbers_is_isolated_on_a_page(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.dana.id).name = DAVID
    text = page(cast.bram).get(f"/circles/{cast.circle.slug}/members").text
    assert text.count(DAVID) == text.count(f"{FIRST}{DAVID}{POP}") > 0


def test_a_form_shows_again_exactly_what_was_typed(page: OpenPage, cast: Cast) -> None:
    answer = page(cast.anna).post("/circles/new", name=DAVID, kind="?" * 500)
    assert FIRST not in answer.text.partition('name="name"')[2][:300]
    assert f'value="{DAVID}"' in answer.text
