"""Property-based fuzz run over every form: each field right, wild, missing, twice, as a list or as a file."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.architecture.test_fuzz_pages import PAGES, usual_path
from tests.support.form_cases import SHEETS, FormCase
from tests.support.fuzzing import ACTORS, Ask, budget, fuzz_world
from tests.support.random_input import DATES, NUMBERS, Body, Known, odd_text, value

Pairs = tuple[tuple[str, str | Known], ...]
POSTED = sorted(set(SHEETS) & set(PAGES))


def one_field(sheet: FormCase, name: str) -> st.SearchStrategy[Pairs]:
    """This field as it is sent: mostly right, often something else of its kind, or not there at all."""
    right = sheet.right.get(name)
    rightly = [right] if isinstance(right, str) else right or []
    kind = str(sheet.form.model_fields[name].annotation)
    of_its_kind = st.sampled_from(DATES) if "date" in kind or "time" in kind else odd_text
    if "int" in kind or "float" in kind:
        of_its_kind = st.sampled_from(NUMBERS)
    given_rightly = st.just(tuple((name, one) for one in rightly))
    wild = (of_its_kind | value).map(lambda text: ((name, text),))
    several = st.lists(value, min_size=2, max_size=5).map(lambda texts: tuple((name, text) for text in texts))
    strange = st.sampled_from((f"{name}[]", f"{name}.x", name.upper(), f" {name}")).map(
        lambda odd: ((odd, "x"),)
    )
    return given_rightly | given_rightly | given_rightly | wild | wild | several | strange


def sendings(sheet: FormCase) -> st.SearchStrategy[Body]:
    drawn = st.tuples(*(one_field(sheet, name) for name in sheet.form.model_fields))
    pairs = drawn.map(lambda fields: tuple(pair for given in fields for pair in given))
    return st.builds(Body, form=pairs, as_multipart=st.booleans())


@pytest.mark.parametrize("endpoint", POSTED)
def test_no_form_is_too_odd(app: Flask, endpoint: str) -> None:
    """Done or refused; and whatever was stored, the pages after it can show."""
    world, sheet = fuzz_world(app), SHEETS[endpoint]
    usually = "owner" if sheet.actor == "organiser" else sheet.actor
    actors = st.sampled_from((usually, usually, usually, *sorted(ACTORS)))
    path = usual_path(endpoint)

    @budget(4)
    @given(actors, sendings(sheet))
    def never_fails(actor: str, body: Body) -> None:
        with world.example():
            world.try_out(actor, Ask("POST", path, body=body))

    never_fails()
