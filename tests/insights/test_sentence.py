"""The sentence for the board: right for one, for more and for none, in both languages."""

import pytest
from flask import Flask, get_template_attribute
from flask_babel import force_locale

TABLE = [
    # phase, came, said yes, conversations, worth it
    (("over", 25, 14, 10, 9),
     "25 keken live, 14 zeiden ja tegen een koffie, 10 gesprekken, 9 vonden het de moeite waard",
     "25 watched live, 14 said yes to a coffee, 10 conversations, 9 found it worth it"),
    (("over", 1, 1, 1, 1),
     "1 keek live, 1 zei ja tegen een koffie, 1 gesprek, 1 vond het de moeite waard",
     "1 watched live, 1 said yes to a coffee, 1 conversation, 1 found it worth it"),
    (("over", 0, 0, 0, None),
     "niemand keek live, niemand zei ja tegen een koffie",
     "nobody watched live, nobody said yes to a coffee"),
    (("over", 12, 4, 0, None),
     "12 keken live, 4 zeiden ja tegen een koffie, nog geen gesprek",
     "12 watched live, 4 said yes to a coffee, no conversation yet"),
    (("over", 12, 0, 3, None), "12 keken live, 3 gesprekken", "12 watched live, 3 conversations"),
    (("over", 12, 5, 2, 0),
     "12 keken live, 5 zeiden ja tegen een koffie, 2 gesprekken, niemand vond het de moeite waard",
     "12 watched live, 5 said yes to a coffee, 2 conversations, nobody found it worth it"),
    (("elsewhere", None, 2, 1, None),
     "elders gehouden, 2 zeiden ja tegen een koffie, 1 gesprek",
     "held elsewhere, 2 said yes to a coffee, 1 conversation"),
    (("cancelled", None, 0, 0, None),
     "ging niet door, niemand zei ja tegen een koffie",
     "called off, nobody said yes to a coffee"),
    (("missed", None, 3, 2, None),
     "niet gehouden, 3 zeiden ja tegen een koffie, 2 gesprekken",
     "not held, 3 said yes to a coffee, 2 conversations"),
]  # fmt: skip


@pytest.mark.parametrize(("counts", "nl", "en"), TABLE)
def test_the_sentence_counts_and_declines(
    app: Flask, dutch: None, counts: tuple[object, ...], nl: str, en: str
) -> None:
    with app.test_request_context():
        for locale, sentence in (("nl", nl), ("en", en)):
            with force_locale(locale):
                assert get_template_attribute("insights/_sentence.html", "counts")(*counts) == sentence
