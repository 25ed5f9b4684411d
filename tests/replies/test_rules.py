"""Trimming of quoted mail from replies."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.replies.rules.limits import MAX_FORWARDED_LENGTH, cut
from events.replies.rules.stamps import stamp
from events.replies.rules.trimming import conceal, trim
from tests.factories.quoted import cases

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
ANSWER = "Dag Dana,\n\nDinsdag om tien uur past me beter.\n\nBram"
SECRET = "a" * 26 + "B" * 32


@pytest.mark.parametrize(
    "rest",
    [
        "\n\nOp wo 25 nov 2026 om 09:12 schreef Ontmoet <koffie@ontmoet.test>:\n> Koffie met Dana?\n> Ja",
        "\n\nOp woensdag 25 november 2026 09:12:01 CET\nschreef Ontmoet <koffie@ontmoet.test>:\n\n> Koffie",
        "\n\nOn Wed, Nov 25, 2026 at 9:12 AM Ontmoet <koffie@ontmoet.test> wrote:\n\nCoffee with Dana?",
        "\n\nOn Wed, Nov 25, 2026 at 9:12 AM Ontmoet\n<koffie@ontmoet.test> wrote:\n> Coffee",
        "\n\nAm Mi., 25. Nov. 2026 um 09:12 Uhr schrieb Ontmoet <koffie@ontmoet.test>:\n> Kaffee",
        "\n\n-----Oorspronkelijk bericht-----\nVan: Ontmoet\nVerzonden: woensdag\n\nKoffie met Dana?",
        "\n\n________________________________\nVan: Ontmoet <koffie@ontmoet.test>\nVerzonden: wo\nAan: Bram",
        "\n\nFrom: Ontmoet <koffie@ontmoet.test>\nSent: Wednesday\nTo: Bram\nSubject: Coffee\n\nCoffee?",
        "\n\n*Van:* Ontmoet <koffie@ontmoet.test>\n*Verzonden:* woensdag 25 november\n\nKoffie?",
        "\n-- \nBram de Vries\nDe Vries Bouw\n06 12345678",
        "\n\nVerzonden vanaf mijn iPhone",
        "\n\nSent from my iPhone\n\nOn Wed, Nov 25, 2026 at 9:12 AM Ontmoet wrote:\n> Coffee",
        "\r\n\r\n> Koffie met Dana?\r\n> Ja, graag",
    ],
)
def test_what_is_quoted_and_signed_goes(rest: str) -> None:
    assert trim(ANSWER + rest) == ANSWER


def test_answers_between_quoted_lines_stay() -> None:
    mail = (
        "Op wo 25 nov 2026 schreef Ontmoet:\n> Past dinsdag?\nJa, dinsdag past.\n> Online?\nLiever bellen.\n"
    )
    assert trim(mail) == "Ja, dinsdag past.\nLiever bellen."


@pytest.mark.parametrize(
    "words",
    [
        "Op dinsdag kan ik niet.",
        "Van mij mag het: gewoon bellen.",
        "Van: Utrecht naar Zwolle is te ver.\nZullen we bellen?",
        "On Monday I can.\nYou?",
        "Dat - zoals je schreef - past prima.",
    ],
)
def test_ordinary_sentences_are_no_quotes(words: str) -> None:
    assert trim(words) == words


def test_links_that_let_someone_in_do_not_go_on() -> None:
    for path in ("k", "unsubscribe", "feeds"):
        concealed = conceal(
            f"zie https://ontmoet.example/{path}/{SECRET}?then=check en https://bram.example/k/"
        )
        assert SECRET not in concealed
        assert "https://bram.example/k/" in concealed


@given(st.text(max_size=400))
def test_any_text_can_be_trimmed_and_nothing_is_added(text: str) -> None:
    once = trim(text)
    assert "\x00" not in once
    assert trim(once) == trim(trim(once))
    assert len(cut(once * 100)) <= MAX_FORWARDED_LENGTH


@pytest.mark.parametrize(("mail", "written"), [one[1:] for one in cases()], ids=[one[0] for one in cases()])
def test_the_answer_is_found_in_what_programs_send(mail: str, written: str) -> None:
    assert trim(mail) == written


@given(st.lists(st.sampled_from([line for one in cases() for line in one[1].split("\n")]), max_size=30))
def test_a_line_of_ones_own_is_never_lost_above_a_quote(lines: list[str]) -> None:
    """Whatever stands below: what was written first, in words that no program writes, stays."""
    assert trim("\n".join(["Zeker weten, tot gauw", *lines])).startswith("Zeker weten, tot gauw")


@pytest.mark.parametrize(
    "written", ["", "gisteren", "0001-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00", "2026-11-30"]
)
def test_a_placeholder_counts_as_the_time_of_arrival(written: str) -> None:
    assert stamp(written, NOW) == NOW.isoformat()


def test_a_stamp_counts_to_a_few_minutes_from_now() -> None:
    assert stamp("9999-12-31T23:59:59+00:00", NOW) == (NOW + timedelta(minutes=5)).isoformat()
    assert stamp("2026-11-30T09:00:00+00:00", NOW) == "2026-11-30T09:00:00+00:00"
